from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from portal.common.errors import IllegalStateError
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery, Obligation
from projects.actions.decision import decide
from projects.actions.handover import take_step
from projects.actions.pitch import save_pitch
from projects.actions.replacement import replace_decision
from projects.actions.stage import move
from projects.enums import Stage, StepState, SubmissionState
from projects.lifecycle import InvalidTransitionError, Transition
from projects.models import ApprovalStep, Grant, Project, Submission
from tests.factories.projects import NOW, Cast, cast, draft, pending_step, submitted, verbs
from tests.races.racing import MANY_ROUNDS, RACES, ROUNDS, happened, one_won, outcome, race

pytestmark = RACES


@pytest.fixture
def people() -> Cast:
    return cast()


def approve(step: ApprovalStep) -> ApprovalStep:
    return decide(step, StepState.APPROVED, by=step.approver, now=NOW)


def decline(step: ApprovalStep) -> ApprovalStep:
    return decide(step, StepState.DECLINED, by=step.approver, now=NOW, reason="No.")


def mails_about(event: str, project: Project) -> int:
    return Delivery.objects.filter(event=event, project_id=project.pk, channel=Channel.MAIL).count()


def test_a_project_is_approved_once(people):
    for _ in range(MANY_ROUNDS):
        project = submitted(draft(people))
        step = pending_step(project)

        results = race(partial(approve, step), partial(approve, step))

        assert one_won(results, IllegalStateError) == step
        project.refresh_from_db()
        assert (project.stage, project.version) == (Stage.APPROVED, 4)
        assert list(project.submissions.values_list("state", flat=True)) == [SubmissionState.APPROVED]
        assert list(project.grants.values_list("kind", flat=True)) == ["people"]
        assert verbs(project)[-3:] == ["approval.approved", "resources.granted", "project.approve"]
        assert happened(project, "approval.approved", "resources.granted", "project.approve") == verbs(project)[-3:]
        assert project.stage_changes.filter(transition="approve").count() == 1
        assert mails_about("decided", project) == 1
        assert Obligation.objects.open().filter(project_id=project.pk).get().kind == "prepare"


def test_yes_against_no_of_the_same_approver(people):
    for _ in range(MANY_ROUNDS):
        project = submitted(draft(people))
        step = pending_step(project)

        results = race(partial(approve, step), partial(decline, step))

        winner = one_won(results, IllegalStateError)
        project.refresh_from_db()
        submission = Submission.objects.get(project=project)
        assert (winner.state, submission.state, project.stage) in {
            (StepState.APPROVED, SubmissionState.APPROVED, Stage.APPROVED),
            (StepState.DECLINED, SubmissionState.DECLINED, Stage.DECLINED),
        }
        assert Grant.objects.filter(project=project).exists() is (winner.state == StepState.APPROVED)
        assert happened(project, "approval.approved", "approval.declined") == [f"approval.{winner.state}"]
        assert mails_about("decided", project) == 1


def test_yes_against_withdrawal(people):
    for _ in range(MANY_ROUNDS):
        project = submitted(draft(people))
        step = pending_step(project)

        results = race(
            partial(approve, step),
            partial(move, project, Transition.WITHDRAW, by=people.pm, now=NOW),
        )

        project.refresh_from_db()
        submission = Submission.objects.get(project=project)
        step.refresh_from_db()
        assert (outcome(results), project.stage, submission.state, step.state) in [
            ([None, InvalidTransitionError], Stage.APPROVED, SubmissionState.APPROVED, StepState.APPROVED),
            ([IllegalStateError, None], Stage.DRAFT, SubmissionState.WITHDRAWN, StepState.VOID),
        ]
        assert len(happened(project, "approval.approved", "project.withdraw")) == 1
        assert Grant.objects.filter(project=project).exists() is (project.stage == Stage.APPROVED)
        assert mails_about("decided", project) == int(project.stage == Stage.APPROVED)


def test_what_is_approved_is_what_was_seen(people):
    for _ in range(MANY_ROUNDS):
        project = submitted(draft(people))
        step = pending_step(project)
        seen = step.submission.digest

        results = race(
            partial(approve, step),
            partial(save_pitch, project, {"person_days": None}, version=project.version, by=people.pm, now=NOW),
        )

        assert outcome(results) == [None, IllegalStateError]
        submission = Submission.objects.get(project=project)
        assert (submission.digest, submission.state) == (seen, SubmissionState.APPROVED)
        assert project.grants.get().person_days == 10


def test_withdrawn_and_changed_while_it_is_approved(people):
    for _ in range(ROUNDS):
        project = submitted(draft(people))
        step = pending_step(project)

        def withdraw_and_change(project=project):
            back = move(project, Transition.WITHDRAW, by=people.pm, now=NOW)
            save_pitch(back, {"person_days": 12}, version=back.version, by=people.pm, now=NOW)
            return move(back, Transition.SUBMIT, by=people.pm, now=NOW)

        results = race(partial(approve, step), withdraw_and_change)

        project.refresh_from_db()
        if outcome(results) == [None, InvalidTransitionError]:
            assert (project.stage, project.grants.get().person_days) == (Stage.APPROVED, 10)
        else:
            assert outcome(results) == [IllegalStateError, None]
            assert (project.stage, project.grants.count()) == (Stage.SUBMITTED, 0)


def test_a_pitch_is_submitted_once(people):
    for _ in range(ROUNDS):
        project = draft(people)

        results = race(*[partial(move, project, Transition.SUBMIT, by=people.pm, now=NOW)] * 3)

        one_won(results, InvalidTransitionError)
        assert Submission.objects.filter(project=project).count() == 1
        assert happened(project, "project.submit", "pitch.submitted") == ["project.submit", "pitch.submitted"]
        assert mails_about("approval_asked", project) == 1


def test_both_steps_of_a_chain_are_decided_in_order(people):
    for _ in range(ROUNDS):
        project = submitted(draft(people, crosses_departments=True))
        first, second = ApprovalStep.objects.filter(submission__project=project)

        results = race(partial(approve, first), partial(approve, second))

        # Who is second may come too early or just in time, and nothing in between.
        project.refresh_from_db()
        assert (outcome(results), project.stage) in [
            ([None, None], Stage.APPROVED),
            ([None, IllegalStateError], Stage.SUBMITTED),
        ]
        assert project.grants.count() == int(project.stage == Stage.APPROVED)


def test_a_yes_is_taken_back_while_the_next_decides(people):
    for _ in range(ROUNDS):
        project = submitted(draft(people, crosses_departments=True))
        first, second = ApprovalStep.objects.filter(submission__project=project)
        approve(first)
        first = ApprovalStep.objects.get(pk=first.pk)
        no = partial(replace_decision, first, StepState.DECLINED, version=first.version, by=people.lead, reason="No.")

        results = race(partial(no, now=NOW), partial(approve, second))

        one_won(results, IllegalStateError)
        project.refresh_from_db()
        states = [step.state for step in ApprovalStep.objects.filter(submission__project=project)]
        assert (project.stage, states) in [
            (Stage.APPROVED, [StepState.APPROVED, StepState.APPROVED]),
            (Stage.DECLINED, [StepState.DECLINED, StepState.VOID]),
        ]
        assert not Obligation.objects.open().filter(kind="approval", project_id=project.pk).exists()


def test_a_step_is_taken_over_while_it_is_decided(people):
    for _ in range(ROUNDS):
        project = submitted(draft(people))
        step = pending_step(project)

        results = race(
            partial(take_step, step, by=people.boss, now=NOW + timedelta(days=9), reason="Late."),
            partial(approve, step),
        )

        # Whoever is second finds it decided, or not his any more.
        assert sum(isinstance(result, IllegalStateError | PermissionDenied) for result in results) == 1
        assert Obligation.objects.open().filter(kind="approval", project_id=project.pk).count() == int(
            ApprovalStep.objects.get(pk=step.pk).state == StepState.PENDING
        )


def test_the_races_run_on_committed_rows():
    assert connection.in_atomic_block is False
