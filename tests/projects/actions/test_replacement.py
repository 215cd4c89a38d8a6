"""A yes may be taken back until the next approver has decided; the last answer is final."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.actions.delegation import delegate
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from projects.actions.assumptions import Answer
from projects.actions.decision import decide
from projects.actions.replacement import replace_decision
from projects.enums import Stage, StepState, SubmissionState
from projects.models import ApprovalStep, AssumptionAnswer, Project, Submission
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, TODAY, cast, decided, draft, owed, pending_step, submitted, told, verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def project(people):
    """Approved by the first of two."""
    return decided(submitted(draft(people, crosses_departments=True)), StepState.APPROVED, reason="Good.")


@pytest.fixture
def yes(project):
    return ApprovalStep.objects.select_related("submission__project", "approver").get(position=1)


def states():
    return list(ApprovalStep.objects.order_by("position").values_list("state", flat=True))


def test_a_yes_becomes_a_no_and_nobody_waits_any_more(people, project, yes):
    replace_decision(yes, StepState.DECLINED, version=yes.version, by=people.lead, now=NOW + DAY, reason="A flaw.")

    assert states() == [StepState.DECLINED, StepState.VOID]
    assert Submission.objects.get().state == SubmissionState.DECLINED
    assert Project.objects.get().stage == Stage.DECLINED
    assert owed(project) == set()
    assert told(project)[-2:] == [("decided", "Pia Manager"), ("approval_dropped", "Bo Boss")]
    assert verbs(project)[-3:] == ["approval.replaced", "approval.declined", "project.decline"]
    entry = AuditEntry.objects.get(verb="approval.replaced")
    assert entry.before == {"state": "approved", "reason": "Good.", "conditions": "", "conditions_by": None}


def test_a_yes_with_other_figures_asks_the_next_anew(people, project, yes):
    doubts = [Answer("benefits-0-reach", figure=Decimal(9))]

    for _again in range(2):
        current = ApprovalStep.objects.select_related("submission__project", "approver").get(pk=yes.pk)
        replace_decision(
            current, StepState.APPROVED, version=current.version, by=people.lead, now=NOW + DAY, answers=doubts
        )

    assert states() == [StepState.APPROVED, StepState.PENDING]
    assert owed(project) == {("approval", "Bo Boss")}
    assert Obligation.objects.open().get().due_at == Submission.objects.get().reply_by
    assert AssumptionAnswer.objects.get().figure == "9"
    # Asked anew is no news to him.
    assert told(project) == [("approval_asked", "Lea Lead"), ("approval_asked", "Bo Boss")]
    yes.refresh_from_db()
    assert yes.reason == ""


def test_after_the_next_has_decided_it_is_final(people, project, yes):
    decided(project, StepState.APPROVED)

    for step in ApprovalStep.objects.select_related("submission__project", "approver"):
        with pytest.raises(IllegalStateError):
            replace_decision(step, StepState.DECLINED, version=step.version, by=step.approver, now=NOW, reason="No.")
    assert Project.objects.get().stage == Stage.APPROVED


def test_a_no_is_final(people):
    project = decided(submitted(draft(people, crosses_departments=True)), StepState.DECLINED, reason="No.")
    step = ApprovalStep.objects.select_related("submission__project", "approver").get(position=1)

    with pytest.raises(IllegalStateError):
        replace_decision(step, StepState.APPROVED, version=step.version, by=people.lead, now=NOW)
    project.refresh_from_db()
    assert project.stage == Stage.DECLINED


def test_an_answer_that_was_changed_meanwhile_is_not_replaced_again(people, project, yes):
    seen = yes.version
    replace_decision(yes, StepState.APPROVED, version=seen, by=people.lead, now=NOW, reason="First tab")

    with pytest.raises(IllegalStateError):
        replace_decision(yes, StepState.DECLINED, version=seen, by=people.lead, now=NOW, reason="Second tab")

    yes.refresh_from_db()
    assert (yes.reason, states()) == ("First tab", [StepState.APPROVED, StepState.PENDING])
    assert owed(project) == {("approval", "Bo Boss")}


def test_a_bad_answer_leaves_the_old_one(people, project, yes):
    with pytest.raises(InvalidInputError):
        replace_decision(yes, StepState.DECLINED, version=yes.version, by=people.lead, now=NOW)

    assert states() == [StepState.APPROVED, StepState.PENDING]
    assert owed(project) == {("approval", "Bo Boss")}


def test_only_the_approver_or_his_stand_in_replaces(people, project, yes, time_machine):
    time_machine.move_to(NOW, tick=False)
    mate = UserFactory(site=people.site)
    for stranger in (people.boss, people.pm, people.engineer, mate):
        with pytest.raises(PermissionDenied):
            replace_decision(yes, StepState.DECLINED, version=yes.version, by=stranger, now=NOW, reason="No.")
    week = TODAY + timedelta(days=6)
    delegate(people.lead, mate, starts_on=TODAY, ends_on=week, reason="Leave", by=people.lead, now=NOW)

    replace_decision(yes, StepState.ASKED_BACK, version=yes.version, by=mate, now=NOW, reason="Count.")

    entry = AuditEntry.objects.get(verb="approval.replaced")
    assert (entry.actor, entry.on_behalf_of_id) == (mate, people.lead.pk)


def test_an_answer_in_another_order_than_asked_is_no_replacement(people):
    step = pending_step(submitted(draft(people)))

    with pytest.raises(IllegalStateError):
        replace_decision(step, StepState.DECLINED, version=step.version, by=people.lead, now=NOW, reason="No.")
    assert decide(step, StepState.APPROVED, by=people.lead, now=NOW).state == StepState.APPROVED
