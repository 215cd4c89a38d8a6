from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Delivery, Obligation
from projects.enums import Tier
from projects.models import FollowUp, Project
from risks.actions.meeting import Condition, Outcome, agree_estimate, conclude_review, move_review
from risks.actions.review import Answer, Meeting, assess, close_review
from risks.enums import Conclusion, RiskState
from risks.models import AgreedEstimate, Review, ReviewInvitation, Risk
from risks.notifications import review_moved as moves
from risks.summaries import forecast_of
from tests.risks.conftest import NOW, TOMORROW

pytestmark = pytest.mark.django_db

PASSED = Outcome(Conclusion.PASSED)
FIGURES: dict[str, Any] = {
    "probability": Decimal("0.25"),
    "impact_days": Decimal(4),
    "reason": "As at the last two hubs",
}


def owed(kind, **more):
    return Obligation.objects.open().filter(kind=kind, **more)


def test_a_meeting_is_called_with_time_and_place_and_the_owner_owes_it(case):
    review = case.call(case.engineer, case.second, meeting=TOMORROW)

    assert (review.meets_at, review.place) == (TOMORROW.at, "Room 3.12")
    # Answers are wanted before people meet.
    assert review.reply_by == TOMORROW.at
    assert [row.due_at for row in owed("assessment")] == [TOMORROW.at] * 2
    assert [(row.person, row.due_at) for row in owed("review_conclusion", object_id=review.pk)] == [
        (case.owner, TOMORROW.at)
    ]
    assert AuditEntry.objects.get(verb="review.called").after["place"] == "Room 3.12"


def led_by(person):
    return replace(TOMORROW, facilitator=person)


def test_facilitator_leads_it_and_owes_its_conclusion(case):
    review = case.call(case.engineer, meeting=led_by(case.colleague))
    assert [row.person for row in owed("review_conclusion")] == [case.colleague]
    case.answer_all()

    for act, given in (
        (close_review, ()),
        (conclude_review, (PASSED,)),
    ):
        with pytest.raises(PermissionDenied, match="Only the facilitator and the owner"):
            act(review, *given, by=case.engineer, now=NOW)
    shown = close_review(review, by=case.colleague, now=NOW)
    agree_estimate(shown, case.network, **FIGURES, by=case.colleague, now=NOW)
    done = conclude_review(shown, PASSED, by=case.colleague, now=NOW)

    assert done.concluded_by == case.colleague
    assert not owed("review_conclusion").exists()
    assert {row.person for row in Delivery.objects.filter(event="review_concluded")} == {case.engineer, case.owner}


def test_whoever_leads_it_next_owes_it_instead(case):
    review = case.call(case.engineer, meeting=led_by(case.colleague))

    moved = move_review(review, led_by(case.second), by=case.colleague, now=NOW)
    assert [row.person for row in owed("review_conclusion")] == [case.second]
    # It meets when and where it did: for those invited that is no news.
    assert not Delivery.objects.filter(event="review_moved").exists()
    with pytest.raises(PermissionDenied):
        move_review(moved, TOMORROW, by=case.colleague, now=NOW)
    move_review(moved, TOMORROW, by=case.owner, now=NOW)

    assert [row.person for row in owed("review_conclusion")] == [case.owner]
    assert Review.objects.get().leader == case.owner


def test_nobody_leads_what_he_may_not_see(case):
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)

    with pytest.raises(InvalidInputError) as refusal:
        case.call(case.engineer, meeting=led_by(case.colleague))

    assert list(refusal.value.errors) == ["facilitator"]


def test_a_meeting_that_is_past_is_refused(case):
    with pytest.raises(InvalidInputError) as refusal:
        case.call(meeting=Meeting(NOW - timedelta(minutes=1)))
    assert list(refusal.value.errors) == ["meets_on"]
    assert Review.objects.count() == 0


def test_the_last_answer_shows_nothing_where_people_meet(case):
    case.call(case.engineer, meeting=TOMORROW)
    case.answer_all()

    review = Review.objects.get()
    assert (review.held_at, owed("assessment").count()) == (None, 0)
    assert Risk.objects.get(pk=case.network.pk).probability is None
    close_review(review, by=case.owner, now=NOW)
    assert Risk.objects.get(pk=case.network.pk).probability == Decimal("0.3")


def test_one_review_is_concluded_before_the_next_is_called(case):
    review = case.meet()

    with pytest.raises(IllegalStateError):
        case.call(case.second)
    conclude_review(review, PASSED, by=case.owner, now=NOW)
    assert case.call(case.second).pk != review.pk


@pytest.mark.parametrize(("tier", "count"), [(Tier.LIGHT, 0), (Tier.STANDARD, 1), (Tier.MAJOR, 1)])
def test_above_light_a_question_wants_a_conclusion_too(case, tier, count):
    Project.objects.filter(pk=case.project.pk).update(tier=tier)
    case.reviewed()

    assert owed("review_conclusion", person=case.owner).count() == count


def told_of_moves():
    rows = Delivery.objects.filter(event="review_moved", channel="inbox").order_by("pk")
    return [moves([row.object_id])[row.object_id].sentence for row in rows]


def test_each_move_is_news_once_and_the_same_time_again_is_none(case):
    review = case.call(meeting=TOMORROW)
    for days in (1, 1, 2):
        move_review(review, Meeting(TOMORROW.at + timedelta(days=days), "Room 1"), by=case.owner, now=NOW)
    assert [sentence.partition("moved: ")[2] for sentence in told_of_moves()] == [
        "not Tue 24 Nov, 06:30, Room 3.12 but Wed 25 Nov, 06:30, Room 1",
        "not Wed 25 Nov, 06:30, Room 1 but Thu 26 Nov, 06:30, Room 1",
    ]


def test_a_question_that_becomes_a_meeting_says_when(case):
    review = case.call()
    move_review(review, TOMORROW, by=case.owner, now=NOW)
    assert told_of_moves() == [f"The {review} meets on Tue 24 Nov, 06:30, Room 3.12"]


# ── moving ──────────────────────────────────────────────────────────────


def test_a_moved_review_moves_what_is_owed_and_tells_the_invited(case):
    review = case.call(case.engineer, case.second, meeting=TOMORROW)
    case.answer_all()
    later = Meeting(TOMORROW.at + timedelta(days=1), "https://meet.example.com/4")

    moved = move_review(review, later, by=case.owner, now=NOW)

    assert (moved.meets_at, moved.place, moved.has_link) == (later.at, later.place, True)
    assert owed("review_conclusion").get().due_at == later.at
    assert {row.person for row in Delivery.objects.filter(event="review_moved")} == {case.engineer, case.second}
    entry = AuditEntry.objects.get(verb="review.moved")
    said = moves([entry.pk])[entry.pk].sentence
    assert said == f"The {review} moved: not Tue 24 Nov, 06:30, Room 3.12 but Wed 25 Nov, 06:30, {later.place}"
    assert (entry.before["place"], entry.after["place"]) == ("Room 3.12", later.place)


def test_a_question_becomes_a_meeting(case):
    review = move_review(case.call(), TOMORROW, by=case.owner, now=NOW)

    assert (review.is_meeting, review.reply_by) == (True, TOMORROW.at)
    assert owed("review_conclusion").count() == 1


def test_what_was_held_is_not_moved(case):
    with pytest.raises(IllegalStateError):
        move_review(case.meet(), TOMORROW, by=case.owner, now=NOW)


# ── agreeing ────────────────────────────────────────────────────────────


def test_the_agreed_figures_become_those_of_the_risk_and_keep_their_reason(case):
    review = case.meet(case.engineer, case.second)
    Risk.objects.filter(pk=case.network.pk).update(impact_amount=Decimal(100_000), exposure_amount=Decimal(30_000))

    agreed = agree_estimate(review, case.network, **FIGURES, by=case.owner, now=NOW)

    risk = Risk.objects.get(pk=case.network.pk)
    assert (risk.probability, risk.impact_days, risk.exposure_amount) == (Decimal("0.25"), 4, Decimal(25_000))
    assert forecast_of(case.project).expected_loss == Decimal(25_000)
    assert (agreed.reason, agreed.set_by) == ("As at the last two hubs", case.owner)
    assert AuditEntry.objects.get(verb="risk.estimate_agreed").after["reason"] == agreed.reason
    # What each had said stays as it was.
    assert set(case.network.assessments.values_list("probability", flat=True)) == {Decimal("0.3")}


def test_what_was_agreed_may_be_agreed_anew_until_the_conclusion(case):
    review = case.meet()
    agree_estimate(review, case.network, **FIGURES, by=case.owner, now=NOW)
    agree_estimate(review, case.network, **FIGURES | {"impact_days": Decimal(9)}, by=case.owner, now=NOW)

    assert AgreedEstimate.objects.get().impact_days == 9
    conclude_review(review, PASSED, by=case.owner, now=NOW)
    with pytest.raises(IllegalStateError):
        agree_estimate(review, case.network, **FIGURES, by=case.owner, now=NOW)


def test_where_it_was_nobodys_field_the_room_may_still_agree(case):
    review = case.call(meeting=TOMORROW)
    for risk in (case.network, case.terminals):
        assess(case.invitation(), risk, Answer(is_not_my_field=True), by=case.engineer, now=NOW)
    close_review(review, by=case.owner, now=NOW)

    agree_estimate(review, case.network, **FIGURES, by=case.owner, now=NOW)

    assert Risk.objects.get(pk=case.network.pk).state == RiskState.ASSESSED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"probability": Decimal("1.1")}, "probability"),
        ({"impact_days": Decimal(-1)}, "impact_days"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_figures_that_cannot_be_are_refused(case, wrong, field):
    review = case.meet()

    with pytest.raises(InvalidInputError) as refusal:
        agree_estimate(review, case.network, **FIGURES | wrong, by=case.owner, now=NOW)
    assert list(refusal.value.errors) == [field]
    assert AgreedEstimate.objects.count() == 0


def test_nobody_agrees_on_anything_while_it_is_blind(case):
    review = case.call(case.engineer, case.second)

    with pytest.raises(IllegalStateError):
        agree_estimate(review, case.network, **FIGURES, by=case.owner, now=NOW)


# ── concluding ──────────────────────────────────────────────────────────


def test_conditions_become_follow_ups_with_owner_and_day(case):
    review = case.meet(case.engineer, case.second)
    conditions = [Condition("Spare routers in the hub", case.engineer, date(2026, 12, 4))]
    outcome = Outcome(Conclusion.WITH_CONDITIONS, "The network worries most", conditions, {case.engineer.pk})

    conclude_review(review, outcome, by=case.owner, now=NOW)

    review.refresh_from_db()
    assert (review.conclusion, review.summary, review.concluded_by, review.concluded_at) == (
        Conclusion.WITH_CONDITIONS,
        "The network worries most",
        case.owner,
        NOW,
    )
    follow_up = FollowUp.objects.get()
    assert (follow_up.origin, follow_up.title, follow_up.owner, follow_up.due_on) == (
        "review",
        "Spare routers in the hub",
        case.engineer,
        date(2026, 12, 4),
    )
    assert list(ReviewInvitation.objects.order_by("pk").values_list("person", "has_attended")) == [
        (case.engineer.pk, True),
        (case.second.pk, False),
    ]
    assert owed("review_conclusion").count() == 0
    assert owed("follow_up", person=case.engineer).count() == 1
    assert {row.person for row in Delivery.objects.filter(event="review_concluded")} == {case.engineer, case.second}


@pytest.mark.parametrize(
    ("outcome", "field"),
    [
        (Outcome(Conclusion.WITH_CONDITIONS), "condition_1"),
        (Outcome(Conclusion.NOT_PASSED), "summary"),
        (Outcome(Conclusion.PASSED, "x" * 4001), "summary"),
    ],
)
def test_a_conclusion_that_lacks_its_half_is_refused(case, outcome, field):
    review = case.meet()

    with pytest.raises(InvalidInputError) as refusal:
        conclude_review(review, outcome, by=case.owner, now=NOW)
    assert list(refusal.value.errors) == [field]
    assert Review.objects.get(pk=review.pk).conclusion == ""


def test_a_condition_that_cannot_be_says_which_one(case):
    review = case.meet()
    late = Condition("Routers", case.engineer, date(2026, 11, 1), number=2)

    with pytest.raises(InvalidInputError) as refusal:
        conclude_review(review, Outcome(Conclusion.WITH_CONDITIONS, conditions=[late]), by=case.owner, now=NOW)
    assert list(refusal.value.errors) == ["due_on_2"]
    passed = replace(PASSED, conditions=[late])
    with pytest.raises(InvalidInputError):
        conclude_review(review, passed, by=case.owner, now=NOW)
    assert FollowUp.objects.count() == 0


def test_it_is_concluded_once_and_not_while_it_is_blind(case):
    review = case.call(meeting=TOMORROW)
    with pytest.raises(IllegalStateError):
        conclude_review(review, PASSED, by=case.owner, now=NOW)
    case.answer_all()
    close_review(review, by=case.owner, now=NOW)
    conclude_review(review, PASSED, by=case.owner, now=NOW)
    with pytest.raises(IllegalStateError):
        conclude_review(review, Outcome(Conclusion.NOT_PASSED, "No"), by=case.owner, now=NOW)
    assert Review.objects.get().conclusion == Conclusion.PASSED


@pytest.mark.parametrize("who", ["engineer", "lead", "colleague"])
def test_only_the_owner_runs_the_review(case, who):
    review, person = case.meet(), getattr(case, who)

    for deed in (
        lambda: move_review(review, TOMORROW, by=person, now=NOW),
        lambda: agree_estimate(review, case.network, **FIGURES, by=person, now=NOW),
        lambda: conclude_review(review, PASSED, by=person, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_review_not_held_stays_owed_after_its_day(case):
    review = case.call(meeting=TOMORROW)

    row = owed("review_conclusion").get()
    assert (row.object_id, row.due_at < datetime(2026, 11, 25, tzinfo=UTC)) == (review.pk, True)
