from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from portal.notifications.kinds import ObligationKind, Task
from portal.notifications.models import Obligation
from projects.actions.change import change_scope
from projects.actions.confirmation import ask_confirmation
from projects.actions.deferred import defer_scope, settle_deferred
from projects.actions.early_start import allow_early_start
from projects.actions.follow_ups import change_follow_up, open_follow_up
from projects.actions.less import approve_for_less
from projects.actions.stage import move
from projects.enums import FollowUpState, Stage, StepState
from projects.lifecycle import Transition
from projects.models import Project
from projects.obligations import KINDS
from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    Cast,
    approved,
    cast,
    decided,
    draft,
    in_delivery,
    launched,
    measured,
    pending_step,
    submitted,
)

pytestmark = pytest.mark.django_db

BY_KEY = {kind.key: kind for kind in KINDS}


def row(kind: str) -> Obligation:
    return Obligation.objects.open().get(kind=kind)


def task(kind: str) -> Task:
    owed = row(kind)
    return BY_KEY[kind].describe([owed])[owed.pk]


def asked_back(people: Cast) -> Project:
    return decided(submitted(draft(people)), StepState.ASKED_BACK, reason="Which?")


def deferred(people: Cast) -> Project:
    return decided(submitted(draft(people)), StepState.DEFERRED, reason="Later.", return_on=date(2027, 1, 4))


def early(people: Cast) -> Project:
    project = draft(people)
    allow_early_start(project, by=people.lead, now=NOW)
    return project


def with_left_out(people: Cast) -> Project:
    project = in_delivery(draft(people), people)
    defer_scope(
        project,
        title="Old bags",
        owner=people.engineer,
        due_on=date(2027, 3, 1),
        benefit_line=project.benefit_lines.get(),
        share=Decimal("0.28"),
        by=people.pm,
        now=NOW,
    )
    return project


def with_follow_up(people: Cast) -> Project:
    project = draft(people)
    open_follow_up(
        project, title="Count", owner=people.engineer, due_on=date(2026, 12, 1), origin="retro", by=people.pm, now=NOW
    )
    return project


def offered(people: Cast) -> Project:
    project = submitted(draft(people))
    line = project.cost_lines.get().pk
    approve_for_less(
        pending_step(project), kind="full", caps={line: Decimal(8)}, reason="One hub", by=people.lead, now=NOW
    )
    return project


def void(people: Cast) -> Project:
    project = in_delivery(draft(people), people)
    change_scope(project, "No nights", reason="Noise", by=people.pm, now=NOW)
    return Project.objects.get(pk=project.pk)


def to_confirm(people: Cast) -> Project:
    project = draft(people)
    ask_confirmation(project, by=people.pm, now=NOW)
    return project


#: Each kind: how it comes to be owed.
OWED: dict[str, Callable[[Cast], Project]] = {
    "approval": lambda people: submitted(draft(people)),
    "confirm_figures": to_confirm,
    "early_start": early,
    "rework": asked_back,
    "reconsider": deferred,
    "prepare": lambda people: approved(draft(people)),
    "launch": lambda people: in_delivery(draft(people), people),
    "less_answer": offered,
    "renewal": void,
    "measurement": lambda people: launched(draft(people), people),
    "deferred_scope": with_left_out,
    "follow_up": with_follow_up,
}


def test_every_kind_is_tried_here():
    assert OWED.keys() == BY_KEY.keys()


@pytest.mark.parametrize("kind", OWED)
def test_what_is_owed_is_owed_and_seen_by_who_owes_it(kind):
    OWED[kind](cast())
    owed = row(kind)

    assert BY_KEY[kind].still_owed(owed) is True
    assert BY_KEY[kind].visible_to(owed, owed.person) is True


@pytest.mark.parametrize("kind", OWED)
def test_what_is_gone_is_owed_no_more(kind):
    OWED[kind](cast())
    owed = row(kind)
    owed.object_id = 10**6

    assert BY_KEY[kind].still_owed(owed) is False
    assert BY_KEY[kind].describe([owed]) == {}


@pytest.mark.parametrize("kind", OWED)
def test_who_may_not_see_it_any_more_is_not_reminded(kind):
    people = cast()
    project = OWED[kind](people)
    stranger = UserFactory()
    assert BY_KEY[kind].visible_to(row(kind), stranger) is True

    Project.objects.filter(pk=project.pk).update(is_restricted=True)

    assert BY_KEY[kind].visible_to(row(kind), stranger) is False


@pytest.mark.parametrize("kind", ["rework", "reconsider", "prepare", "launch"])
def test_what_belongs_to_a_stage_ends_with_it(kind):
    project = OWED[kind](cast())
    stage = project.stage
    owed = row(kind)

    for other in Stage:
        Project.objects.filter(pk=project.pk).update(
            stage=other, held_from=Stage.APPROVED if other == Stage.ON_HOLD else "", launched_at=NOW
        )
        assert BY_KEY[kind].still_owed(owed) is (other == stage)


def test_approval_ends_with_the_decision():
    people = cast()
    project = submitted(draft(people))
    owed = row("approval")

    approved(project)

    assert BY_KEY["approval"].still_owed(owed) is False


def test_measurement_ends_when_the_project_is_launched_no_more():
    people = cast()
    project = launched(draft(people), people)
    owed = row("measurement")

    move(project, Transition.ROLL_BACK, by=people.pm, now=NOW, note="Rain.")

    assert BY_KEY["measurement"].still_owed(owed) is False


def test_deferred_scope_ends_when_it_came_or_the_project_was_cancelled():
    people = cast()
    project = with_left_out(people)
    owed = row("deferred_scope")
    item = project.deferred_items.get()

    Project.objects.update(stage=Stage.CANCELLED)
    assert BY_KEY["deferred_scope"].still_owed(owed) is False

    Project.objects.update(stage=Stage.LAUNCHED, launched_at=NOW)
    assert BY_KEY["deferred_scope"].still_owed(owed) is True

    settle_deferred(item, by=people.engineer, now=NOW)
    assert BY_KEY["deferred_scope"].still_owed(owed) is False


@pytest.mark.parametrize("state", [FollowUpState.DONE, FollowUpState.DROPPED])
def test_follow_up_ends_when_it_is_done_or_dropped(state):
    people = cast()
    follow_up = with_follow_up(people).follow_ups.get()
    owed = row("follow_up")
    change_follow_up(follow_up, FollowUpState.DOING, by=people.engineer, now=NOW)
    assert BY_KEY["follow_up"].still_owed(owed) is True

    change_follow_up(follow_up, state, note="So.", by=people.engineer, now=NOW)

    assert BY_KEY["follow_up"].still_owed(owed) is False


# --- Words ------------------------------------------------------------------------------------------------------------


def test_words_of_an_approval():
    step = submitted(draft(cast())).submissions.get().steps.get()

    assert task("approval") == Task(
        sentence="Decide on “Bags that come back”",
        detail="Pia Manager submitted version 1",
        url=step.get_absolute_url(),
        button="Decide",
    )


@pytest.mark.parametrize(
    ("kind", "sentence", "detail", "button", "page"),
    [
        (
            "rework",
            "Add what was asked for: Bags that come back",
            "%s · asked back; then submit again",
            "Complete",
            "projects:pitch",
        ),
        (
            "reconsider",
            "Look at it again: Bags that come back",
            "%s · it was put off until now",
            "Open",
            "project",
        ),
        (
            "prepare",
            "Prepare the start: Bags that come back",
            "%s · risks, one review, the metric, then delivery",
            "Prepare",
            "project",
        ),
        ("launch", "Launch, or move the date: Bags that come back", "%s · in delivery", "Open", "project"),
    ],
)
def test_words_about_the_project_itself(kind, sentence, detail, button, page):
    project = OWED[kind](cast())

    assert task(kind) == Task(sentence, detail % project.code, reverse(page, args=[project.pk]), button)


def test_words_of_a_number():
    people = cast()
    project = launched(draft(people), people)

    assert task("measurement") == Task(
        f"Write one number: Bags lost {project.code}",
        "Bags that come back · numerator “bags not seen for 30 days”, denominator “bags in use”",
        reverse("projects:metric", args=[project.pk]),
        "Write it",
    )


def test_words_of_what_was_left_out():
    project = with_left_out(cast())

    assert task("deferred_scope") == Task(
        "Bring what was left out: Old bags",
        "Bags that come back · until then part of its benefit is missing",
        reverse("projects:defer", args=[project.pk]),
        "Settle",
    )


def test_words_of_a_follow_up_say_where_it_comes_from():
    project = with_follow_up(cast())
    page = reverse("projects:follow_up", args=[project.pk, project.follow_ups.get().pk])
    assert task("follow_up") == Task(
        "Do what was promised: Count", "Bags that come back · follow-up of its retro", page, "Report"
    )

    project.follow_ups.update(origin="condition")
    assert task("follow_up").detail == "Bags that come back · condition of its approval"


def test_words_are_put_together_in_the_language_of_the_reader():
    approved(draft(cast()))

    with translation.override("zh-hans"):
        chinese = task("prepare")
    with translation.override("en"):
        english = task("prepare")

    assert english.sentence == "Prepare the start: Bags that come back"
    assert chinese.sentence.endswith("Bags that come back")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_words_of_many_cost_no_more_than_of_one(kind: ObligationKind, django_assert_max_num_queries):
    for _ in range(3):
        OWED[kind.key](cast())
    rows = list(Obligation.objects.open().filter(kind=kind.key))

    with django_assert_max_num_queries(1):
        assert kind.describe(rows).keys() == {owed.pk for owed in rows}
    assert len(rows) == 3


def test_what_was_settled_in_time_is_nobodys_any_more():
    people = cast()
    project = launched(draft(people), people)

    measured(project, now=NOW + DAY)

    assert not Obligation.objects.open().filter(kind="measurement").exists()
