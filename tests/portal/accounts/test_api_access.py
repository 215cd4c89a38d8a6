"""The door of the API: tokens, sessions, pace."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from portal.accounts.actions.api_token import MOST_TOKENS, digest_of, make_token, revoke_token
from portal.accounts.actions.person import deactivate, reactivate
from portal.accounts.api_access import is_over_pace
from portal.accounts.enums import Language, Role, Scope
from portal.accounts.models import ApiPace, ApiToken
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from projects.models import Project
from tests.factories.accounts import AdminFactory, SiteFactory, UserFactory
from tests.factories.programs import Program
from tests.factories.projects import NOW

if TYPE_CHECKING:
    from portal.accounts.models import User

pytestmark = pytest.mark.django_db
ME = "/api/v1/me"


@pytest.fixture
def pm() -> User:
    return UserFactory(roles=[Role.PM], site=SiteFactory())


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_token_is_kept_as_a_hash_alone_and_its_making_on_record(pm: User) -> None:
    token, text = make_token(name="Report", scope=Scope.READ, days=30, by=pm, now=NOW)

    row = ApiToken.objects.values().get()
    assert text.startswith("fst_")
    assert text not in str(row)
    assert (row["digest"], row["ending"], row["expires_at"]) == (digest_of(text), text[-4:], NOW + timedelta(days=30))
    made = AuditEntry.objects.get()
    assert (made.verb, made.subject_id, made.actor_id) == ("token.made", token.pk, pm.pk)
    assert text not in str(made.after)


def test_what_a_program_does_is_on_record_with_its_token(pm: User) -> None:
    program = Program(pm)
    made = program.post("/projects", {"title": "Show the empty bags"})

    assert made.status_code == 201, made.json()
    begun = AuditEntry.objects.get(verb="project.begun", project_id=made.json()["id"])
    assert (begun.actor_id, begun.token_id) == (pm.pk, ApiToken.objects.get().pk)
    assert AuditEntry.objects.get(verb="token.made").token_id is None


def test_a_person_has_so_many_tokens_at_most_and_none_for_ever(pm: User) -> None:
    for number in range(MOST_TOKENS):
        make_token(name=f"No {number}", scope=Scope.READ, days=1, by=pm, now=NOW)

    for days, field in ((1, "name"), (367, "days"), (0, "days")):
        with pytest.raises(InvalidInputError) as refused:
            make_token(name="One more", scope=Scope.READ, days=days, by=pm, now=NOW)
        assert list(refused.value.errors) == [field]


def test_a_token_comes_in_until_it_is_over_revoked_or_its_person_left(pm: User) -> None:
    admin, program = AdminFactory(), Program(pm)
    assert program.get("/me").json()["name"] == pm.name

    with time_machine.travel(timezone.now() + timedelta(days=9, seconds=1)):
        assert said(program.get("/me")) == (401, "not_signed_in")
    revoke_token(ApiToken.objects.get(), by=pm, now=timezone.now())
    assert said(program.get("/me")) == (401, "not_signed_in")
    other = Program(pm)
    deactivate(pm, by=admin, now=timezone.now())
    assert said(other.get("/me")) == (401, "not_signed_in")
    reactivate(pm, by=admin, now=timezone.now())
    assert said(other.get("/me")) == (401, "not_signed_in")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer fst_\u00e9"])
def test_whoever_shows_no_good_token_is_told_how_and_not_led_away(pm: User, header: str) -> None:
    client = Client()
    client.force_login(pm)

    answer = client.get(ME, headers={"authorization": header})  # a session beside it does not help

    assert said(answer) == (401, "not_signed_in")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_is_not_looked_at(pm: User) -> None:
    text = Program(pm).text

    assert said(Client().get(f"{ME}?token={text}")) == (401, "not_signed_in")
    assert said(Client().get(f"{ME}?access_token={text}")) == (401, "not_signed_in")


def test_a_token_for_reading_changes_nothing(pm: User) -> None:
    program = Program(pm, Scope.READ)

    assert said(program.post("/projects", {"title": "Bags"})) == (403, "read_only")
    assert program.get("/projects").status_code == 200
    assert not Project.objects.exists()


def test_the_last_use_is_noted_once_a_minute(pm: User) -> None:
    program, token = Program(pm), ApiToken.objects.get()
    seen = []
    with time_machine.travel(NOW, tick=False) as clock:
        ApiToken.objects.update(created_at=NOW, expires_at=NOW + timedelta(days=1))
        for seconds in (0, 30, 45):
            clock.shift(seconds)
            program.get("/me")
            token.refresh_from_db()
            seen.append(token.used_at)

    assert seen == [NOW, NOW, NOW + timedelta(seconds=75)]


def test_a_session_needs_the_token_of_a_page_to_change_anything(pm: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(pm)
    body: dict[str, Any] = {"data": '{"title": "Bags"}', "content_type": "application/json"}

    assert client.get(ME).status_code == 200
    assert said(client.post("/api/v1/projects", **body)) == (403, "csrf")
    assert said(client.post("/api/v1/projects", data='{"title": "Bags"}', content_type="text/plain")) == (403, "csrf")
    assert not Project.objects.exists()

    client.get("/settings/")
    token = client.cookies["foresight-csrf"].value
    assert client.post("/api/v1/projects", headers={"x-csrftoken": token}, **body).status_code == 201


def test_a_token_is_enough_beside_a_cookie_of_somebody_else(pm: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    headers = {"authorization": f"Bearer {Program(pm).text}"}

    made = client.post("/api/v1/projects", '{"title": "Bags"}', content_type="application/json", headers=headers)

    assert (made.status_code, made.json()["owner"]["id"]) == (201, pm.pk)


def test_it_speaks_the_language_of_the_person_and_the_same_figures_whatever_a_client_accepts(pm: User) -> None:
    type(pm).objects.filter(pk=pm.pk).update(language=Language.ZH)
    program = Program(pm)

    answers = [program.post("/projects", {"title": ""}, accept_language=code) for code in ("en", "de", "ar")]

    words = {answer.json()["errors"]["title"][0]["message"] for answer in answers}
    assert words == {"请用几个字写明要做什么。"}


# ── pace ────────────────────────────────────────────────────────────────


def test_so_much_a_minute_and_then_429_with_the_seconds_to_wait(pm: User, settings: Any) -> None:
    settings.API_WRITES_A_MINUTE, settings.API_READS_A_MINUTE = 2, 3
    program, other = Program(pm), Program(UserFactory(roles=[Role.PM], site=pm.site))
    with time_machine.travel(timezone.now().replace(second=20, microsecond=0), tick=False) as clock:
        answers = [program.post("/projects", {"title": f"Bags {n}"}) for n in range(3)]
        reads = [program.get("/me").status_code for _ in range(4)]
        others = other.post("/projects", {"title": "Bags"}).status_code
        clock.shift(40)
        later = program.post("/projects", {"title": "Later"}).status_code

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert (answers[2].json()["code"], answers[2]["Retry-After"]) == ("too_many", "40")
    assert reads == [200, 200, 200, 429]
    assert (others, later) == (201, 201)
    assert Project.objects.filter(owner=pm).count() == 3


def test_reads_and_writes_are_counted_in_one_row(pm: User) -> None:
    for is_reading in (True, True, False):
        assert not is_over_pace(pm, NOW, is_reading=is_reading)

    assert list(ApiPace.objects.values_list("person", "reads", "writes")) == [(pm.pk, 2, 1)]
    assert not is_over_pace(pm, NOW + timedelta(minutes=1), is_reading=False)
    assert ApiPace.objects.aggregate(reads=Sum("reads"), writes=Sum("writes")) == {"reads": 0, "writes": 1}
