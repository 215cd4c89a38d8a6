import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import GateError, IllegalStateError
from portal.notifications.models import Delivery
from portal.policy.store import change
from projects import policy
from projects.actions.decision import decide
from projects.actions.pitch import save_pitch
from projects.actions.stage import move
from projects.actions.submission import approvers_of, ask_again, end
from projects.business_inputs import canonical
from projects.enums import Stage, StepState, SubmissionState, Tier
from projects.lifecycle import Transition
from projects.models import Submission
from tests.factories.accounts import HolidayFactory, UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    WANTED,
    ProjectFactory,
    approved,
    cast,
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
        "version": 5,
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
                        "unit_benefit_low": None,
                        "unit_benefit_high": None,
                        "reach_low": None,
                        "reach_high": None,
                        "probability_low": None,
                        "probability_high": None,
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
