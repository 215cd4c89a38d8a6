"""What all addresses of the API have in common: bodies, lists, keys, versions, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from portal.accounts.enums import Role
from portal.accounts.models import FormKey
from portal.common.errors import GateError, IllegalStateError, InvalidInputError, Reason, StaleObjectError
from portal.common.problems import answer_to
from projects.models import Project
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.programs import Program
from tests.factories.projects import ProjectFactory

if TYPE_CHECKING:
    from portal.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def pm() -> User:
    return UserFactory(roles=[Role.PM], site=SiteFactory())


def codes(answer: Any) -> tuple[int, dict[str, list[str]]]:
    """Status, and the codes by field."""
    errors = answer.json()["errors"]
    return answer.status_code, {name: [one["code"] for one in found] for name, found in errors.items()}


# ── bodies ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "broken_json"),
        ("{", "broken_json"),
        ('{"title": NaN}', "broken_json"),
        ('{"title": Infinity}', "broken_json"),
        ('{"title": "a", "title": "b"}', "broken_json"),
        ('{"title": "\\ud800"}', "broken_json"),
        (b"\xef\xbb\xbf{}", "broken_json"),
        (b'{"title": "caf\xe9"}', "broken_json"),
        ("[" * 100_000, "broken_json"),
        ("null", "not_an_object"),
        ("[]", "not_an_object"),
        ('"title"', "not_an_object"),
        ("1e400", "not_an_object"),
    ],
)
def test_what_is_no_object_of_json_is_refused(pm: User, body: str | bytes, code: str) -> None:
    answer = Program(pm).post("/projects", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"title": ["required"]}),
        ({"title": None}, {"title": ["type"]}),
        ({"title": 7}, {"title": ["type"]}),
        ({"title": ["a"]}, {"title": ["type"]}),
        ({"title": "a\x00b"}, {"title": ["unseen", "null_characters_not_allowed"]}),
        ({"title": "x" * 121}, {"title": ["max_length"]}),
        ({"title": "a", "template": "nothing"}, {"template": ["invalid_choice"]}),
        ({"title": "a", "owner": 1, "version": 3}, {"owner": ["unknown"], "version": ["unknown"]}),
        ({"title": "a", "ti\x00tle": "b"}, {"ti\x00tle": ["unknown"]}),
    ],
)
def test_what_the_form_refuses_is_said_by_field(pm: User, body: Any, errors: Any) -> None:
    assert codes(Program(pm).post("/projects", body)) == (400, errors)
    assert not Project.objects.exists()


def test_another_kind_of_body_is_not_read(pm: User) -> None:
    program = Program(pm)

    answer = program.client.post("/api/v1/projects", {"title": "Bags"})

    assert (answer.status_code, answer.json()["code"]) == (415, "wrong_type")


def test_a_body_that_is_too_large_is_not_read(pm: User) -> None:
    answer = Program(pm).post("/projects", {"title": "x" * 3_000_000})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


# ── lists ───────────────────────────────────────────────────────────────


def test_a_list_is_read_page_by_page_and_each_row_once(pm: User) -> None:
    made = [ProjectFactory(owner=pm, title=f"Bags {n}").pk for n in range(5)]
    program, seen, path = Program(pm), [], "/projects?page_size=2"

    answer = program.get(path).json()
    while True:
        seen += [row["id"] for row in answer["items"]]
        if answer["next"] is None:
            break
        ProjectFactory(owner=pm, title="Newer")  # what comes in meanwhile moves nothing
        answer = program.get(f"{path}&cursor={answer['next']}").json()

    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("page_size=0", {"page_size": ["invalid"]}),
        ("page_size=201", {"page_size": ["invalid"]}),
        ("page_size=1000000000", {"page_size": ["invalid"]}),
        ("page_size=abc", {"page_size": ["invalid"]}),
        ("page=1", {"page": ["unknown"]}),
        ("after=1~2", {"after": ["unknown"]}),
        ("owner__email__startswith=a", {"owner__email__startswith": ["unknown"]}),
        ("ordering=owner__password", {"ordering": ["unknown"]}),
        ("sort=owner__password", {"sort": ["invalid"]}),
        ("cursor=abc", {"cursor": ["invalid"]}),
        ("cursor=%C3%A9", {"cursor": ["invalid"]}),
        ("product=9999999999999999999999", {"product": ["invalid_choice"]}),
        ("stage=unheard", {"stage": ["invalid_choice"]}),
    ],
)
def test_a_list_refuses_what_it_does_not_understand(pm: User, query: str, errors: Any) -> None:
    assert codes(Program(pm).get(f"/projects?{query}")) == (400, errors)


def test_a_cursor_is_good_for_its_own_order_alone(pm: User) -> None:
    ProjectFactory.create_batch(2, owner=pm)
    program = Program(pm)
    cursor = program.get("/projects?page_size=1").json()["next"]

    assert codes(program.get(f"/projects?sort=title&cursor={cursor}")) == (400, {"cursor": ["invalid"]})


@pytest.mark.parametrize("count", [1, 20])
def test_a_list_costs_the_same_for_one_row_and_for_many(pm: User, count: int, django_assert_num_queries: Any) -> None:
    ProjectFactory.create_batch(count, owner=pm)
    program = Program(pm)
    program.get("/me")  # notes that the token was used, and makes the row of the pace

    with django_assert_num_queries(4):  # token, person, pace, rows
        assert len(program.get("/projects").json()["items"]) == count


# ── keys ────────────────────────────────────────────────────────────────


def test_the_same_key_acts_once_and_is_answered_alike(pm: User) -> None:
    program = Program(pm)

    first, again = (program.post("/projects", {"title": "Bags"}, idempotency_key="a") for _ in range(2))
    other = program.post("/projects", {"title": "Vans"}, idempotency_key="a")

    assert (first.status_code, first.content, first["ETag"]) == (again.status_code, again.content, again["ETag"])
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert Project.objects.count() == 1


def test_a_refusal_leaves_the_key_free_and_nobody_else_is_concerned(pm: User) -> None:
    program, other = Program(pm), Program(UserFactory(roles=[Role.PM], site=pm.site))

    refused = program.post("/projects", {"title": ""}, idempotency_key="a")
    made = [one.post("/projects", {"title": "Bags"}, idempotency_key="a").status_code for one in (program, other)]

    assert (refused.status_code, made) == (400, [201, 201])
    assert FormKey.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 65, "a\x7f"])
def test_an_unreadable_key_is_refused(pm: User, key: str) -> None:
    assert Program(pm).post("/projects", {"title": "Bags"}, idempotency_key=key).status_code == 400


# ── refusals of actions, in one place ───────────────────────────────────


def test_each_error_of_an_action_has_its_answer() -> None:
    project = ProjectFactory()
    gate = GateError([Reason("no_metric", "Name a metric", "/there/")])
    errors = [
        InvalidInputError({"title": ["Too short"]}),
        StaleObjectError(project),
        IllegalStateError("It is closed."),
        gate,
        OperationalError("gone"),
    ]

    answers = [answer_to(error) for error in errors]

    assert [answer and answer.status_code for answer in answers] == [400, 412, 409, 409, 503]
    assert answers[4] is not None
    assert answers[4]["Retry-After"] == "30"
    assert answers[3] is not None
    assert b'"reasons": [{"code": "no_metric", "message": "Name a metric", "url": "/there/"}]' in answers[3].content
    assert answer_to(RuntimeError("unheard of")) is None
