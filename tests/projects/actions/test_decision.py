from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.decision import decide
from projects.actions.stage import move
from projects.enums import Stage, StepState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, FollowUp, Grant, Project, Submission
from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    WANTED,
    cast,
    decided,
    draft,
    due,
    end_of,
    owed,
    pending_step,
    submitted,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db


def test_second_step_is_asked_after_the_first_and_grants():
    people = cast()
    project = submitted(draft(people, crosses_departments=True))
    first, second = ApprovalStep.objects.order_by("position")
    assert (first.state, second.state) == (StepState.PENDING, StepState.WAITING)

    # What only the last approver can give comes along with the form and is left aside.
    decide(first, StepState.APPROVED, by=people.lead, now=NOW + 2 * DAY, granted_days=Decimal(3))

    project.refresh_from_db()
    second.refresh_from_db()
    submission = Submission.objects.get()
    assert (project.stage, submission.state, second.state) == (Stage.SUBMITTED, "pending", StepState.PENDING)
    assert Grant.objects.count() == 0
    assert owed(project) == {("approval", "Bo Boss")}
    # His own three working days: Wednesday 25 November and three.
    assert due("approval") == submission.reply_by == end_of(date(2026, 11, 30))
    assert told(project) == [("approval_asked", "Lea Lead"), ("approval_asked", "Bo Boss")]

    decide(second, StepState.APPROVED, by=people.boss, now=NOW + 3 * DAY, granted_days=Decimal(9))

    project.refresh_from_db()
    assert (project.stage, project.grants.get().person_days) == (Stage.APPROVED, Decimal(9))


def test_second_approver_cannot_decide_before_his_turn():
    people = cast()
    submitted(draft(people, crosses_departments=True))
    second = ApprovalStep.objects.get(position=2)

    with pytest.raises(IllegalStateError):
        decide(second, StepState.APPROVED, by=people.boss, now=NOW)
    assert Project.objects.get().stage == Stage.SUBMITTED


def test_refusal_at_the_first_step_spares_the_second():
    people = cast()
    project = submitted(draft(people, crosses_departments=True))

    project = decided(project, StepState.DECLINED, reason="Not now.")

    assert list(ApprovalStep.objects.values_list("state", flat=True)) == [StepState.DECLINED, StepState.VOID]
    assert (project.stage, owed(project)) == (Stage.DECLINED, set())


@pytest.mark.parametrize("decision", [StepState.ASKED_BACK, StepState.DECLINED, StepState.DEFERRED])
@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001])
def test_every_answer_but_yes_has_a_reason(decision, reason):
    people = cast()
    project = submitted(draft(people))

    with pytest.raises(InvalidInputError) as refused:
        decided(project, decision, reason=reason, return_on=date(2027, 1, 4))
    assert list(refused.value.errors) == ["reason"]
    assert Project.objects.get().stage == Stage.SUBMITTED


@pytest.mark.parametrize("day", [None, date(2026, 11, 22), date(2026, 11, 23), date(9999, 12, 31)])
def test_deferring_names_a_day_ahead(day):
    project = submitted(draft(cast()))

    with pytest.raises(InvalidInputError) as refused:
        decided(project, StepState.DEFERRED, reason="Later.", return_on=day)
    assert list(refused.value.errors) == ["return_on"]


@pytest.mark.parametrize("decision", [StepState.APPROVED, StepState.ASKED_BACK, StepState.DECLINED])
def test_day_of_return_belongs_to_deferring_alone(decision):
    project = submitted(draft(cast()))

    decided(project, decision, reason="So.", return_on=date(2020, 1, 1), granted_days=Decimal(1))

    assert ApprovalStep.objects.get().return_on is None


@pytest.mark.parametrize("decision", [StepState.WAITING, StepState.PENDING, StepState.VOID])
def test_only_four_answers_exist(decision):
    project = submitted(draft(cast()))

    with pytest.raises(InvalidInputError) as refused:
        decided(project, decision, reason="So.")
    assert list(refused.value.errors) == ["decision"]


# --- Who, and when ----------------------------------------------------------------------------------------------------


def test_only_the_approver_decides():
    people = cast()
    project = submitted(draft(people))
    other_lead = UserFactory(roles=people.boss.roles, site=people.site)

    for person in (people.pm, people.boss, people.engineer, people.partner, other_lead):
        with pytest.raises(PermissionDenied):
            decide(pending_step(project), StepState.APPROVED, by=person, now=NOW)
    assert Project.objects.get().stage == Stage.SUBMITTED
    assert verbs(project)[-1] == "pitch.submitted"


def test_nobody_decides_on_a_pitch_of_his_own():
    people = cast()
    project = submitted(draft(people))
    step = pending_step(project)
    ApprovalStep.objects.filter(pk=step.pk).update(approver=people.pm)

    with pytest.raises(PermissionDenied):
        decide(pending_step(project), StepState.APPROVED, by=people.pm, now=NOW)


def test_approver_who_left_decides_nothing():
    people = cast()
    project = submitted(draft(people))
    people.lead.is_active = False

    with pytest.raises(PermissionDenied):
        decide(pending_step(project), StepState.APPROVED, by=people.lead, now=NOW)


@pytest.mark.parametrize("second", [StepState.APPROVED, StepState.DECLINED])
def test_nothing_is_decided_twice(second):
    people = cast()
    project = submitted(draft(people))
    step = pending_step(project)
    decide(step, StepState.APPROVED, by=people.lead, now=NOW)
    said, was_told = verbs(project), told(project)

    with pytest.raises(IllegalStateError) as refused:
        decide(step, second, by=people.lead, now=NOW, reason="No.")

    assert str(refused.value.message) == "This was decided meanwhile: the submission is “Approved”."
    assert (Project.objects.get().stage, Grant.objects.count()) == (Stage.APPROVED, 1)
    assert (verbs(project), told(project)) == (said, was_told)


def test_what_was_withdrawn_is_not_decided():
    people = cast()
    project = submitted(draft(people))
    step = pending_step(project)
    project = move(project, Transition.WITHDRAW, by=people.pm, now=NOW)

    with pytest.raises(IllegalStateError):
        decide(step, StepState.APPROVED, by=people.lead, now=NOW)

    project.refresh_from_db()
    assert (project.stage, owed(project)) == (Stage.DRAFT, set())


def test_step_of_an_earlier_submission_is_not_decided():
    people = cast()
    project = submitted(draft(people))
    old = pending_step(project)
    submitted(move(project, Transition.WITHDRAW, by=people.pm, now=NOW), now=NOW)

    with pytest.raises(IllegalStateError):
        decide(old, StepState.APPROVED, by=people.lead, now=NOW)
    assert Project.objects.get().stage == Stage.SUBMITTED


def test_a_decision_that_fails_leaves_nothing():
    people = cast()
    project = submitted(draft(people))
    said, was_owed = verbs(project), owed(project)
    # A year so far off that the due date of the preparation cannot be said.
    far = datetime(2100, 12, 30, 2, tzinfo=UTC)

    with pytest.raises(ValueError, match="2101"):
        decide(pending_step(project), StepState.APPROVED, by=people.lead, now=far)

    project.refresh_from_db()
    assert (project.stage, Grant.objects.count()) == (Stage.SUBMITTED, 0)
    assert (verbs(project), owed(project)) == (said, was_owed)
    assert pending_step(project).state == StepState.PENDING


# --- Conditions -------------------------------------------------------------------------------------------------------


def test_conditions_become_follow_ups_when_the_last_one_agrees():
    people = cast()
    project = submitted(draft(people, person_days=Decimal(40)))
    words, day = "Measure one night shift\n\n Ask the works council ", date(2026, 12, 4)

    decide(pending_step(project), StepState.APPROVED, by=people.lead, now=NOW, conditions=words, conditions_by=day)
    assert not FollowUp.objects.exists()
    decide(pending_step(project), StepState.APPROVED, by=people.boss, now=NOW)

    found = list(FollowUp.objects.filter(project=project).order_by("pk"))
    assert [(one.title, one.owner, one.due_on, one.origin, one.opened_by) for one in found] == [
        ("Measure one night shift", people.pm, date(2026, 12, 4), "condition", people.lead),
        ("Ask the works council", people.pm, date(2026, 12, 4), "condition", people.lead),
    ]
    assert ("follow_up", people.pm.name) in owed(project)


@pytest.mark.parametrize("day", [None, NOW.date() - DAY])
def test_a_condition_has_a_day_to_come(day):
    people = cast()
    step = pending_step(submitted(draft(people)))

    with pytest.raises(InvalidInputError) as refused:
        decide(step, StepState.APPROVED, by=people.lead, now=NOW, conditions="Measure", conditions_by=day)

    assert list(refused.value.errors) == ["conditions_by"]
    step.refresh_from_db()
    assert step.state == StepState.PENDING


def test_a_no_demands_nothing():
    people = cast()
    step = pending_step(submitted(draft(people)))

    decide(step, StepState.DECLINED, by=people.lead, now=NOW, reason="No", conditions="Measure")

    step.refresh_from_db()
    assert (step.conditions, FollowUp.objects.count()) == ("", 0)


def test_a_condition_longer_than_a_title_is_kept_whole_beside_it():
    people = cast()
    step = pending_step(submitted(draft(people)))
    long = "measure " * 40

    decide(step, StepState.APPROVED, by=people.lead, now=NOW, conditions=long, conditions_by=WANTED)

    step.refresh_from_db()
    assert step.conditions.strip() == long.strip()
    assert FollowUp.objects.get().title.endswith("…")
