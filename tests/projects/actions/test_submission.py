import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import GateError, IllegalStateError, InvalidInputError
from portal.notifications.models import Delivery, Obligation
from portal.policy.store import change
from projects import policy
from projects.actions.decision import decide
from projects.actions.pitch import save_pitch
from projects.actions.stage import move
from projects.actions.submission import approvers_of, ask_again, end
from projects.business_inputs import canonical
from projects.enums import CostKind, Stage, StepState, SubmissionState, Tier
from projects.lifecycle import Transition
from projects.models import ApprovalStep, FollowUp, Grant, Project, Submission
from tests.factories.accounts import HolidayFactory, UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    WANTED,
    ProjectFactory,
    approved,
    cast,
    decided,
    draft,
    owed,
    pending_step,
    submitted,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db


def end_of(day: date) -> datetime:
    """The last instant of a day in Shanghai."""
    return datetime(day.year, day.month, day.day, 15, 59, 59, 999999, tzinfo=UTC)


def due(kind: str) -> datetime:
    return Obligation.objects.open().get(kind=kind).due_at


# --- Who decides ------------------------------------------------------------------------------------------------------


def test_direct_manager_decides_on_a_light_pitch():
    people = cast()

    assert approvers_of(ProjectFactory(owner=people.pm, tier=Tier.LIGHT)) == [people.lead]


@pytest.mark.parametrize("tier", [Tier.STANDARD, Tier.MAJOR])
def test_two_levels_decide_on_the_others(tier):
    people = cast()

    assert approvers_of(ProjectFactory(owner=people.pm, tier=tier)) == [people.lead, people.boss]


def test_manager_who_left_is_passed_over():
    people = cast()
    people.lead.is_active = False
    people.lead.save()

    assert approvers_of(ProjectFactory(owner=people.pm)) == [people.boss]
    assert approvers_of(ProjectFactory(owner=people.pm, tier=Tier.STANDARD)) == [people.boss]


def test_chain_shorter_than_the_tier_asks_is_taken_as_it_is():
    top = UserFactory()
    owner = UserFactory(manager=top)

    assert approvers_of(ProjectFactory(owner=owner, tier=Tier.MAJOR)) == [top]


def test_nobody_above_is_nobody():
    assert approvers_of(ProjectFactory()) == []


def test_ring_of_managers_never_reaches_the_owner():
    owner = UserFactory()
    owner.manager = UserFactory(manager=owner)
    owner.save()

    assert approvers_of(ProjectFactory(owner=owner, tier=Tier.MAJOR)) == [owner.manager]


def test_ring_of_managers_who_left_ends():
    one = UserFactory(is_active=False)
    other = UserFactory(is_active=False, manager=one)
    one.manager = other
    one.save()

    assert approvers_of(ProjectFactory(owner=UserFactory(manager=one), tier=Tier.MAJOR)) == []


# --- Submitted --------------------------------------------------------------------------------------------------------


def test_submitting_freezes_the_pitch_and_asks_the_approver():
    people = cast()
    project = draft(people)

    project = submitted(project, now=NOW)

    assert (project.stage, project.version) == (Stage.SUBMITTED, 3)
    submission = Submission.objects.get()
    assert (submission.project, submission.number, submission.tier) == (project, 1, Tier.LIGHT)
    assert (submission.state, submission.decided_at) == (SubmissionState.PENDING, None)
    assert (submission.submitted_by, submission.submitted_at) == (people.pm, NOW)
    # Three working days after Monday 23 November.
    assert submission.reply_by == end_of(date(2026, 11, 26))
    step = submission.steps.get()
    assert (step.position, step.approver, step.state) == (1, people.lead, StepState.PENDING)
    assert owed(project) == {("approval", "Lea Lead")}
    assert due("approval") == submission.reply_by
    assert told(project) == [("approval_asked", "Lea Lead")]
    assert verbs(project)[-2:] == ["project.submit", "pitch.submitted"]
    entry = AuditEntry.objects.for_project(project.pk).last()
    assert entry is not None
    assert entry.after == {
        "number": 1,
        "digest": submission.digest,
        "tier": "light",
        "approvers": [people.lead.pk],
    }
    change_row = project.stage_changes.get()
    assert (change_row.from_stage, change_row.to_stage, change_row.actor, change_row.at) == (
        Stage.DRAFT,
        Stage.SUBMITTED,
        people.pm,
        NOW,
    )


def test_frozen_content_is_canonical_json_with_its_hash():
    people = cast()
    project = submitted(draft(people))

    submission = Submission.objects.get()

    benefit, cost = project.benefit_lines.get(), project.cost_lines.get()
    assert submission.read() == {
        "version": 4,
        "title": "Bags that come back",
        "problem": "One bag in seven is lost. A code on each, read at every stop.",
        "product": {"id": project.product_id, "name": str(project.product)},
        "goal": {"id": project.goal_id, "name": str(project.goal)},
        "owner": {"id": people.pm.pk, "name": "Pia Manager"},
        "business_partner": {"id": people.partner.pk, "name": "Pat Partner"},
        "sponsor": None,
        "process": None,
        "screening": {"is_in_scope": None, "is_reusable": None, "fits_roadmap": None, "note": ""},
        "wanted_on": WANTED.isoformat(),
        "tier": "light",
        "needs_permit": False,
        "is_reversible": True,
        "crosses_departments": False,
        "options": [
            {
                "option": project.options.get().pk,
                "kind": "full",
                "is_preferred": True,
                "summary": "",
                "gives_up": "",
                "stays_switchable": "",
                "decide_again_on": None,
                "benefits": [
                    {
                        "line": benefit.pk,
                        "replaces": None,
                        "label": "",
                        "unit_benefit": "40",
                        "reach": "3000",
                        "reach_unit": "bags",
                        "probability": "0.15",
                        "basis": "measured",
                        "evidence": "Count of October",
                    }
                ],
                "costs": [
                    {
                        "line": cost.pk,
                        "replaces": None,
                        "kind": "people",
                        "label": "",
                        "skill": "",
                        "person_days": "10",
                        "unit_amount": "1600",
                        "amount": "16000",
                        "is_monthly": False,
                        "lead_days": None,
                    }
                ],
            }
        ],
        "horizon_months": 12,
        "annual_rate": "0.08",
        "currency": "CNY",
        "widening": {"measured": "0.1", "analogous": "0.3", "peer": "0.5", "judgement": "1", "effort": "0.5"},
        "changed": None,
        "documents": [],
    }
    assert submission.content == canonical(submission.read())
    assert submission.content == json.dumps(
        submission.read(), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    assert submission.digest == hashlib.sha256(submission.content.encode()).hexdigest()
    assert submission.short_digest == submission.digest[:6]


def test_the_same_pitch_submitted_again_freezes_to_the_same_bytes():
    people = cast()
    project = submitted(draft(people))
    project = move(project, Transition.WITHDRAW, by=people.pm, now=NOW)
    # The same figures, written otherwise.
    values = {"reach": Decimal("3000.00"), "probability": Decimal("0.150000"), "person_days": Decimal("10.0")}
    project = save_pitch(project, values, version=project.version, by=people.pm, now=NOW)

    submitted(project, now=NOW + DAY)

    first, second = Submission.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert second.content == first.content
    assert second.digest == first.digest


def test_what_was_frozen_stays_whatever_comes_after():
    people = cast()
    project = submitted(draft(people))
    frozen = Submission.objects.get()
    project = move(project, Transition.WITHDRAW, by=people.pm, now=NOW)

    people.pm.name = "Pia Married"
    people.pm.save()
    project = save_pitch(
        project,
        {"title": "Other", "reach": Decimal(1), "person_days": None, "material_amount": Decimal(5)},
        version=project.version,
        by=people.pm,
        now=NOW,
    )
    change(policy.HORIZON_MONTHS, 24, by=None, now=NOW)

    again = Submission.objects.get()
    assert (again.content, again.digest) == (frozen.content, frozen.digest)


def test_tier_and_figures_are_those_of_the_policy_on_the_day_of_submitting():
    people = cast()
    project = draft(people)
    change(policy.LIGHT_MAX_DAYS, Decimal(5), by=None, now=NOW)
    change(policy.HORIZON_MONTHS, 6, by=None, now=NOW)

    project = submitted(project)

    project.refresh_from_db()
    submission = Submission.objects.get()
    assert (project.tier, submission.tier, submission.read()["tier"]) == (Tier.STANDARD, Tier.STANDARD, "standard")
    # 18,000 a month for six months, less 16,000.
    assert (project.net_benefit_amount, submission.read()["horizon_months"]) == (Decimal("92000.00"), 6)
    assert [step.approver for step in submission.steps.all()] == [people.lead, people.boss]


def test_a_change_of_policy_moves_no_running_decision():
    people = cast()
    project = submitted(draft(people))

    change(policy.LIGHT_MAX_DAYS, Decimal(5), by=None, now=NOW)
    change(policy.APPROVAL_REPLY_DAYS, 1, by=None, now=NOW)

    submission = Submission.objects.get()
    assert (submission.tier, submission.steps.count()) == (Tier.LIGHT, 1)
    assert due("approval") == end_of(date(2026, 11, 26))
    assert approved(project).stage == Stage.APPROVED


def test_days_for_the_answer_are_working_days_of_the_site():
    people = cast()
    HolidayFactory(site=people.site, day=date(2026, 11, 25))
    HolidayFactory(site=people.site, day=date(2026, 11, 28), is_working=True)

    submitted(draft(people), now=datetime(2026, 11, 24, 16, tzinfo=UTC))

    # It is Wednesday 25 November in Shanghai, a holiday; then Thursday, Friday and the Saturday that is worked.
    assert due("approval") == end_of(date(2026, 11, 28))


def test_incomplete_pitch_is_not_submitted():
    people = cast()
    project = draft(people, problem="")

    with pytest.raises(GateError) as refused:
        submitted(project)

    assert [reason.code for reason in refused.value.reasons] == ["missing_problem"]
    project.refresh_from_db()
    assert (project.stage, Submission.objects.count(), owed(project)) == (Stage.DRAFT, 0, set())
    assert verbs(project) == ["project.begun", "pitch.saved"]


def test_pitch_without_anybody_above_is_not_submitted():
    people = cast()
    people.pm.manager = None
    people.pm.save()

    with pytest.raises(GateError) as refused:
        submitted(draft(people))
    assert [reason.code for reason in refused.value.reasons] == ["no_approver"]


# --- Approved ---------------------------------------------------------------------------------------------------------


def test_approval_grants_what_is_asked_for():
    people = cast()
    project = submitted(draft(people, material_amount=Decimal("1200.50"), material_label="Labels"))
    step = pending_step(project)

    decided_step = decide(step, StepState.APPROVED, by=people.lead, now=NOW + DAY, reason="Do it.")

    project.refresh_from_db()
    submission = Submission.objects.get()
    assert project.stage == Stage.APPROVED
    assert (submission.state, submission.decided_at) == (SubmissionState.APPROVED, NOW + DAY)
    assert (decided_step.state, decided_step.decided_by, decided_step.decided_at, decided_step.reason) == (
        StepState.APPROVED,
        people.lead,
        NOW + DAY,
        "Do it.",
    )
    grants = Grant.objects.filter(project=project, submission=submission)
    assert list(grants.values_list("kind", "person_days", "amount", "granted_by", "granted_at", "released_at")) == [
        (CostKind.PEOPLE, Decimal("10.00"), None, people.lead.pk, NOW + DAY, None),
        (CostKind.MATERIAL, None, Decimal("1200.50"), people.lead.pk, NOW + DAY, None),
    ]
    assert owed(project) == {("prepare", "Pia Manager")}
    # Ten working days after Tuesday 24 November.
    assert due("prepare") == end_of(date(2026, 12, 8))
    assert told(project) == [("approval_asked", "Lea Lead"), ("decided", "Pia Manager")]
    assert verbs(project)[-3:] == ["approval.approved", "resources.granted", "project.approve"]
    entry = AuditEntry.objects.get(verb="approval.approved")
    assert (entry.actor_id, entry.subject_id) == (people.lead.pk, step.pk)
    nothing_more = {"return_on": None, "conditions": "", "conditions_by": None}
    assert entry.after == {"submission": 1, "digest": submission.digest, "reason": "Do it."} | nothing_more
    assert AuditEntry.objects.get(verb="resources.granted").after == {"person_days": "10", "amount": "1200.5"}
    assert list(project.stage_changes.values_list("transition", "actor", "note")) == [
        ("submit", people.pm.pk, ""),
        ("approve", people.lead.pk, "Do it."),
    ]


def test_approver_may_grant_less():
    people = cast()
    project = submitted(draft(people, material_amount=Decimal(900)))

    approved(project, granted_days=Decimal("7.5"), granted_amount=Decimal(0))

    assert list(Grant.objects.values_list("kind", "person_days", "amount")) == [
        (CostKind.PEOPLE, Decimal("7.50"), None),
        (CostKind.MATERIAL, None, Decimal("0.00")),
    ]


def test_without_material_there_is_no_grant_of_money():
    project = approved(draft(cast()))

    assert list(project.grants.values_list("kind", "person_days")) == [(CostKind.PEOPLE, Decimal("10.00"))]


@pytest.mark.parametrize(
    ("grant", "field"),
    [
        ({"granted_days": Decimal("10.01")}, "granted_days"),
        ({"granted_days": Decimal(-1)}, "granted_days"),
        ({"granted_days": Decimal("0.001")}, "granted_days"),
        ({"granted_days": Decimal("NaN")}, "granted_days"),
        ({"granted_days": Decimal("Infinity")}, "granted_days"),
        ({"granted_amount": Decimal("900.01")}, "granted_amount"),
        ({"granted_amount": Decimal("-0.01")}, "granted_amount"),
        ({"granted_amount": Decimal("sNaN")}, "granted_amount"),
    ],
)
def test_nobody_grants_more_than_is_asked_for(grant, field):
    people = cast()
    project = submitted(draft(people, material_amount=Decimal(900)))

    with pytest.raises(InvalidInputError) as refused:
        decide(pending_step(project), StepState.APPROVED, by=people.lead, now=NOW, **grant)

    assert list(refused.value.errors) == [field]
    project.refresh_from_db()
    assert (project.stage, Grant.objects.count()) == (Stage.SUBMITTED, 0)


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


# --- Other answers ----------------------------------------------------------------------------------------------------


def test_asked_back_is_owed_by_the_owner_until_it_is_submitted_again():
    people = cast()
    project = submitted(draft(people))

    project = decided(project, StepState.ASKED_BACK, reason="Which bags?")

    assert (project.stage, Submission.objects.get().state) == (Stage.DRAFT, SubmissionState.ASKED_BACK)
    assert owed(project) == {("rework", "Pia Manager")}
    assert due("rework") == end_of(date(2026, 11, 26))
    assert told(project)[-1] == ("decided", "Pia Manager")
    assert verbs(project)[-2:] == ["approval.asked_back", "project.ask_back"]
    assert project.stage_changes.latest("pk").note == "Which bags?"

    project = submitted(project, now=NOW + DAY)

    assert owed(project) == {("approval", "Lea Lead")}
    assert list(Submission.objects.values_list("number", "state")) == [(1, "asked_back"), (2, "pending")]


def test_declined_is_the_owners_to_revise():
    people = cast()
    project = decided(submitted(draft(people)), StepState.DECLINED, reason="No.")

    assert (project.stage, Submission.objects.get().state) == (Stage.DECLINED, SubmissionState.DECLINED)
    assert owed(project) == set()
    assert verbs(project)[-2:] == ["approval.declined", "project.decline"]

    project = move(project, Transition.REVISE, by=people.pm, now=NOW)
    assert (project.stage, submitted(project).stage) == (Stage.DRAFT, Stage.SUBMITTED)


def test_deferred_comes_back_on_its_day():
    people = cast()
    project = submitted(draft(people))

    project = decided(project, StepState.DEFERRED, reason="Next quarter.", return_on=date(2027, 1, 4))

    step = ApprovalStep.objects.get()
    assert (project.stage, step.state, step.return_on) == (Stage.DEFERRED, StepState.DEFERRED, date(2027, 1, 4))
    assert owed(project) == {("reconsider", "Pia Manager")}
    assert due("reconsider") == end_of(date(2027, 1, 4))
    assert verbs(project)[-2:] == ["approval.deferred", "project.defer"]

    project = move(project, Transition.REVISE, by=people.pm, now=NOW)
    assert (project.stage, owed(project)) == (Stage.DRAFT, set())


def test_deferred_twice_is_owed_on_the_later_day():
    people = cast()
    project = decided(submitted(draft(people)), StepState.DEFERRED, reason="Later.", return_on=date(2027, 1, 4))
    project = submitted(move(project, Transition.REVISE, by=people.pm, now=NOW), now=NOW + DAY)

    decided(project, StepState.DEFERRED, now=NOW + DAY, reason="Later still.", return_on=date(2027, 4, 1))

    assert due("reconsider") == end_of(date(2027, 4, 1))


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


def test_withdrawing_ends_the_submission():
    people = cast()
    project = submitted(draft(people, crosses_departments=True))

    project = move(project, Transition.WITHDRAW, by=people.pm, now=NOW + DAY)

    submission = Submission.objects.get()
    assert (project.stage, submission.state, submission.decided_at) == (Stage.DRAFT, "withdrawn", NOW + DAY)
    assert list(submission.steps.values_list("state", "decided_by", "decided_at")) == [("void", None, None)] * 2
    assert owed(project) == set()
    assert verbs(project)[-1] == "project.withdraw"


def test_cancelling_while_submitted_ends_the_submission():
    people = cast()
    project = submitted(draft(people))

    project = move(project, Transition.CANCEL, by=people.pm, now=NOW, note="Bought instead.")

    assert (project.stage, Submission.objects.get().state, owed(project)) == (Stage.CANCELLED, "withdrawn", set())


def test_submission_ends_once():
    submitted(draft(cast()))
    submission = Submission.objects.get()
    end(submission, SubmissionState.WITHDRAWN, now=NOW)

    with pytest.raises(IllegalStateError):
        end(submission, SubmissionState.APPROVED, now=NOW)
    assert Submission.objects.get().state == SubmissionState.WITHDRAWN


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


# --- Asked again ------------------------------------------------------------------------------------------------------


def test_the_owner_asks_again_once_and_not_on_the_same_day():
    people = cast()
    step = pending_step(submitted(draft(people)))

    with pytest.raises(IllegalStateError, match="was asked today"):
        ask_again(step, by=people.pm, now=NOW)
    ask_again(step, by=people.pm, now=NOW + DAY)
    with pytest.raises(IllegalStateError, match="asked again already"):
        ask_again(step, by=people.pm, now=NOW + 3 * DAY)

    assert [person for person, event in told_of("approval_asked_again")] == [people.lead]
    assert AuditEntry.objects.get(verb="approval.asked_again").after == {"approver": people.lead.pk}


def test_only_the_owner_asks_again_and_only_while_it_is_open():
    people = cast()
    step = pending_step(submitted(draft(people)))

    with pytest.raises(PermissionDenied):
        ask_again(step, by=people.lead, now=NOW + DAY)
    decide(step, StepState.APPROVED, by=people.lead, now=NOW)
    with pytest.raises(IllegalStateError):
        ask_again(step, by=people.pm, now=NOW + DAY)

    assert told_of("approval_asked_again") == []


def told_of(event):
    rows = Delivery.objects.filter(event=event, channel="inbox").select_related("person")
    return [(row.person, row.event) for row in rows]
