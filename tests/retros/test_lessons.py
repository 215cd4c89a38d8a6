from datetime import date
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.enums import Role
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from portal.policy.store import change
from projects.enums import Stage, Tier
from projects.models import FollowUp
from retros import policy
from retros.actions.adoption import Promise, answer_lesson
from retros.actions.outcome import add_lesson
from retros.enums import LessonAnswer, LessonKind
from retros.gates import lessons_answered
from retros.lessons import met_by
from retros.models import Lesson, LessonUse
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, ProductFactory, ProjectFactory
from tests.factories.retros import BoardFactory, LessonFactory, RetroFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

#: What the page of a pitch's lessons costs, whatever their number.
PAGE_QUERIES = 8


def pitch(**more):
    """A draft about bags and printers."""
    return ProjectFactory(
        **{"product": ProductFactory(), "title": "Printers at the hubs", "problem": "Labels of bags wear off"} | more
    )


def lesson(project, text, **more):
    """A lesson of another project of the same product."""
    return LessonFactory(
        retro__project__product=project.product, text=text, search_text=text.casefold(), applies_when="", **more
    )


# ── which a pitch meets ─────────────────────────────────────────────────


def test_a_pitch_meets_the_lessons_of_its_product_those_with_most_in_common_first():
    project = pitch()
    none = lesson(project, "Ask finance first")
    most = lesson(project, "Order printers for hubs early")
    some = lesson(project, "Count the bags")
    LessonFactory(text="Printers of another product")
    lesson(project, "Hidden printers", retro__project__is_restricted=True)
    LessonFactory(retro__project=project)

    found = met_by(project, project.owner)

    assert [(met.lesson, met.shared) for met in found] == [(most, 2), (some, 1), (none, 0)]
    assert {met.is_asked for met in found} == {False}


def test_without_a_product_there_is_none():
    LessonFactory()

    assert met_by(pitch(product=None), UserFactory()) == []


def test_a_major_pitch_is_asked_about_three_above_the_bar_and_never_more():
    project = pitch(tier=Tier.MAJOR)
    relevant = [lesson(project, f"Printers at hubs {number}") for number in range(5)]
    lesson(project, "Bags")  # one word in common, the bar is two

    def asked():
        return {met.lesson for met in met_by(project, project.owner) if met.is_asked}

    assert asked() == set(relevant[2:])
    for one in relevant[2:]:
        answer_lesson(one, project, LessonAnswer.ADOPTED, by=project.owner, now=NOW)
    assert lessons_answered(project, project.owner, NOW) == []
    assert asked() == set(relevant[2:])


def test_the_gate_names_each_lesson_that_waits_and_where_it_is_answered():
    project = pitch(tier=Tier.MAJOR)
    one = lesson(project, "Printers at hubs")

    (reason,) = lessons_answered(project, project.owner, NOW)

    page = reverse("retros:pitch_lessons", args=[project.pk])
    assert (reason.code, reason.url) == (f"lesson_{one.pk}", f"{page}#lesson-{one.pk}")
    answer_lesson(one, project, LessonAnswer.NOT_APPLICABLE, note="No printers", by=project.owner, now=NOW)
    assert lessons_answered(project, project.owner, NOW) == []


def test_the_bar_is_policy():
    project = pitch(tier=Tier.MAJOR)
    lesson(project, "Printers at hubs")
    change(policy.RELEVANCE, 3, by=None, now=NOW)

    assert lessons_answered(project, project.owner, NOW) == []


# ── answering ───────────────────────────────────────────────────────────


def test_adopting_with_a_promise_makes_a_follow_up():
    project = pitch()
    one = lesson(project, "Order printers")
    promise = Promise(project.owner, date(2026, 12, 4))

    use = answer_lesson(one, project, LessonAnswer.ADOPTED, note="Ordered", promise=promise, by=project.owner, now=NOW)
    again = answer_lesson(one, project, LessonAnswer.ADOPTED, note="Ordered twice", by=project.owner, now=NOW)

    follow_up = FollowUp.objects.get()
    assert (follow_up.title, follow_up.origin, follow_up.owner) == ("Order printers", "lesson", project.owner)
    assert (use.pk, again.follow_up, again.note) == (again.pk, follow_up, "Ordered twice")
    assert [(owed.kind, owed.object_id) for owed in Obligation.objects.open()] == [("follow_up", follow_up.pk)]


def test_what_does_not_apply_says_why():
    project = pitch()
    one = lesson(project, "Order printers")

    with pytest.raises(InvalidInputError) as refused:
        answer_lesson(one, project, LessonAnswer.NOT_APPLICABLE, note=" ", by=project.owner, now=NOW)

    assert (list(refused.value.errors), LessonUse.objects.count()) == (["note"], 0)


def test_only_the_owner_of_another_running_project_answers():
    project = pitch()
    one = lesson(project, "Order printers")

    with pytest.raises(PermissionDenied):
        answer_lesson(one, project, LessonAnswer.ADOPTED, by=UserFactory(roles=[Role.LEAD, Role.ADMIN]), now=NOW)
    with pytest.raises(IllegalStateError):
        answer_lesson(one, one.project, LessonAnswer.ADOPTED, by=one.project.owner, now=NOW)
    over = ProjectFactory(stage=Stage.CLOSED, product=project.product)
    with pytest.raises(IllegalStateError):
        answer_lesson(one, over, LessonAnswer.ADOPTED, by=over.owner, now=NOW)


# ── writing them ────────────────────────────────────────────────────────


def test_a_major_retro_asks_for_the_cause_and_keeps_what_it_cost():
    retro = BoardFactory(tier=Tier.MAJOR)
    owner = retro.project.owner

    with pytest.raises(InvalidInputError) as refused:
        add_lesson(retro, text="Order first", by=owner, now=NOW)
    made = add_lesson(
        retro, text="Order first", cause="Signature by post", cost_days=11, kind=LessonKind.SUPPLY,
        tags=["printers"], by=owner, now=NOW,
    )  # fmt: skip

    assert list(refused.value.errors) == ["cause"]
    kept = Lesson.objects.get()
    assert (kept.cause, kept.cost_days, kept.cost_amount, kept.kind) == ("Signature by post", 11, None, "supply")
    assert [tag.name for tag in made.tags.all()] == ["printers"]
    assert kept.search_text == "order first signature by post printers"


# ── pages ───────────────────────────────────────────────────────────────


def test_the_library_is_filtered_by_product_kind_and_tag(client):
    product = ProductFactory()
    found = LessonFactory(retro__project__product=product, kind=LessonKind.SUPPLY)
    found.tags.create(name="printers")
    LessonFactory(kind=LessonKind.BUILDING)
    client.force_login(UserFactory())

    for asked in (
        f"product={product.pk}",
        "kind=supply",
        "tag=printers",
        f"product={product.pk}&kind=supply&q=printers",
    ):
        assert client.get(f"/lessons/?{asked}").context["listing"].page.rows == [found], asked
    assert client.get("/lessons/?kind=nothing").status_code == HTTPStatus.BAD_REQUEST


def test_where_a_lesson_was_adopted_is_told_as_far_as_one_sees(client):
    project, hidden = pitch(), pitch(is_restricted=True, title="CANARY")
    one = lesson(project, "Order printers")
    for adopter in (project, hidden):
        LessonUse.objects.create(
            lesson=one, project=adopter, answer="adopted", note="Done", answered_by=adopter.owner, answered_at=NOW
        )
    client.force_login(UserFactory())

    answer = client.get(one.get_absolute_url())

    assert [use.project for use in answer.context["uses"]] == [project]
    assert "CANARY" not in answer.content.decode()
    assert client.get("/lessons/?view=adopted").context["listing"].page.rows == [one]


def test_a_lesson_is_adopted_from_its_page(client):
    project = pitch()
    one = lesson(project, "Order printers")
    client.force_login(project.owner)
    typed = {"project": project.pk, "note": "In week 1", "owner": project.owner_id, "due_on": "2026-12-04", "_key": "1"}

    half = client.post(one.get_absolute_url(), typed | {"due_on": "", "_key": "2"})
    answers = [client.post(one.get_absolute_url(), typed) for _ in range(2)]

    assert (half.status_code, list(half.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["due_on"])
    assert "In week 1" in half.content.decode()
    assert {answer["Location"] for answer in answers} == {f"{one.get_absolute_url()}#adopted"}
    assert (LessonUse.objects.get().project, FollowUp.objects.get().owner) == (project, project.owner)


def test_a_pitch_answers_on_its_page_and_keeps_what_was_typed(client):
    project = pitch(tier=Tier.MAJOR)
    one = lesson(project, "Printers at hubs")
    client.force_login(project.owner)
    page = reverse("retros:lesson_answer", args=[project.pk, one.pk])

    refused = client.post(page, {"answer": "not_here", "note": ""})
    done = client.post(page, {"answer": "adopted", "note": "Ordered"})

    assert (refused.status_code, done.status_code) == (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FOUND)
    assert LessonUse.objects.get().note == "Ordered"
    client.force_login(UserFactory())
    assert client.post(page, {"answer": "adopted"}).status_code == HTTPStatus.FORBIDDEN
    shown = client.get(reverse("retros:pitch_lessons", args=[project.pk]))
    assert [form for _met, form in shown.context["rows"]] == [None]


def test_the_pitch_shows_three_of_them_as_a_part_of_itself(client):
    project = pitch()
    for number in range(4):
        lesson(project, f"Printers {number}")
    client.force_login(project.owner)
    url = reverse("retros:pitch_lessons", args=[project.pk])

    part = client.get(url, headers={"hx-request": "true"}).content.decode()

    assert (part.count("<li"), "all 4 lessons" in part, "<html" in part) == (3, True, False)
    assert url in client.get(reverse("projects:pitch", args=[project.pk])).content.decode()


def test_a_lesson_of_a_restricted_project_does_not_exist_for_others(client):
    one = LessonFactory(retro=RetroFactory(project__is_restricted=True))
    client.force_login(UserFactory(roles=[Role.LEAD]))

    assert client.get(one.get_absolute_url()).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_whatever_was_learnt(client, django_assert_num_queries, rows):
    project = pitch()
    for number in range(rows):
        lesson(project, f"Printers {number}")
    client.force_login(project.owner)
    url = reverse("retros:pitch_lessons", args=[project.pk])
    client.get(url)

    with django_assert_num_queries(PAGE_QUERIES):
        client.get(url)
