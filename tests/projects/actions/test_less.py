"""Approving for less: what is offered, what the owner answers, and what is granted then."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.assumptions import Answer
from projects.actions.change import change_budget, change_scope
from projects.actions.decision import decide
from projects.actions.less import accept_less, approve_for_less, revise_less
from projects.actions.renewal import changed_content, submit_anew, terms_of, terms_today
from projects.actions.stage import move
from projects.business_inputs import case_of, digest_of, preferred
from projects.enums import Basis, CostKind, Stage, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Change, CostLine, Grant, Project, Submission
from projects.summaries import budget_of
from tests.factories.projects import (
    DAY,
    NOW,
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


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def step(people):
    return pending_step(submitted(draft(people, material_amount=Decimal(12000), material_label="Scanners")))


def key(step, kind):
    return CostLine.objects.get(project=step.submission.project, kind=kind).pk


def offered(step, *, kind="full", days=None, money=None, **how):
    caps = {}
    if days is not None:
        caps[key(step, CostKind.PEOPLE)] = Decimal(days)
    if money is not None:
        caps[key(step, CostKind.MATERIAL)] = Decimal(money)
    values = {"kind": kind, "caps": caps, "reason": "One hub first.", "by": step.approver, "now": NOW} | how
    return approve_for_less(step, **values)


def grants(project):
    rows = Grant.objects.filter(project=project, released_at=None)
    return set(rows.values_list("kind", "person_days", "amount", "granted_by__name"))


def test_the_owner_is_offered_less_and_decides_himself(people, step):
    given = offered(step, days=8, money=9000)

    submission = Submission.objects.get()
    project = Project.objects.get()
    assert (given.state, given.decided_by, submission.state) == (
        StepState.FOR_LESS,
        people.lead,
        SubmissionState.PENDING,
    )
    assert project.stage == Stage.SUBMITTED
    assert owed(project) == {("less_answer", "Pia Manager")}
    assert ("approved_for_less", "Pia Manager") in told(project)
    assert not Grant.objects.exists()
    less = submission.read_approved()
    assert (case_of(less).cost, case_of(less).benefit) == (Decimal("21800.00"), Decimal("216000.00"))
    assert case_of(submission.read()).cost == Decimal("28000.00")
    assert submission.digest == digest_of(submission.content)
    assert AuditEntry.objects.get(verb="approval.for_less").after == {
        "submission": 1,
        "digest": submission.digest,
        "less": digest_of(submission.less),
        "option": "full",
        "reason": "One hub first.",
    }


def test_accepting_grants_exactly_what_was_offered(people, step):
    given = offered(step, days=8, money=9000)

    project = accept_less(given, by=people.pm, now=NOW + DAY)

    project = Project.objects.get(pk=project.pk)
    submission = Submission.objects.get()
    assert (project.stage, submission.state, submission.decided_at) == (
        Stage.APPROVED,
        SubmissionState.FOR_LESS,
        NOW + DAY,
    )
    assert grants(project) == {
        (CostKind.PEOPLE, Decimal(8), None, "Lea Lead"),
        (CostKind.MATERIAL, None, Decimal(9000), "Lea Lead"),
    }
    assert owed(project) == {("prepare", "Pia Manager")}
    assert ("less_answered", "Lea Lead") in told(project)
    assert verbs(project)[-3:] == ["less.accepted", "resources.granted", "project.approve"]
    change = project.stage_changes.get(transition=Transition.APPROVE)
    assert (change.actor, change.note) == (None, "One hub first.")


def test_revising_makes_a_draft_of_it_with_what_was_offered_kept(people, step):
    given = offered(step, days=8)

    project = revise_less(given, by=people.pm, now=NOW)

    submission = Submission.objects.get()
    assert (project.stage, submission.state) == (Stage.DRAFT, SubmissionState.ASKED_BACK)
    assert preferred(submission.read_approved())["costs"][0]["person_days"] == "8"
    assert owed(project) == {("rework", "Pia Manager")}
    assert ("less_answered", "Lea Lead") in told(project)
    assert not Grant.objects.exists()
    assert submitted(project).stage == Stage.SUBMITTED


@pytest.mark.parametrize(("transition", "stage"), [("withdraw", Stage.DRAFT), ("cancel", Stage.CANCELLED)])
def test_withdrawing_leaves_nothing_to_answer(people, step, transition, stage):
    given = offered(step, days=8)

    project = move(step.submission.project, Transition(transition), by=people.pm, now=NOW, note="No.")

    assert (project.stage, Submission.objects.get().state) == (stage, SubmissionState.WITHDRAWN)
    assert owed(project) == set()
    for answer in (accept_less, revise_less):
        with pytest.raises(IllegalStateError):
            answer(given, by=people.pm, now=NOW)


def test_another_option_is_taken_whole_and_becomes_the_projects(people):
    project = submitted(draft(people, person_days=Decimal(30)))
    project = decided(project, StepState.APPROVED)
    step = pending_step(project)

    given = approve_for_less(step, kind="low_cost", caps={}, reason="Enough.", by=people.boss, now=NOW)
    accept_less(given, by=people.pm, now=NOW)

    assert project.options.get(is_preferred=True).kind == "low_cost"
    assert Project.objects.get(pk=project.pk).stage == Stage.APPROVED


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"days": 11}, "cap_1"),
        ({"days": "-1"}, "cap_1"),
        ({"days": "NaN"}, "cap_1"),
        ({"money": "12000.01"}, "cap_2"),
        ({"days": 10, "money": 12000}, "caps"),
        ({}, "caps"),
        ({"days": 8, "reason": " "}, "reason"),
        ({"kind": "nothing"}, "kind"),
        ({"kind": "low_cost"}, "kind"),
    ],
)
def test_less_is_less_and_has_a_reason(step, values, field):
    with pytest.raises(InvalidInputError) as error:
        offered(step, **values)

    (name,) = error.value.errors
    assert name == field
    assert pending_step(step.submission.project) == step


def test_nobody_caps_a_line_of_another_pitch(people, step):
    other = submitted(draft(cast()))

    with pytest.raises(InvalidInputError):
        approve_for_less(
            step, kind="full", caps={other.cost_lines.get().pk: Decimal(1)}, reason="So", by=people.lead, now=NOW
        )


def test_only_whose_turn_it_is_offers_less_and_only_once(people):
    project = submitted(draft(people, person_days=Decimal(30)))
    decided(project, StepState.APPROVED)
    last = pending_step(project)
    for name in ("pm", "lead", "engineer"):
        with pytest.raises(PermissionDenied):
            offered(last, days=8, by=getattr(people, name))

    offered(last, days=8)
    with pytest.raises(IllegalStateError):
        offered(last, days=7)
    with pytest.raises(IllegalStateError):
        decide(ApprovalStep.objects.get(pk=last.pk), StepState.APPROVED, by=people.boss, now=NOW)


def test_after_an_earlier_offer_the_next_decides_on_what_is_left(people):
    project = submitted(draft(people, person_days=Decimal(30)))
    first = offered(pending_step(project), days=20)
    assert not ApprovalStep.objects.filter(state=StepState.PENDING).exists()

    accept_less(first, by=people.pm, now=NOW)

    last = pending_step(project)
    assert (last.approver, preferred(last.read())["costs"][0]["person_days"]) == (people.boss, "20")
    assert (Project.objects.get().stage, owed(project)) == (Stage.SUBMITTED, {("approval", "Bo Boss")})
    with pytest.raises(IllegalStateError):
        offered(last, days=10)
    with pytest.raises(InvalidInputError):
        decide(last, StepState.APPROVED, by=people.boss, now=NOW, granted_days=Decimal(21))
    decide(last, StepState.APPROVED, by=people.boss, now=NOW)
    assert Project.objects.get().stage == Stage.APPROVED
    assert Submission.objects.get().state == SubmissionState.FOR_LESS
    assert grants(project) == {("people", Decimal(20), None, "Bo Boss")}


def test_what_was_agreed_for_less_may_still_be_declined(people):
    project = submitted(draft(people, person_days=Decimal(30)))
    accept_less(offered(pending_step(project), days=20), by=people.pm, now=NOW)

    decided(project, StepState.DECLINED, reason="No.")

    assert (Project.objects.get().stage, Submission.objects.get().state) == (Stage.DECLINED, SubmissionState.DECLINED)
    assert not Grant.objects.exists()


def test_only_the_owner_answers_and_only_what_was_offered(people, step):
    with pytest.raises(IllegalStateError):
        accept_less(step, by=people.pm, now=NOW)
    given = offered(step, days=8)
    for answer in (accept_less, revise_less):
        with pytest.raises(PermissionDenied):
            answer(given, by=people.lead, now=NOW)

    accept_less(given, by=people.pm, now=NOW)
    with pytest.raises(IllegalStateError):
        accept_less(given, by=people.pm, now=NOW)


@pytest.fixture
def renewal(people):
    """A running project of 16,000 that asks for 4,000 more."""
    project = in_delivery(draft(people), people)
    change_budget(project, Decimal(4000), reason="Labels", by=people.pm, now=NOW)
    version = Project.objects.get(pk=project.pk).version
    submit_anew(project, reason="Still.", version=version, by=people.pm, now=NOW)
    return pending_step(project)


def test_what_runs_is_approved_for_less_and_its_budget_follows(people, renewal):
    project = renewal.submission.project

    # Two of ten days less, at 1,600.
    accept_less(offered(renewal, days=8), by=people.pm, now=NOW)

    project = Project.objects.get(pk=project.pk)
    assert (project.stage, project.approval_void_at) == (Stage.IN_DELIVERY, None)
    assert [one.state for one in project.submissions.order_by("number")] == [
        SubmissionState.VOID,
        SubmissionState.FOR_LESS,
    ]
    assert budget_of(project) == Decimal(16800)
    assert grants(project) == {("people", Decimal(8), None, "Lea Lead"), ("material", None, Decimal(4000), "Lea Lead")}
    last = Change.objects.filter(project=project).latest("number")
    assert (last.kind, last.after, last.reason, last.made_by) == ("budget", "16800", "One hub first.", people.pm)
    assert terms_of(project.submissions.get(number=2)) == terms_today(project)
    # The next new approval asks for what is the budget then, neither more nor less.
    change_budget(project, Decimal(5000), reason="More labels", by=people.pm, now=NOW)
    assert case_of(changed_content(Project.objects.get(pk=project.pk))).cost == Decimal(21800)


def test_an_owner_who_revises_a_renewal_owes_it_anew(people, renewal):
    revise_less(offered(renewal, days=8), by=people.pm, now=NOW)

    project = Project.objects.get()
    assert (project.stage, project.approval_void_at, budget_of(project)) == (Stage.IN_DELIVERY, NOW, Decimal(20000))
    assert project.submissions.latest("number").state == SubmissionState.ASKED_BACK
    assert ("renewal", "Pia Manager") in owed(project)


def test_less_that_rests_on_judgement_is_accepted_in_so_many_words(people):
    step = pending_step(submitted(draft(people, basis=Basis.JUDGEMENT)))

    with pytest.raises(InvalidInputError) as error:
        offered(step, days=8)
    assert set(error.value.errors) == {"own-benefits-0-probability"}

    given = offered(step, days=8, answers=[Answer("benefits-0-probability")])
    assert [(one.key, one.verdict) for one in given.answers.all()] == [("benefits-0-probability", "accepted")]


def test_what_was_approved_for_less_is_what_a_change_voids_and_a_new_approval_builds_on(people, step):
    accept_less(offered(step, days=8, money=9000), by=people.pm, now=NOW)
    project = in_delivery(Project.objects.get(), people)
    assert project.baseline_cost_amount == Decimal("21800.00")

    change_scope(project, "No nights", reason="Noise", by=people.pm, now=NOW)

    assert Submission.objects.get().state == SubmissionState.VOID
    assert case_of(changed_content(project)).cost == Decimal("21800.00")
