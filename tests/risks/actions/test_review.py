from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Delivery, Obligation
from projects.enums import Part, Stage
from projects.models import Project, ProjectMember
from risks.actions.occurrence import close_risk
from risks.actions.review import (
    Answer,
    add_risk_while_assessing,
    assess,
    call_review,
    change_assessment,
    close_review,
)
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import InvitationState, ReviewKind, RiskState
from risks.models import Assessment, Review, ReviewInvitation, Risk, RiskEvent
from tests.factories.accounts import HolidayFactory, UserFactory
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db

HALF = Answer(Decimal("0.3"), Decimal(5))


def test_a_review_invites_and_the_engineer_owes_an_answer_in_two_working_days(case):
    review = call_review(case.project, [case.engineer], kind=ReviewKind.KICKOFF, by=case.owner, now=NOW)

    assert (review.kind, review.called_by, review.called_at, review.held_at) == (
        ReviewKind.KICKOFF,
        case.owner,
        NOW,
        None,
    )
    invitation = ReviewInvitation.objects.get()
    assert (invitation.person, invitation.state, invitation.answered_at) == (
        case.engineer,
        InvitationState.INVITED,
        None,
    )
    assert list(ProjectMember.objects.values_list("project", "person", "part")) == [
        (case.project.pk, case.engineer.pk, Part.ASSESSOR)
    ]
    owed = Obligation.objects.get(kind="assessment")
    assert (owed.person, owed.object_id, owed.project_id) == (case.engineer, invitation.pk, case.project.pk)
    assert owed.due_at == datetime(2026, 11, 25, 15, 59, 59, 999999, tzinfo=UTC)
    assert {row.person for row in Delivery.objects.filter(event="review_called")} == {case.engineer}
    assert AuditEntry.objects.get(verb="review.called").after["persons"] == [case.engineer.pk]


def test_the_reply_is_due_in_working_days_of_the_projects_site(case):
    HolidayFactory(site=case.project.site, day=datetime(2026, 11, 24, tzinfo=UTC).date())

    assert case.call().reply_by == datetime(2026, 11, 26, 15, 59, 59, 999999, tzinfo=UTC)


def test_an_invited_engineer_sees_a_restricted_project(case):
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)
    case.call()

    assert Project.objects.visible_to(case.engineer).filter(pk=case.project.pk).exists() is True
    assert Project.objects.visible_to(case.second).filter(pk=case.project.pk).exists() is False


def test_one_review_at_a_time(case):
    case.call()

    with pytest.raises(IllegalStateError):
        case.call(case.second)
    assert Review.objects.count() == 1


def test_a_review_needs_something_to_look_at(case):
    for risk in (case.network, case.terminals):
        close_risk(risk, outcome="No", by=case.owner, now=NOW)

    with pytest.raises(IllegalStateError):
        case.call()
    assert Review.objects.count() == 0


@pytest.mark.parametrize("who", ["engineer", "lead", "colleague"])
def test_only_the_owner_calls_a_review(case, who):
    with pytest.raises(PermissionDenied):
        call_review(case.project, [case.second], by=getattr(case, who), now=NOW)


def test_who_cannot_be_invited(case):
    owner_too = UserFactory(roles=[Role.PM, Role.ENGINEER])
    Project.objects.filter(pk=case.project.pk).update(owner=owner_too)
    case.project.refresh_from_db()
    gone = UserFactory(roles=[Role.ENGINEER], is_active=False)

    for persons in ([], [owner_too], [case.lead], [gone], [case.engineer, case.engineer]):
        with pytest.raises(InvalidInputError) as refusal:
            call_review(case.project, persons, by=owner_too, now=NOW)
        assert list(refusal.value.errors) == ["persons"]
    with pytest.raises(InvalidInputError):
        call_review(case.project, [case.engineer], kind="coffee", by=owner_too, now=NOW)
    assert Review.objects.count() == 0


def test_an_answer_is_kept_but_changes_nothing_others_see(case):
    case.call(case.engineer, case.second)
    before = Risk.objects.filter(pk=case.network.pk).values().get()

    assess(
        case.invitation(),
        case.network,
        Answer(Decimal("0.6"), Decimal(10), note="As last year"),
        by=case.engineer,
        now=NOW,
    )

    assessment = Assessment.objects.get()
    assert (assessment.probability, assessment.impact_days) == (Decimal("0.6"), Decimal(10))
    assert (assessment.note, assessment.is_not_my_field, assessment.made_at) == ("As last year", False, NOW)
    assert Risk.objects.filter(pk=case.network.pk).values().get() == before
    assert Project.objects.get(pk=case.project.pk).exposure_amount is None


def test_the_audit_says_that_he_answered_not_what(case):
    case.call(case.engineer, case.second)
    assess(
        case.invitation(),
        case.network,
        Answer(Decimal("0.6"), Decimal(10), note="As last year"),
        by=case.engineer,
        now=NOW,
    )
    change_assessment(case.invitation(), case.network, Answer(is_not_my_field=True), by=case.engineer, now=NOW)

    rows = AuditEntry.objects.filter(verb__startswith="risk.assess").order_by("pk")
    assert [(row.verb, row.actor, row.subject_type, row.subject_id, row.before, row.after) for row in rows] == [
        ("risk.assessed", case.engineer, "risks.risk", case.network.pk, None, None),
        ("risk.assessment_changed", case.engineer, "risks.risk", case.network.pk, None, None),
    ]


def test_not_my_field_is_a_full_answer_and_drops_what_was_touched(case):
    case.call()

    assess(
        case.invitation(),
        case.network,
        Answer(Decimal("0.6"), Decimal(1), is_not_my_field=True),
        by=case.engineer,
        now=NOW,
    )

    assessment = Assessment.objects.get()
    assert (assessment.is_not_my_field, assessment.probability, assessment.impact_days) == (True, None, None)


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (Answer(), ["probability", "impact_days"]),
        (Answer(Decimal("0.3")), ["impact_days"]),
        (Answer(impact_days=Decimal(1)), ["probability"]),
        (Answer(Decimal("1.01"), Decimal(1)), ["probability"]),
        (Answer(Decimal("NaN"), Decimal(1)), ["probability"]),
        (Answer(Decimal("0.3"), Decimal(-1)), ["impact_days"]),
        (Answer(Decimal("0.3"), Decimal(1), note="x" * 501), ["note"]),
    ],
)
def test_half_an_answer_is_none(case, answer, fields):
    case.call()

    with pytest.raises(InvalidInputError) as refusal:
        assess(case.invitation(), case.network, answer, by=case.engineer, now=NOW)

    assert list(refusal.value.errors) == fields
    assert Assessment.objects.count() == 0


def test_nobody_answers_for_another(case):
    case.call(case.engineer, case.second)
    invitation = case.invitation()

    for other in (case.second, case.owner, case.lead):
        with pytest.raises(PermissionDenied) as refusal:
            assess(invitation, case.network, HALF, by=other, now=NOW)
        assert str(refusal.value) == "Only Chen Siyuan answers this invitation."
    assert Assessment.objects.count() == 0


def test_a_card_is_answered_once(case):
    case.call()
    assess(case.invitation(), case.network, HALF, by=case.engineer, now=NOW)

    with pytest.raises(IllegalStateError):
        assess(case.invitation(), case.network, Answer(Decimal("0.9"), Decimal(20)), by=case.engineer, now=NOW)
    assert Assessment.objects.get().probability == Decimal("0.3")


def test_one_changes_his_own_answer_while_cards_are_left(case):
    case.call()
    assess(case.invitation(), case.network, HALF, by=case.engineer, now=NOW)

    change_assessment(case.invitation(), case.network, Answer(Decimal("0.9"), Decimal(20)), by=case.engineer, now=NOW)

    assessment = Assessment.objects.get()
    assert (assessment.probability, assessment.impact_days) == (Decimal("0.9"), Decimal(20))


def test_what_was_not_answered_cannot_be_changed(case):
    case.call()

    with pytest.raises(IllegalStateError):
        change_assessment(case.invitation(), case.network, HALF, by=case.engineer, now=NOW)


def test_after_the_last_card_the_answers_stand(case):
    case.call(case.engineer, case.second)
    invitation = case.invitation()
    case.answer_all()

    for deed in (assess, change_assessment):
        with pytest.raises(IllegalStateError):
            deed(invitation, case.network, HALF, by=case.engineer, now=NOW)


def test_nobody_assesses_outside_a_review(case):
    case.call()
    invitation = case.invitation()
    case.answer_all()
    late = raise_risk(case.project, event="Routers fail", by=case.owner, now=NOW)

    with pytest.raises(IllegalStateError) as refusal:
        assess(invitation, late, HALF, by=case.engineer, now=NOW)
    assert str(refusal.value.message) == "This review was held: its answers stand."


def test_a_risk_of_another_project_is_no_card(case):
    case.call()
    other = raise_risk(
        Project.objects.create(
            title="Other",
            owner=case.owner,
            site=case.project.site,
            stage=Stage.APPROVED,
            created_at=NOW,
            updated_at=NOW,
        ),
        event="Foreign",
        by=case.owner,
        now=NOW,
    )

    with pytest.raises(IllegalStateError):
        assess(case.invitation(), other, HALF, by=case.engineer, now=NOW)


def test_the_last_card_finishes_the_invitation_and_the_last_invitation_the_review(case):
    review = case.call(case.engineer, case.second)
    case.answer_all("0.3", 5)

    review.refresh_from_db()
    assert review.held_at is None
    assert list(review.invitations.order_by("pk").values_list("state", "answered_at")) == [
        (InvitationState.ANSWERED, NOW),
        (InvitationState.INVITED, None),
    ]
    assert list(Obligation.objects.open().filter(kind="assessment").values_list("person", flat=True)) == [
        case.second.pk
    ]

    case.answer_all("0.6", 10, person=case.second)

    review.refresh_from_db()
    assert review.held_at == NOW
    assert Obligation.objects.open().filter(kind="assessment").count() == 0


def test_estimates_are_combined_by_the_median_when_the_review_is_held(case):
    third = UserFactory(roles=[Role.ENGINEER])
    case.call(case.engineer, case.second, third)
    case.answer_all("0.1", 3)
    case.answer_all("0.9", 20, person=case.second)
    assert Risk.objects.get(pk=case.network.pk).probability is None

    case.answer_all("0.3", 5, person=third)

    case.network.refresh_from_db()
    assert (case.network.probability, case.network.impact_days) == (Decimal("0.3"), Decimal(5))
    assert case.network.state == RiskState.ASSESSED
    assert list(RiskEvent.objects.filter(risk=case.network).values_list("from_state", "to_state", "actor", "at")) == [
        (RiskState.IDENTIFIED, RiskState.ASSESSED, None, NOW)
    ]


def test_two_answers_are_combined_in_the_middle(case):
    case.call(case.engineer, case.second)
    case.answer_all("0.03", 0)
    case.answer_all("0.10", 5, person=case.second)

    case.network.refresh_from_db()
    assert (case.network.probability, case.network.impact_days) == (Decimal("0.065"), Decimal("2.5"))


def test_not_my_field_counts_for_the_answer_and_not_for_the_estimate(case):
    case.call(case.engineer, case.second)
    for risk in (case.network, case.terminals):
        assess(case.invitation(), risk, Answer(is_not_my_field=True), by=case.engineer, now=NOW)
    case.answer_all("0.6", 3, person=case.second)

    case.network.refresh_from_db()
    assert (case.network.probability, case.network.impact_days) == (Decimal("0.6"), Decimal(3))


def test_where_it_is_nobodys_field_the_risk_stays_as_it_was(case):
    case.call()
    for risk in (case.network, case.terminals):
        assess(case.invitation(), risk, Answer(is_not_my_field=True), by=case.engineer, now=NOW)

    case.network.refresh_from_db()
    assert Review.objects.get().held_at == NOW
    assert (case.network.state, case.network.probability) == (RiskState.IDENTIFIED, None)


def test_held_the_owner_is_told_and_owes_money_and_answers(case):
    case.reviewed()

    owed = Obligation.objects.get(kind="value_risks")
    assert (owed.person, owed.object_id) == (case.owner, case.project.pk)
    assert owed.due_at == datetime(2026, 11, 26, 15, 59, 59, 999999, tzinfo=UTC)
    assert {row.person for row in Delivery.objects.filter(event="review_held")} == {case.owner}
    entry = AuditEntry.objects.get(verb="risk.estimated", subject_id=case.network.pk)
    assert (entry.actor, entry.before["probability"], entry.after["probability"]) == (None, None, "0.300000")


def test_money_that_stood_already_makes_the_exposure_when_the_review_is_held(case):
    edit_risk(case.network, {"impact_amount": Decimal(100_000)}, version=1, by=case.owner, now=NOW)

    case.reviewed()

    case.project.refresh_from_db()
    assert case.network.exposure_amount == Decimal("30000.00")
    assert case.project.exposure_amount == Decimal("30000.00")


def test_a_second_review_replaces_the_estimate_and_keeps_the_state(case):
    case.reviewed()
    Risk.objects.filter(pk=case.network.pk).update(state=RiskState.PLANNED)

    case.call(case.second)
    case.answer_all("0.9", 20, person=case.second)

    case.network.refresh_from_db()
    assert (case.network.probability, case.network.impact_days) == (Decimal("0.9"), Decimal(20))
    assert case.network.state == RiskState.PLANNED


def test_the_owner_may_close_a_review_with_the_cards_that_are_answered(case):
    review = case.call(case.engineer, case.second)
    assess(case.invitation(), case.network, HALF, by=case.engineer, now=NOW)

    held = close_review(review, by=case.owner, now=NOW)

    assert held.held_at == NOW
    assert list(held.invitations.values_list("state", flat=True)) == [InvitationState.INVITED, InvitationState.INVITED]
    assert Obligation.objects.open().filter(kind="assessment").count() == 0
    assert list(Risk.objects.order_by("pk").values_list("state", flat=True)) == [
        RiskState.ASSESSED,
        RiskState.IDENTIFIED,
    ]


def test_without_any_answer_a_review_is_not_closed_and_never_twice(case):
    review = case.call(case.engineer)
    with pytest.raises(IllegalStateError):
        close_review(review, by=case.owner, now=NOW)
    case.answer_all()

    with pytest.raises(IllegalStateError):
        close_review(review, by=case.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        close_review(review, by=case.engineer, now=NOW)


def test_a_risk_added_while_assessing_is_one_more_card(case):
    review = case.call()
    for risk in (case.network,):
        assess(case.invitation(), risk, HALF, by=case.engineer, now=NOW)

    added = add_risk_while_assessing(case.invitation(), event="Scanners need new firmware", by=case.engineer, now=NOW)

    assert (added.raised_by, added.owner, added.is_raised_in_flight) == (case.engineer, case.owner, False)
    assess(case.invitation(), case.terminals, HALF, by=case.engineer, now=NOW)
    review.refresh_from_db()
    assert review.held_at is None
    assess(case.invitation(), added, HALF, by=case.engineer, now=NOW)
    review.refresh_from_db()
    assert review.held_at == NOW


def test_only_the_invited_adds_a_risk_by_the_invitation(case):
    case.call()

    with pytest.raises(PermissionDenied):
        add_risk_while_assessing(case.invitation(), event="Mine", by=case.second, now=NOW)


def test_when_the_last_open_card_goes_away_the_invitation_is_finished(case):
    review = case.call()
    assess(case.invitation(), case.network, HALF, by=case.engineer, now=NOW)

    close_risk(case.terminals, outcome="The terminals are here", by=case.owner, now=NOW)

    review.refresh_from_db()
    assert review.held_at == NOW
    assert ReviewInvitation.objects.get().state == InvitationState.ANSWERED


def test_where_nothing_is_missing_the_owner_owes_nothing(case):
    for risk in (case.network, case.terminals):
        edit_risk(risk, {"impact_amount": Decimal(100)}, version=1, by=case.owner, now=NOW)

    case.reviewed()

    assert Obligation.objects.filter(kind="value_risks").count() == 0
