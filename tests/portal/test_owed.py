"""What is owed agrees with what it is about, whatever people do: kind by kind, from the registry."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from metrics.models import Measurement
from portal.audit.models import AuditEntry
from portal.notifications.actions import answer_extension, ask_extension, pick_time, sweep
from portal.notifications.models import Extension, Obligation
from portal.process import PROCESS
from projects.actions.confirmation import answer_figures, ask_confirmation, to_confirm
from projects.actions.deferred import drop_deferred_item, keep_deferred
from projects.actions.early_start import allow_early_start
from projects.actions.follow_ups import carry_over
from projects.actions.pitch import save_pitch
from projects.enums import FollowUpState, Stage, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, DeferredItem, EarlyStart, FollowUp, MetricPledge, Project, ProjectMember
from projects.permissions import OVER
from retros.actions.board import back_to_notes, say_nothing, show_notes, show_votes, write_note
from retros.actions.retro import pick_day
from retros.enums import Lane, Voice
from retros.models import Participant, Retro, RetroAnswer
from risks.actions import agreement
from risks.actions.answer import accept, mitigation_done, set_plan_b
from risks.actions.escalation import Way, escalate, let_it_go_up, withdraw
from risks.actions.meeting import Outcome, agree_estimate, conclude_review, move_review
from risks.actions.occurrence import activate_plan_b, resolve
from risks.actions.review import Meeting, call_review
from risks.actions.risk import raise_risk
from risks.enums import OPEN_STATES, Conclusion, EscalationState, InvitationState, ReviewKind, RiskState
from risks.models import Acceptance, Escalation, Mitigation, PlanB, Review, ReviewInvitation, Risk
from risks.summaries import unsettled_risks
from tests.projects.test_life import LOOKED_BACK_ON, MOVING, Life, actors, mostly_in

#: Who owes what about which object, as ids.
Owed: TypeAlias = set[tuple[int, int]]
TRUTHS: dict[str, Callable[[Project, datetime], Owed]] = {}
#: Asked for by a deed, and only as long as something is missing; without that deed it may be missing and not owed.
ASKED_FOR = {"value_risks"}


def truth(kind: str) -> Callable[[Callable[[Project, datetime], Owed]], Callable[[Project, datetime], Owed]]:
    def keep(found: Callable[[Project, datetime], Owed]) -> Callable[[Project, datetime], Owed]:
        TRUTHS[kind] = found
        return found

    return keep


def of_the_owner(project: Project, is_owed: bool) -> Owed:
    return {(project.pk, project.owner_id)} if is_owed else set()


def ids(rows: Any, person: str) -> Owed:
    return set(rows.values_list("pk", person))


@truth("approval")
def approvals(project, _now):
    pending = ApprovalStep.objects.filter(submission__state=SubmissionState.PENDING, state=StepState.PENDING)
    return ids(pending.filter(submission__project=project), "approver")


@truth("less_answer")
def less_answer(project, _now):
    offered = ApprovalStep.objects.filter(submission__state=SubmissionState.PENDING, state=StepState.FOR_LESS)
    return ids(offered.filter(submission__project=project), "submission__project__owner")


@truth("rework")
def rework(project, _now):
    last = project.stage_changes.last()
    return of_the_owner(project, project.is_draft and last is not None and last.transition == Transition.ASK_BACK)


@truth("renewal")
def renewal(project, _now):
    is_asked = project.submissions.filter(state=SubmissionState.PENDING).exists()
    return of_the_owner(project, project.approval_void_at is not None and project.is_in_motion and not is_asked)


@truth("reconsider")
def reconsider(project, _now):
    return of_the_owner(project, project.stage == Stage.DEFERRED)


@truth("early_start")
def early_start(project, _now):
    return of_the_owner(project, project.is_draft and EarlyStart.objects.filter(project=project).exists())


#: After these nobody asks for the figures any more.
FIGURES_ENDED = {
    "figures.answered",
    *(f"project.{t}" for t in (Transition.START, Transition.DECLINE, Transition.CANCEL, Transition.CLOSE)),
}


@truth("confirm_figures")
def confirm_figures(project, _now):
    """By the record: asked, and nothing since that ends it."""
    is_asked = False
    for entry in AuditEntry.objects.for_project(project.pk).order_by("pk"):
        if entry.verb == "figures.asked":
            is_asked = True
        elif entry.verb in FIGURES_ENDED or (entry.verb == "pitch.saved" and "business_partner" in (entry.after or {})):
            is_asked = False
    return {(project.pk, project.business_partner_id)} if is_asked else set()


@truth("prepare")
def prepare(project, _now):
    return of_the_owner(project, project.stage == Stage.APPROVED)


@truth("launch")
def launch(project, _now):
    return of_the_owner(project, project.stage == Stage.IN_DELIVERY and project.planned_launch_on is not None)


@truth("measurement")
def measurement(project, _now):
    pledge = MetricPledge.objects.filter(project=project).first()
    if pledge is None or project.stage != Stage.LAUNCHED:
        return set()
    since = project.local_day(project.launched_at)
    is_in = Measurement.objects.filter(metric=pledge.metric, period_on__gte=since).exists()
    return set() if is_in else {(pledge.pk, project.owner_id)}


@truth("deferred_scope")
def deferred_scope(project, _now):
    if project.stage == Stage.CANCELLED:
        return set()
    return ids(DeferredItem.objects.filter(project=project, settled_at=None), "owner")


@truth("follow_up")
def follow_up(project, _now):
    return ids(FollowUp.objects.filter(project=project, state__in=[FollowUpState.OPEN, FollowUpState.DOING]), "owner")


@truth("retro")
def retro(project, _now):
    return ids(Retro.objects.owed().filter(project=project), "project__owner")


@truth("retro_answer")
def retro_answer(project, _now):
    """Those who had a part when it became owed, without those who have said something; for a meeting until it begins."""
    owed: Owed = set()
    for one in Retro.objects.owed().filter(project=project):
        if one.writer_count is not None:
            continue
        members = ProjectMember.objects.filter(project=project, since__lte=one.owed_since)
        asked = set(members.values_list("person", flat=True)) - {project.owner_id}
        said = set(RetroAnswer.objects.filter(retro=one).values_list("person", flat=True))
        spoke = Participant.objects.filter(retro=one).exclude(voice=Voice.SILENT)
        owed |= {(one.pk, person) for person in asked - said - set(spoke.values_list("person", flat=True))}
    return owed


def escalations(project: Project, *states: EscalationState) -> Any:
    return Escalation.objects.filter(project=project, state__in=states)


@truth("escalation_counterpart")
def escalation_counterpart(project, _now):
    return ids(escalations(project, EscalationState.OPEN), "counterpart")


@truth("escalation_answer")
def escalation_answer(project, _now):
    waiting = escalations(project, EscalationState.WAITING, EscalationState.AGREED)
    return {(e.pk, e.decider_id) for e in waiting if e.state == EscalationState.WAITING or e.is_reported}


@truth("escalation_next")
def escalation_next(project, _now):
    found = escalations(project, EscalationState.COUNTERED, EscalationState.AGREED)
    return {(e.pk, project.owner_id) for e in found if not e.is_reported}


@truth("assessment")
def assessment(project, _now):
    asked = ReviewInvitation.objects.filter(review__project=project, review__held_at=None)
    return ids(asked.filter(state=InvitationState.INVITED).exclude(review__project__stage__in=OVER), "person")


@truth("review_conclusion")
def review_conclusion(project, _now):
    if project.stage in OVER:
        return set()
    reviews = Review.objects.filter(project=project, concluded_at=None).select_related("project")
    return {
        (review.pk, project.owner_id)
        for review in reviews
        if review.wants_conclusion and (review.is_meeting or review.held_at)
    }


@truth("value_risks")
def value_risks(project, now):
    return of_the_owner(
        project, project.stage not in OVER and unsettled_risks(project, project.local_day(now)).exists()
    )


def of_risks(project: Project, rows: Any, person: str, states: Any = OPEN_STATES) -> Owed:
    """What hangs on a risk that may still happen; on a register that is closed nothing does."""
    found = rows.filter(risk__project=project, risk__state__in=states).exclude(risk__project__stage__in=OVER)
    return set(found.values_list("risk", person))


@truth("plan_b_decision")
def plan_b_decision(project, _now):
    return of_risks(project, PlanB.objects.filter(activated_at=None), "owner", [*OPEN_STATES, RiskState.OCCURRED])


@truth("acceptance_expiry")
def acceptance_expiry(project, _now):
    alone = Acceptance.objects.filter(risk__plan_b=None, risk__mitigations=None)
    return of_risks(project, alone, "risk__project__owner")


@truth("mitigation")
def mitigation(project, _now):
    found = Mitigation.objects.filter(risk__project=project, done_at=None, risk__state__in=OPEN_STATES)
    return ids(found.exclude(risk__project__stage__in=OVER), "owner")


@truth("extension_answer")
def extension_answer(project, _now):
    asked = Extension.objects.filter(answered_at=None, obligation__settled_at=None)
    return ids(asked.filter(obligation__project_id=project.pk), "decider")


WAY = Way("Ship without the old bags", days=3, cost_amount=Decimal(900))


class Owing(Life):
    """The same life, with everything that is asked of anybody in it; time is what the machine says."""

    seen: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[str, Owed] = {}

    def attempt(self, do: Callable[..., object], /, *args: Any, **kwargs: Any) -> bool:
        self.now += timedelta(seconds=1)
        with time_machine.travel(self.now, tick=False):
            return super().attempt(do, *args, **kwargs)

    @initialize(
        stage=st.sampled_from([Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED, Stage.IN_DELIVERY, Stage.LAUNCHED]),
        is_light=st.booleans(),
    )
    def begin_somewhere(self, stage, is_light):
        if not is_light:
            project = self.project
            values = {"crosses_departments": True}
            save_pitch(project, values, version=project.version, by=project.owner, now=self.now)
        super().begin_somewhere(stage)

    @mostly_in(Stage.DRAFT, Stage.SUBMITTED, Stage.IN_DELIVERY)
    @rule(deed=st.sampled_from(["ask", "answer", "other partner"]))
    def about_the_pitch(self, deed):
        project = self.project
        if deed == "ask":
            self.attempt(ask_confirmation, project, by=project.owner)
        elif deed == "answer":
            partner = project.business_partner
            self.attempt(answer_figures, project, to_confirm(project), note="", by=partner)
        else:
            other = self.people.boss if project.business_partner == self.people.partner else self.people.partner
            values = {"business_partner": other}
            self.attempt(save_pitch, project, values, version=project.version, by=project.owner)

    @precondition(lambda life: life.stage in {Stage.DRAFT, Stage.SUBMITTED})
    @rule()
    def let_it_begin_early(self):
        self.attempt(allow_early_start, self.project, by=self.people.lead)

    @mostly_in(*MOVING)
    @rule(is_private=st.booleans(), ahead=st.integers(1, 9))
    def put_a_question(self, is_private, ahead):
        self.attempt(
            escalate,
            self.project,
            question="May the old bags wait?",
            proposal=WAY,
            decider=self.people.lead,
            counterpart=self.people.engineer if is_private else None,
            answer_on=self.day(ahead),
            by=self.people.pm,
        )

    @mostly_in(*MOVING)
    @rule(which=st.integers(0, 20))
    def next_word(self, which):
        """Any of those who may go on with a question does."""
        open_ones = Escalation.objects.filter(project=self.pk).unsettled().select_related("project__owner", "decider")
        for one in open_ones[:1]:
            owner, decider, option = one.project.owner, one.decider, one.options.earliest("pk")
            possible: dict[str, list[tuple[Callable[..., object], tuple[Any, ...], dict[str, Any]]]] = {
                EscalationState.OPEN: [
                    (agreement.settle_low, (), {"by": one.counterpart}),
                    (let_it_go_up, (), {"by": one.counterpart}),
                ],
                EscalationState.WAITING: [
                    (agreement.decide, (option,), {"by": decider}),
                    (agreement.counter, (WAY,), {"by": decider}),
                    (agreement.report, (option,), {"by": owner, "note": "On Monday, at lunch"}),
                ],
                EscalationState.COUNTERED: [
                    (agreement.accept_counter, (), {"by": owner}),
                    (agreement.reply, (WAY,), {"by": owner}),
                ],
                EscalationState.AGREED: [
                    (agreement.ratify, (), {"by": decider}),
                    (agreement.dispute, (), {"by": decider, "note": "Not that"}),
                    (agreement.apply, (), {"by": owner}),
                ],
            }
            deeds = [*possible[one.state], (withdraw, (), {"by": owner, "reason": "No longer one"})]
            do, args, kwargs = deeds[which % len(deeds)]
            self.attempt(do, one, *args, **kwargs)

    @mostly_in(*MOVING)
    @rule(
        deed=st.sampled_from(["call", "move", "agree", "conclude"]),
        kind=st.sampled_from(ReviewKind),
        is_met=st.booleans(),
    )
    def meet(self, deed, kind, is_met):
        meeting = Meeting(self.now + timedelta(days=3), "Room 2")
        owner, one = self.people.pm, Review.objects.filter(project=self.pk).select_related("project").last()
        if deed == "call" or one is None:
            engineers = [self.people.engineer]
            self.attempt(call_review, self.project, engineers, kind=kind, meeting=meeting if is_met else None, by=owner)
        elif deed == "move":
            self.attempt(move_review, one, meeting, by=owner)
        elif deed == "conclude":
            self.attempt(conclude_review, one, Outcome(Conclusion.PASSED), by=owner)
        else:
            figures = {"probability": Decimal("0.2"), "impact_days": Decimal(4), "reason": "As in spring"}
            for risk in Risk.objects.filter(project=self.pk)[:1]:
                self.attempt(agree_estimate, one, risk, **figures, by=owner)

    @mostly_in(*MOVING)
    @rule(deed=st.sampled_from(["accept", "tick off", "use plan B", "resolve"]), name=actors)
    def more_of_the_risks(self, deed, name):
        for risk in Risk.objects.filter(project=self.pk).select_related("project__owner", "owner"):
            if deed == "accept":
                until = self.day(2000)  # it does not end within a life
                self.attempt(accept, risk, reason="Rare", until=until, by=self.people.lead)
            elif deed == "tick off":
                for one in risk.mitigations.all():
                    self.attempt(mitigation_done, one, by=self.person(name))
            elif deed == "use plan B":
                self.attempt(activate_plan_b, risk, by=risk.project.owner)
            else:
                self.attempt(resolve, risk, outcome="Wet", by=risk.project.owner)

    @mostly_in(*MOVING)
    @rule(ahead=st.integers(1, 9))
    def prepare_for_the_worst(self, ahead):
        """At once, because chance seldom puts a plan to a risk before somebody accepts or closes it."""
        plan = {"trigger": "Clouds", "deed": "Tents", "cost_amount": Decimal(9), "days": Decimal(1)}
        self.attempt(raise_risk, self.project, event="Hail", by=self.people.pm)
        for risk in Risk.objects.filter(project=self.pk, plan_b=None).order_by("-pk")[:1]:
            self.attempt(
                set_plan_b, risk, **plan, decide_by=self.day(ahead), owner=self.people.engineer, by=self.people.pm
            )

    @mostly_in(*MOVING, Stage.CLOSED)
    @rule(deed=st.sampled_from(["keep", "drop", "carry over"]))
    def put_off(self, deed):
        project = self.project
        if deed == "carry over":
            for one in project.follow_ups.all():
                self.attempt(carry_over, one, one.due_on + timedelta(days=9), by=project.owner)
        for item in project.deferred_items.all():
            if deed == "keep":
                self.attempt(keep_deferred, item, due_on=self.day(20), why="Later", by=project.owner)
            elif deed == "drop":
                self.attempt(drop_deferred_item, item, why="Nobody asks", by=project.owner)

    @mostly_in(*LOOKED_BACK_ON)
    @rule(deed=st.sampled_from(["pick", "note", "nothing", "show", "back", "votes"]), name=actors)
    def meet_to_look_back(self, deed, name):
        owner, by = self.people.pm, self.person(name)
        for one in Retro.objects.filter(project=self.pk).select_related("project__owner"):
            if deed == "pick":
                self.attempt(pick_day, one, planned_on=self.day(3), version=one.version, by=owner)
            elif deed == "note":
                self.attempt(write_note, one, lane=Lane.HELPED, text="Rain", browser_key=f"{by.pk:064d}", by=by)
            elif deed == "nothing":
                self.attempt(say_nothing, one, by=by)
            else:
                self.attempt({"show": show_notes, "back": back_to_notes, "votes": show_votes}[deed], one, by=owner)

    @rule(deed=st.sampled_from(["later", "more", "yes", "no"]), which=st.integers(0, 9))
    def take_a_way_out(self, deed, which):
        rows = list(Obligation.objects.open().filter(project_id=self.pk).select_related("person__site"))
        if deed in {"yes", "no"}:
            for asked in Extension.objects.filter(obligation__project_id=self.pk, answered_at=None):
                self.attempt(answer_extension, asked, is_granted=deed == "yes", by=asked.decider)
        elif rows:
            owed = rows[which % len(rows)]
            way = {"day": self.day(which + 1), "reason": "Ill", "by": owed.person}
            self.attempt(pick_time if deed == "later" else ask_extension, owed, **way)

    @rule(hours=st.integers(0, 100))
    def the_clock_strikes(self, hours):
        self.now += timedelta(hours=hours)
        self.attempt(sweep)

    @invariant()
    def what_is_owed_is_what_the_objects_say(self):
        """Nothing more, nothing less, by nobody else."""
        project = self.project
        rows = Obligation.objects.open().filter(project_id=self.pk).values_list("kind", "object_id", "person")
        owed: dict[str, Owed] = {kind: set() for kind in PROCESS.obligation_kinds}
        for kind, object_id, person in rows:
            owed[kind].add((object_id, person))
            self.seen.add(kind)
        for kind in PROCESS.obligation_kinds:
            expected = TRUTHS[kind](project, self.now)
            if kind in ASKED_FOR:
                assert self.before.get(kind, set()) & expected <= owed[kind] <= expected, (kind, project.stage)
            else:
                assert owed[kind] == expected, (kind, project.stage)
        self.before = owed

    @invariant()
    def nothing_is_owed_that_is_not_owed(self):
        """As the sweep asks before every message."""
        with time_machine.travel(self.now, tick=False):
            super().nothing_is_owed_that_is_not_owed()


#: What a random life seldom comes to: a pitch asked back or put off, a follow-up of a retro. The tests beside their
#: actions look at them one by one.
SELDOM = {"reconsider", "rework", "follow_up"}


def lives(number: int, steps: int) -> None:
    few = settings(max_examples=number, stateful_step_count=steps, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Owing, settings=few)


def test_every_kind_of_obligation_has_its_truth():
    assert set(TRUTHS) == set(PROCESS.obligation_kinds)


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_whatever_people_do_obligations_agree_with_their_objects():
    lives(4, 40)


@pytest.mark.django_db
@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_in_many_lives_every_kind_is_owed_and_all_agree():
    lives(60, 60)
    assert set(PROCESS.obligation_kinds) - Owing.seen <= SELDOM
