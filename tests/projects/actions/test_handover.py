"""The step of somebody who left, or is away and late, is taken over by his manager or an administrator."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.actions.delegation import delegate
from portal.accounts.actions.person import deactivate
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Obligation
from projects.actions.decision import decide
from projects.actions.handover import take_step
from projects.enums import Stage, StepState
from projects.models import ApprovalStep, Project, Submission
from projects.querysets import to_take_over
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.projects import DAY, NOW, TODAY, cast, decided, draft, owed, submitted, told, verbs

pytestmark = pytest.mark.django_db
LATE = NOW + 7 * DAY


@pytest.fixture(autouse=True)
def _a_week_later(time_machine):
    time_machine.move_to(LATE, tick=False)


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def admin():
    return AdminFactory(name="Ada Admin")


def the_step(position=1):
    return ApprovalStep.objects.select_related("submission__project__owner", "approver").get(position=position)


def steps():
    return [(step.approver.name, step.state) for step in ApprovalStep.objects.order_by("position")]


def test_the_manager_takes_over_from_who_left_and_decides(people, admin):
    project = submitted(draft(people))
    deactivate(people.lead, by=admin, now=NOW)
    assert list(ApprovalStep.objects.filter(to_take_over(people.boss))) == [the_step()]

    step = take_step(the_step(), by=people.boss, now=NOW + DAY, reason="Lea left.")

    assert (step.approver, step.taken_from, step.state) == (people.boss, people.lead, StepState.PENDING)
    assert owed(project) == {("approval", "Bo Boss")}
    assert Obligation.objects.open().get().due_at == Submission.objects.get().reply_by
    entry = AuditEntry.objects.get(verb="approval.taken_over")
    assert (entry.before, entry.after) == (
        {"approver": people.lead.pk},
        {"approver": people.boss.pk, "reason": "Lea left."},
    )
    # Whoever left hears nothing any more.
    assert told(project)[-1:] == [("approval_taken_over", "Pia Manager")]
    decide(the_step(), StepState.APPROVED, by=people.boss, now=NOW + DAY)
    assert Project.objects.get().stage == Stage.APPROVED


def test_who_is_late_and_named_nobody_is_told_that_it_is_taken(people, admin):
    project = submitted(draft(people))
    stale = the_step()

    take_step(the_step(), by=admin, now=LATE, reason="Nobody reaches her.")

    assert owed(project) == {("approval", "Ada Admin")}
    assert ("approval_taken_over", "Lea Lead") in told(project)
    # A page that was opened before decides nothing.
    with pytest.raises(PermissionDenied):
        decide(stale, StepState.APPROVED, by=people.lead, now=LATE)
    assert steps() == [("Ada Admin", StepState.PENDING)]


def test_who_decides_later_anyway_decides_once(people, admin):
    project = submitted(draft(people, crosses_departments=True))
    deactivate(people.lead, by=admin, now=NOW)

    step = take_step(the_step(), by=people.boss, now=NOW, reason="Lea left.")

    assert steps() == [("Lea Lead", StepState.VOID), ("Bo Boss", StepState.PENDING)]
    assert (step.approver, owed(project)) == (people.boss, {("approval", "Bo Boss")})
    decide(step, StepState.APPROVED, by=people.boss, now=NOW)
    assert Project.objects.get().stage == Stage.APPROVED


def test_a_step_that_is_still_to_come_is_taken_from_who_left_only(people, admin):
    submitted(draft(people, crosses_departments=True))
    with pytest.raises(IllegalStateError):
        take_step(the_step(2), by=admin, now=LATE, reason="In time.")
    people.boss.is_active = False
    people.boss.save()

    take_step(the_step(2), by=admin, now=NOW, reason="Bo left.")

    assert steps() == [("Lea Lead", StepState.PENDING), ("Ada Admin", StepState.WAITING)]
    decided(Project.objects.get(), StepState.APPROVED)
    assert owed(Project.objects.get()) == {("approval", "Ada Admin")}


def test_who_still_has_time_or_a_stand_in_keeps_his_step(people, admin):
    submitted(draft(people))
    mate = UserFactory(site=people.site)

    with pytest.raises(IllegalStateError, match="still has time"):
        take_step(the_step(), by=admin, now=NOW + DAY, reason="Faster.")
    until = TODAY + timedelta(days=14)
    delegate(people.lead, mate, starts_on=TODAY, ends_on=until, reason="Leave", by=people.lead, now=NOW)
    with pytest.raises(IllegalStateError, match="named somebody"):
        take_step(the_step(), by=admin, now=LATE, reason="Faster.")
    assert not ApprovalStep.objects.filter(to_take_over(admin)).exists()
    assert steps() == [("Lea Lead", StepState.PENDING)]


def test_nobody_else_takes_it_and_nobody_on_his_own_pitch(people, admin):
    project = submitted(draft(people))
    Project.objects.filter(pk=project.pk).update(owner=people.boss)
    other_admin_owner = [people.boss, people.pm, people.engineer, people.partner, people.lead]

    for stranger in other_admin_owner:
        with pytest.raises(PermissionDenied):
            take_step(the_step(), by=stranger, now=LATE, reason="Mine.")
        assert the_step() not in ApprovalStep.objects.filter(to_take_over(stranger))
    assert steps() == [("Lea Lead", StepState.PENDING)]


def test_it_takes_a_reason_and_an_open_step_and_is_taken_once(people, admin):
    project = submitted(draft(people))
    with pytest.raises(InvalidInputError):
        take_step(the_step(), by=admin, now=LATE, reason="  ")
    seen = the_step()
    take_step(the_step(), by=people.boss, now=LATE, reason="Late.")

    with pytest.raises(IllegalStateError, match="meanwhile"):
        take_step(seen, by=admin, now=LATE, reason="Late too.")
    decided(project, StepState.DECLINED, reason="No.")
    with pytest.raises(IllegalStateError, match="decided"):
        take_step(the_step(), by=admin, now=LATE, reason="Later.")

    assert verbs(project).count("approval.taken_over") == 1
    assert steps() == [("Bo Boss", StepState.DECLINED)]


def test_who_has_decided_before_does_not_decide_twice(people, admin):
    project = submitted(draft(people, crosses_departments=True))
    decided(project, StepState.APPROVED)
    ApprovalStep.objects.filter(position=2).update(approver=UserFactory(manager=people.lead, is_active=False))

    with pytest.raises(IllegalStateError, match="already"):
        take_step(the_step(2), by=people.lead, now=LATE, reason="Mine.")
    assert the_step(2).taken_from is None
