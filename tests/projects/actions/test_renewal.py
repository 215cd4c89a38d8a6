"""A small edit does not void an approval, a material one does; and the way to a new one."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import GateError, IllegalStateError, InvalidInputError, StaleObjectError
from portal.desk.activity import moments_of
from portal.policy.store import change as change_policy
from projects import policy
from projects.actions.change import change_budget, change_launch_date, change_scope
from projects.actions.decision import decide
from projects.actions.deferred import confirm_nothing_deferred
from projects.actions.renewal import changed_content, submit_anew, withdraw_renewal
from projects.actions.stage import move
from projects.business_inputs import case_of
from projects.enums import CostKind, Stage, StepState, SubmissionState
from projects.lifecycle import Transition, missing_for
from projects.models import ApprovalStep, Grant, Project, Submission
from tests.factories.projects import (
    DAY,
    NOW,
    approved,
    cast,
    decided,
    draft,
    in_delivery,
    owed,
    pending_step,
    submitted,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db

#: The launch is approved for 29 January, the cost for 16,000.
SMALL, MATERIAL = date(2027, 2, 12), date(2027, 2, 15)


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def project(people):
    return in_delivery(draft(people), people)


def moved_to(project, day, *, by=None, now=NOW):
    current = Project.objects.get(pk=project.pk)
    change_launch_date(current, launch_on=day, reason="Late.", version=current.version, by=by or project.owner, now=now)
    return Project.objects.get(pk=project.pk)


def renewed(project, **how):
    current = Project.objects.get(pk=project.pk)
    values = {"reason": "Still worth it.", "version": current.version, "by": project.owner, "now": NOW} | how
    return submit_anew(current, **values)


def states(project):
    return list(project.submissions.order_by("number").values_list("state", flat=True))


def missing(project):
    codes = [reason.code for reason in missing_for(project, Transition.LAUNCH, by=project.owner, now=NOW)]
    return [code for code in codes if code == "approval_void"]


def launch(project):
    confirm_nothing_deferred(project, by=project.owner, now=NOW)
    return move(Project.objects.get(pk=project.pk), Transition.LAUNCH, by=project.owner, now=NOW)


def test_a_small_edit_does_not_void_an_approval_a_material_one_does(project):
    project = moved_to(project, SMALL)
    change_budget(project, Decimal(1600), reason="Labels", by=project.owner, now=NOW)
    assert (states(project), missing(project)) == ([SubmissionState.APPROVED], [])

    project = moved_to(project, MATERIAL)

    assert (states(project), missing(project)) == ([SubmissionState.VOID], ["approval_void"])
    assert (project.stage, project.approval_void_at) == (Stage.IN_DELIVERY, NOW)
    assert ("renewal", "Pia Manager") in owed(project)
    assert ("approval_void", "Lea Lead") in told(project)
    row = AuditEntry.objects.get(verb="approval.voided")
    assert (row.actor_id, row.after) == (project.owner_id, {"number": 1, "moved": ["date"]})
    with pytest.raises(GateError):
        launch(project)


def test_small_edits_add_up(project):
    for _time in range(2):
        change_budget(project, Decimal(1000), reason="Labels", by=project.owner, now=NOW)

    assert states(project) == [SubmissionState.VOID]
    assert AuditEntry.objects.get(verb="approval.voided").after["moved"] == ["budget"]


def test_the_activity_says_what_was_changed(people, project):
    change_budget(project, Decimal(1000), reason="Labels", by=people.pm, now=NOW)
    change_scope(project, "No nights", reason="Noise", by=people.pm, now=NOW)

    told_now = [str(moment.words) for moment in moments_of(project.pk, most=4)[0]]

    assert told_now == [
        "Pia Manager changed the project beyond what its approval bears: it is void",
        "Pia Manager changed the scope",
        "Pia Manager changed the budget",
        "Pia Manager started delivery",
    ]


def test_another_scope_is_material_unless_the_company_says_otherwise(project):
    change_policy(policy.SCOPE_MAY_CHANGE, new=True, by=None, now=NOW)
    change_scope(project, "No nights", reason="Noise", by=project.owner, now=NOW)
    assert states(project) == [SubmissionState.APPROVED]

    change_policy(policy.SCOPE_MAY_CHANGE, new=False, by=None, now=NOW)
    change_scope(project, "No Sundays", reason="Noise", by=project.owner, now=NOW)
    assert states(project) == [SubmissionState.VOID]


def test_what_is_void_is_voided_once_and_work_goes_on(project):
    project = moved_to(project, MATERIAL)
    project = moved_to(project, date(2027, 3, 12), now=NOW + DAY)

    assert (verbs(project).count("approval.voided"), project.approval_void_at) == (1, NOW)
    assert told(project).count(("approval_void", "Lea Lead")) == 1
    assert Grant.objects.filter(project=project, released_at=None).exists()
    held = move(project, Transition.HOLD, by=project.owner, now=NOW, note="Freeze.")
    assert owed(held) == {("renewal", "Pia Manager")}
    assert move(held, Transition.RESUME, by=project.owner, now=NOW).stage == Stage.IN_DELIVERY


def test_the_changed_project_is_submitted_anew_through_the_same_chain_and_opens_the_gate(people, project):
    change_budget(project, Decimal(4000), reason="Labels", by=people.pm, now=NOW)
    project = moved_to(project, MATERIAL)

    submission = renewed(project)

    content = submission.read()
    assert (content["wanted_on"], content["changed"]) == (
        MATERIAL.isoformat(),
        {"launch_on": "2027-02-15", "budget": "20000", "scope": [], "left_out": "0", "reason": "Still worth it."},
    )
    assert case_of(content).cost == Decimal(20_000)
    assert [step.approver for step in submission.steps.all()] == [people.lead]
    assert Project.objects.get(pk=project.pk).stage == Stage.IN_DELIVERY
    assert {kind for kind, _who in owed(project)} >= {"approval", "launch"}
    assert ("renewal", "Pia Manager") not in owed(project)
    assert missing(Project.objects.get(pk=project.pk)) == ["approval_void"]

    project = decided(project, StepState.APPROVED)

    assert (states(project), missing(project)) == ([SubmissionState.VOID, SubmissionState.APPROVED], [])
    assert (project.stage, project.approval_void_at) == (Stage.IN_DELIVERY, None)
    given = Grant.objects.filter(project=project, released_at=None).values_list("kind", "person_days", "amount")
    assert set(given) == {(CostKind.PEOPLE, Decimal(10), None), (CostKind.MATERIAL, None, Decimal(4000))}
    assert launch(project).stage == Stage.LAUNCHED


def test_a_new_approval_is_what_the_next_change_is_compared_with(project):
    project = moved_to(project, MATERIAL)
    renewed(project)
    project = decided(project, StepState.APPROVED)

    project = moved_to(project, date(2027, 3, 1))
    assert states(project) == [SubmissionState.VOID, SubmissionState.APPROVED]
    project = moved_to(project, date(2027, 3, 2))
    assert states(project) == [SubmissionState.VOID, SubmissionState.VOID]
    assert project.baseline_launch_on == date(2027, 1, 29)


@pytest.mark.parametrize("decision", [StepState.ASKED_BACK, StepState.DECLINED])
def test_another_answer_leaves_it_void_and_owed(project, decision):
    project = moved_to(project, MATERIAL)
    renewed(project)

    project = decided(project, decision, reason="Count again.")

    assert states(project) == [SubmissionState.VOID, decision.value]
    assert (project.stage, missing(project)) == (Stage.IN_DELIVERY, ["approval_void"])
    assert ("renewal", "Pia Manager") in owed(project)
    assert ("decided", "Pia Manager") in told(project)
    assert f"renewal.{decision}" in verbs(project)
    assert renewed(project).number == 3


def test_what_runs_is_not_put_off(project):
    project = moved_to(project, MATERIAL)
    renewed(project)

    with pytest.raises(InvalidInputError) as error:
        decided(project, StepState.DEFERRED, reason="Later.", return_on=date(2027, 3, 1))
    assert set(error.value.errors) == {"decision"}
    assert pending_step(project).state == StepState.PENDING


def test_what_moves_while_it_waits_goes_back_to_the_owner(people, project):
    project = moved_to(project, MATERIAL)
    step = renewed(project).steps.get()
    moved_to(project, date(2027, 2, 16))
    assert pending_step(project) == step  # a day more is within what the new approval would bear

    project = moved_to(project, date(2027, 3, 31))

    assert states(project) == [SubmissionState.VOID, SubmissionState.WITHDRAWN]
    assert ("renewal", "Pia Manager") in owed(project)
    assert "approval" not in {kind for kind, _who in owed(project)}
    with pytest.raises(IllegalStateError):
        decide(ApprovalStep.objects.get(pk=step.pk), StepState.APPROVED, by=people.lead, now=NOW)


def test_only_the_owner_submits_anew_and_only_what_is_void(people, project):
    with pytest.raises(IllegalStateError):
        renewed(project)
    project = moved_to(project, MATERIAL)
    for name in ("lead", "boss", "engineer", "partner"):
        with pytest.raises(PermissionDenied):
            renewed(project, by=getattr(people, name))
    with pytest.raises(InvalidInputError):
        renewed(project, reason=" ")
    with pytest.raises(StaleObjectError):
        renewed(project, version=project.version - 1)
    renewed(project)
    with pytest.raises(IllegalStateError):
        renewed(project)
    assert Submission.objects.filter(project=project).count() == 2


def test_without_anybody_above_nobody_is_asked(people, project):
    project = moved_to(project, MATERIAL)
    people.pm.manager = None
    people.pm.save()

    with pytest.raises(GateError):
        renewed(project)


def test_cost_beyond_the_line_asks_a_second_approver_too(people, project):
    change_budget(project, Decimal(100_000), reason="Gates", by=people.pm, now=NOW)

    assert [step.approver for step in renewed(project).steps.all()] == [people.lead, people.boss]


def test_cancelling_asks_for_no_new_approval(project):
    project = moved_to(project, MATERIAL)
    renewed(project)

    project = move(project, Transition.CANCEL, by=project.owner, now=NOW, note="Over.")

    assert states(project) == [SubmissionState.VOID, SubmissionState.WITHDRAWN]
    assert {kind for kind, _who in owed(project)} <= {"retro", "retro_answer"}


def test_a_smaller_budget_asks_for_nothing_more(people, project):
    change_budget(project, Decimal(-6000), reason="Fewer", by=people.pm, now=NOW)

    assert case_of(changed_content(Project.objects.get(pk=project.pk))).cost == Decimal(16_000)
    assert states(project) == [SubmissionState.APPROVED]


def test_before_the_start_nothing_moves(people):
    project = approved(draft(people))

    with pytest.raises(IllegalStateError):
        moved_to(project, MATERIAL)
    assert states(project) == [SubmissionState.APPROVED]


def test_the_owner_takes_a_renewal_back_and_owes_it_again(people, project):
    project = moved_to(project, MATERIAL)
    submission = renewed(project)
    for person in (people.lead, people.engineer):
        with pytest.raises(PermissionDenied):
            withdraw_renewal(project, by=person, now=NOW)

    withdraw_renewal(project, by=people.pm, now=NOW)

    project = Project.objects.get()
    assert (states(project), missing(project)) == ([SubmissionState.VOID, SubmissionState.WITHDRAWN], ["approval_void"])
    assert (project.stage, project.approval_void_at) == (Stage.IN_DELIVERY, NOW)
    assert ("renewal", "Pia Manager") in owed(project)
    assert not any(kind == "approval" for kind, _name in owed(project))
    assert ("renewal_withdrawn", "Lea Lead") in told(project)
    assert verbs(project)[-1] == "renewal.withdrawn"
    with pytest.raises(IllegalStateError):
        withdraw_renewal(project, by=people.pm, now=NOW)
    assert renewed(project).number == submission.number + 1


def test_a_first_submission_is_not_taken_back_as_a_renewal(people):
    with pytest.raises(IllegalStateError):
        withdraw_renewal(submitted(draft(people)), by=people.pm, now=NOW)
