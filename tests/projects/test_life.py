"""Everybody does anything, in any order, and the record stays true.

Deeds that are refused are part of the game; a refusal that is not one of ours (a broken constraint, a traceback) fails.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.common.errors import PortalError
from portal.notifications.models import Obligation
from portal.process import PROCESS
from projects.actions.actuals import record_actual
from projects.actions.change import change_budget, change_launch_date, change_scope
from projects.actions.decision import decide
from projects.actions.deferred import confirm_nothing_deferred, defer_scope, settle_deferred
from projects.actions.follow_ups import change_follow_up
from projects.actions.grants import asked_for
from projects.actions.less import accept_less, approve_for_less, revise_less
from projects.actions.pitch import save_pitch
from projects.actions.pledge import measure, pledge_metric
from projects.actions.renewal import submit_anew, withdraw_renewal
from projects.actions.stage import move
from projects.business_inputs import digest_of
from projects.enums import AGREED, IN_FORCE, IN_MOTION, CostKind, FollowUpState, Stage, StepState, SubmissionState
from projects.lifecycle import TRANSITIONS, Transition
from projects.models import ApprovalStep, Grant, Project, Submission
from retros.actions.answer import answer
from retros.actions.outcome import add_lesson, promise
from retros.actions.retro import hold, waive
from retros.models import Retro
from risks.actions.answer import mitigate, set_plan_b
from risks.actions.occurrence import close_risk, occur
from risks.actions.review import Answer, assess, call_review, close_review
from risks.actions.risk import edit_risk, raise_risk
from risks.models import ReviewInvitation, Risk
from tests.factories.metrics import MetricFactory
from tests.factories.projects import (
    DAY,
    cast,
    decided,
    draft,
    in_delivery,
    launched,
    light_values,
    measured,
    prepared,
    submitted,
)

REFUSED = (PortalError, PermissionDenied)
#: What is owed because a project stands in a stage.
BY_STAGE = {
    Stage.SUBMITTED: {"approval"},
    Stage.APPROVED: {"prepare"},
    Stage.IN_DELIVERY: {"launch"},
    Stage.DEFERRED: {"reconsider"},
}
OF_A_STAGE = {"approval", "prepare", "launch", "reconsider", "rework"}
DELIVERED = {Stage.IN_DELIVERY, Stage.LAUNCHED, Stage.CLOSED}

figures = st.sampled_from([None, Decimal(0), Decimal("0.15"), Decimal(1), Decimal(7), Decimal(40), Decimal(3000)])
shares = st.sampled_from([None, Decimal(0), Decimal("0.15"), Decimal(1)])
notes = st.sampled_from(["So.", "So.", "So.", ""])
#: The owner more than the others, so that more is done than refused.
actors = st.sampled_from(["pm", "pm", "pm", "pm", "lead", "boss", "engineer", "partner"])


BEFORE_APPROVAL = (Stage.DRAFT, Stage.SUBMITTED)
MOVING = (Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.LAUNCHED)
LOOKED_BACK_ON = (Stage.LAUNCHED, Stage.CLOSED, Stage.CANCELLED, Stage.IN_DELIVERY)


def mostly_in(*stages: Stage) -> Any:
    """Where the deed can be done, and once in a while where it cannot."""
    return precondition(lambda life: life.stage in stages or life.steps % 7 == 0)


class Life(RuleBasedStateMachine):
    """One project, and five people who do what they like with it."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = timezone.now()
        self.people = cast()
        self.pk = draft(self.people, now=self.now, wanted_on=(self.now + 60 * DAY).date()).pk
        self.metric = MetricFactory()
        self.frozen: dict[int, str] = {}
        self.version = 0
        self.stage: str = Stage.DRAFT
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # What the rules lean on

    @property
    def project(self) -> Project:
        return Project.objects.get(pk=self.pk)

    def person(self, name: str) -> User:
        person: User = getattr(self.people, name)
        return person

    def attempt(self, do: Callable[..., object], /, *args: Any, **kwargs: Any) -> bool:
        try:
            do(*args, **kwargs, now=self.now)
        except REFUSED:
            return False
        return True

    def day(self, ahead: int) -> Any:
        return self.project.local_day(self.now) + timedelta(days=ahead)

    @initialize(
        stage=st.sampled_from([Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED, Stage.IN_DELIVERY, Stage.LAUNCHED])
    )
    def begin_somewhere(self, stage):
        project = self.project
        if stage == Stage.SUBMITTED:
            submitted(project, now=self.now)
        elif stage == Stage.APPROVED:
            prepared(project, self.people, now=self.now)
        elif stage == Stage.IN_DELIVERY:
            in_delivery(project, self.people, now=self.now)
        elif stage == Stage.LAUNCHED:
            launched(project, self.people, now=self.now)

    # Deeds

    @rule(hours=st.integers(1, 200))
    def time_goes_by(self, hours):
        self.now += timedelta(hours=hours)

    @mostly_in(*BEFORE_APPROVAL)
    @rule(
        name=actors,
        values=st.fixed_dictionaries(
            {},
            optional={
                "unit_benefit_amount": figures,
                "reach": figures,
                "probability": shares,
                "person_days": figures,
                "material_amount": figures,
                "problem": st.sampled_from(["", "Bags get lost."]),
                "crosses_departments": st.booleans(),
                "is_restricted": st.booleans(),
                "needs_permit": st.booleans(),
            },
        ),
        stale=st.sampled_from([0, 0, 0, 1]),
    )
    def save(self, name, values, stale):
        self.attempt(save_pitch, self.project, values, version=self.project.version - stale, by=self.person(name))

    @rule(name=actors, which=st.integers(0, 11), note=notes)
    def pass_on(self, name, which, note):
        before = self.project
        possible = [t for t, way in TRANSITIONS.items() if self.stage in way.sources] or list(Transition)
        transition = possible[which % len(possible)]
        if self.attempt(move, before, transition, by=self.person(name), note=note):
            target = TRANSITIONS[transition].target or before.held_from
            assert self.project.stage == target

    @rule(again=st.booleans())
    def go_on(self, again):
        """What the right person would do next."""
        project, now = self.project, self.now
        if again:
            self.now += DAY
        if project.stage == Stage.DRAFT:
            project = save_pitch(
                project, light_values(wanted_on=self.day(30)), version=project.version, by=project.owner, now=now
            )
            self.attempt(move, project, Transition.SUBMIT, by=project.owner)
        elif project.stage == Stage.SUBMITTED:
            offers = ApprovalStep.objects.filter(submission__project=project, state=StepState.FOR_LESS)
            for offer in offers.filter(submission__state=SubmissionState.PENDING):
                accept_less(offer, by=project.owner, now=now)
                return
            decided(project, StepState.APPROVED, now=now)
        elif project.stage in {Stage.DECLINED, Stage.DEFERRED}:
            move(project, Transition.REVISE, by=project.owner, now=now)
        elif project.stage == Stage.ON_HOLD:
            move(project, Transition.RESUME, by=project.owner, now=now)
        elif project.stage == Stage.APPROVED and not hasattr(project, "pledge"):
            self.attempt(prepared, project, self.people)  # refused where a review is open already
        else:
            self.go_on_delivering(project, now)

    def go_on_delivering(self, project, now):
        if project.stage == Stage.APPROVED:
            self.attempt(move, project, Transition.START, by=project.owner)
        elif project.stage == Stage.IN_DELIVERY:
            self.attempt(confirm_nothing_deferred, project, by=project.owner)
            self.attempt(move, project, Transition.LAUNCH, by=project.owner)
        elif project.stage == Stage.LAUNCHED:
            measured(project, now=now)
            for retro in Retro.objects.owed().filter(project=project):
                self.attempt(waive, retro, reason="Small.", by=self.people.lead)

    @precondition(lambda life: life.project.submissions.filter(state=SubmissionState.PENDING).exists())
    @rule(
        name=st.sampled_from(["lead", "boss", "lead", "boss", "pm", "engineer"]),
        decision=st.sampled_from([StepState.APPROVED, *StepState]),
        reason=notes,
        days=figures,
        money=figures,
        ahead=st.integers(-1, 40),
    )
    def decide(self, name, decision, reason, days, money, ahead):
        steps = self.project.submissions.latest("number").steps.all()
        for step in steps:
            self.attempt(
                decide,
                step,
                decision,
                by=self.person(name),
                reason=reason,
                granted_days=days,
                granted_amount=money,
                return_on=self.day(ahead),
            )

    @precondition(lambda life: life.project.submissions.filter(state=SubmissionState.PENDING).exists())
    @rule(
        name=st.sampled_from(["lead", "lead", "boss", "pm"]),
        days=st.sampled_from([Decimal(0), Decimal(5), Decimal(7), Decimal(4000)]),
        reason=notes,
    )
    def offer_less(self, name, days, reason):
        step = self.project.submissions.latest("number").steps.order_by("position").last()
        lines = self.project.cost_lines.filter(kind=CostKind.PEOPLE)
        caps = {line.pk: days for line in lines[:1]}
        self.attempt(approve_for_less, step, kind="full", caps=caps, reason=reason, by=self.person(name))

    @precondition(lambda life: life.project.submissions.exclude(less="").exists())
    @rule(name=st.sampled_from(["pm", "pm", "lead"]), accepts=st.booleans())
    def answer_less(self, name, accepts):
        deed = accept_less if accepts else revise_less
        for step in ApprovalStep.objects.filter(submission__project=self.pk, state=StepState.FOR_LESS):
            self.attempt(deed, step, by=self.person(name))

    @precondition(lambda life: life.project.approval_void_at is not None)
    @rule(name=actors)
    def take_a_renewal_back(self, name):
        self.attempt(withdraw_renewal, self.project, by=self.person(name))

    @mostly_in(Stage.DRAFT, Stage.APPROVED)
    @rule(name=actors, aim=st.sampled_from([Decimal(0), Decimal("0.05"), Decimal(-1)]))
    def pledge(self, name, aim):
        values = {"baseline_numerator": Decimal(430), "baseline_denominator": Decimal(3010), "target": aim}
        self.attempt(pledge_metric, self.project, self.metric, **values, by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=actors)
    def raise_a_risk(self, name):
        self.attempt(raise_risk, self.project, event="Rain", by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=st.sampled_from(["pm", "lead"]), field=st.booleans())
    def review(self, name, field):
        project = self.project
        self.attempt(call_review, project, [self.people.engineer], by=self.person(name))
        for invitation in ReviewInvitation.objects.filter(review__project=project, review__held_at=None):
            for risk in Risk.objects.filter(project=project):
                given = Answer(Decimal("0.3"), Decimal(2)) if field else Answer(is_not_my_field=True)
                self.attempt(assess, invitation, risk, given, by=self.people.engineer)
            self.attempt(close_review, invitation.review, by=self.person(name))

    @mostly_in(*MOVING)
    @rule(money=st.sampled_from([Decimal(0), Decimal(5000), Decimal(900_000)]), name=actors)
    def value_the_risks(self, money, name):
        for risk in Risk.objects.filter(project=self.pk):
            self.attempt(edit_risk, risk, {"impact_amount": money}, version=risk.version, by=self.person(name))

    @mostly_in(*MOVING)
    @rule(kind=st.sampled_from(["mitigate", "plan", "occur", "close"]), name=actors)
    def answer_the_risks(self, kind, name):
        by = self.person(name)
        for risk in Risk.objects.filter(project=self.pk)[:1]:
            owner = self.people.engineer
            if kind == "mitigate":
                self.attempt(mitigate, risk, deed="Cover", owner=owner, due_on=self.day(3), by=by)
            elif kind == "plan":
                plan = {"trigger": "Clouds", "deed": "Tents", "decide_by": self.day(9), "owner": owner}
                self.attempt(set_plan_b, risk, **plan, cost_amount=Decimal(9), days=Decimal(1), by=by)
            elif kind == "occur":
                self.attempt(occur, risk, by=by)
            else:
                self.attempt(close_risk, risk, outcome="Dry", by=by)

    @mostly_in(*MOVING)
    @rule(name=actors, ahead=st.integers(-2, 60), stale=st.sampled_from([0, 0, 1]))
    def move_the_date(self, name, ahead, stale):
        project = self.project
        self.attempt(
            change_launch_date,
            project,
            launch_on=self.day(ahead),
            reason="Late.",
            version=project.version - stale,
            by=self.person(name),
        )

    @mostly_in(*MOVING)
    @rule(name=actors, money=st.sampled_from([Decimal(500), Decimal(90_000), Decimal(-500)]))
    def change_the_budget(self, name, money):
        self.attempt(change_budget, self.project, money, reason="Labels.", by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=actors)
    def change_the_scope(self, name):
        self.attempt(change_scope, self.project, "No nights", reason="Noise.", by=self.person(name))

    @precondition(lambda life: life.project.approval_void_at is not None)
    @rule(name=actors, note=notes, stale=st.sampled_from([0, 0, 1]))
    def ask_for_a_new_approval(self, name, note, stale):
        project = self.project
        self.attempt(submit_anew, project, reason=note, version=project.version - stale, by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=actors, days=figures, back=st.integers(-1, 9))
    def spend(self, name, days, back):
        for line in self.project.cost_lines.all():
            self.attempt(
                record_actual, line, as_of=self.day(-back), person_days=days, amount=days, by=self.person(name)
            )

    @mostly_in(*MOVING)
    @rule(name=actors, share=st.sampled_from([Decimal("0.28"), Decimal("0.6"), Decimal(1), Decimal(2)]))
    def leave_out(self, name, share):
        project = self.project
        values = {"title": "Old bags", "owner": self.people.engineer, "due_on": self.day(30), "share": share}
        self.attempt(defer_scope, project, **values, benefit_line=project.benefit_lines.get(), by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=actors)
    def bring_it(self, name):
        for item in self.project.deferred_items.all():
            self.attempt(settle_deferred, item, by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=actors)
    def say_nothing_is_left_out(self, name):
        self.attempt(confirm_nothing_deferred, self.project, by=self.person(name))

    @mostly_in(*MOVING)
    @rule(name=actors, back=st.integers(0, 3))
    def measure(self, name, back):
        pledge = getattr(self.project, "pledge", None)
        if pledge is not None:
            day = self.day(-back)
            values = {"period_on": day, "numerator": Decimal(150), "denominator": Decimal(3000)}
            self.attempt(measure, pledge, **values, by=self.person(name))

    @mostly_in(*LOOKED_BACK_ON)
    @rule(name=actors, kind=st.sampled_from(["answer", "lesson", "promise", "hold", "waive"]))
    def look_back(self, name, kind):
        by = self.person(name)
        for retro in Retro.objects.filter(project=self.pk):
            if kind == "answer":
                self.attempt(answer, retro, went_well="A", was_hard="B", do_next="C", by=by)
            elif kind == "lesson":
                self.attempt(add_lesson, retro, text="Count first", by=by)
            elif kind == "promise":
                owner = self.people.engineer
                self.attempt(promise, retro, title="Count", owner=owner, due_on=self.day(3), by=by)
            elif kind == "hold":
                self.attempt(hold, retro, nothing_to_do=True, by=by)
            else:
                self.attempt(waive, retro, reason="Small.", by=by)

    @mostly_in(*LOOKED_BACK_ON)
    @rule(name=actors, state=st.sampled_from(FollowUpState), note=notes)
    def follow_up(self, name, state, note):
        for follow_up in self.project.follow_ups.all():
            self.attempt(change_follow_up, follow_up, state, note=note, by=self.person(name))

    # What always holds

    @invariant()
    def history_leads_without_a_gap_to_the_stage(self):
        stage: str = Stage.DRAFT
        for change in self.project.stage_changes.all():
            assert change.from_stage == stage
            assert change.from_stage in TRANSITIONS[Transition(change.transition)].sources
            stage = change.to_stage
        assert self.project.stage == stage
        self.stage = stage
        self.steps += 1

    @invariant()
    def every_passage_stands_in_the_audit(self):
        passages = [f"project.{change.transition}" for change in self.project.stage_changes.all()]
        names = [f"project.{transition}" for transition in Transition]
        told = AuditEntry.objects.filter(project_id=self.pk, verb__in=names).order_by("pk")
        assert list(told.values_list("verb", flat=True)) == passages

    @invariant()
    def one_submission_waits_exactly_while_the_project_is_submitted(self):
        project = self.project
        waiting = project.submissions.filter(state=SubmissionState.PENDING).count()
        if project.stage in IN_MOTION and project.approval_void_at is not None:
            assert waiting <= 1  # a new approval may be asked for, while the work goes on
        else:
            assert waiting == int(project.stage == Stage.SUBMITTED)

    @invariant()
    def an_approval_is_void_exactly_while_the_project_says_so(self):
        project = self.project
        states = set(project.submissions.values_list("state", flat=True))
        is_void = SubmissionState.VOID in states and not states & set(IN_FORCE)
        assert is_void == (project.approval_void_at is not None)
        assert not (is_void and project.stage in {Stage.LAUNCHED, Stage.CLOSED})

    @invariant()
    def nothing_is_approved_without_its_approvers(self):
        approved = Submission.objects.filter(project=self.pk, state__in=AGREED)
        passages = self.project.stage_changes.filter(transition=Transition.APPROVE).count()
        renewals = AuditEntry.objects.filter(
            project_id=self.pk, verb__in=["renewal.approved", "renewal.for_less"]
        ).count()
        assert approved.count() == passages + renewals
        assert set(Grant.objects.filter(project=self.pk).values_list("submission", flat=True)) == {
            submission.pk for submission in approved
        }
        for submission in approved:
            steps = list(submission.steps.all())
            assert steps
            for step in steps:
                assert step.state in {StepState.APPROVED, StepState.FOR_LESS}
                assert step.decided_by == step.approver
                assert step.approver_id != self.people.pm.pk

    @invariant()
    def nobody_grants_more_than_was_asked_for(self):
        for grant in Grant.objects.filter(project=self.pk).select_related("submission"):
            days, money = asked_for(grant.submission)
            given, asked = (grant.person_days, days) if grant.kind == CostKind.PEOPLE else (grant.amount, money)
            assert given is not None
            assert 0 <= given <= asked

    @invariant()
    def what_was_frozen_does_not_change(self):
        for submission in Submission.objects.filter(project=self.pk):
            assert self.frozen.setdefault(submission.pk, submission.content) == submission.content
            assert submission.digest == digest_of(submission.content)

    @invariant()
    def totals_are_not_below_zero(self):
        project = self.project
        totals = [project.effort_days, project.cost_amount, project.baseline_effort_days, project.baseline_cost_amount]
        assert all(total is None or total >= 0 for total in totals)

    @invariant()
    def delivery_has_a_baseline_and_a_locked_metric(self):
        project = self.project
        if project.stage in DELIVERED:
            assert project.pledge.locked_at == project.started_at
            assert None not in {project.baseline_launch_on, project.baseline_effort_days, project.started_at}

    @invariant()
    def version_never_goes_back(self):
        assert self.project.version >= self.version
        self.version = self.project.version

    @invariant()
    def what_is_owed_fits_the_stage(self):
        project = self.project
        kinds = set(Obligation.objects.open().filter(project_id=self.pk).values_list("kind", flat=True))
        expected = BY_STAGE.get(Stage(project.stage), set())
        if project.stage in IN_MOTION and project.approval_void_at is not None:
            # Either the owner submits anew, or an approver decides on what he submitted, or the owner on less.
            assert len(kinds & {"renewal", "approval", "less_answer"}) == 1
            kinds -= {"approval", "less_answer"}
        else:
            assert "renewal" not in kinds
        if "less_answer" in kinds:  # in place of the approval: the owner's turn
            assert project.stage == Stage.SUBMITTED
            kinds = (kinds - {"less_answer"}) | {"approval"}
        if project.stage == Stage.DRAFT:
            assert kinds & OF_A_STAGE <= {"rework"}
        else:
            assert kinds & OF_A_STAGE == expected

    @invariant()
    def after_the_end_only_words_given_are_owed(self):
        if self.stage in {Stage.CLOSED, Stage.CANCELLED}:
            kinds = set(Obligation.objects.open().filter(project_id=self.pk).values_list("kind", flat=True))
            assert kinds <= {"retro", "retro_answer", "follow_up", "deferred_scope", "extension_answer"}

    @invariant()
    def nothing_is_owed_that_is_not_owed(self):
        for owed in Obligation.objects.open().filter(project_id=self.pk):
            assert PROCESS.obligation_kinds[owed.kind].still_owed(owed), (owed.kind, self.project.stage)


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_whatever_people_do_the_record_stays_true():
    # A life has many deeds, so a twelfth of the usual number of examples is as much work.
    few = settings(
        max_examples=settings().max_examples // 12, stateful_step_count=50, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Life, settings=few)
