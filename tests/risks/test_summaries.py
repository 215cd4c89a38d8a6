from datetime import date
from decimal import Decimal

import pytest

from projects.enums import Stage
from risks.actions.review import Answer, assess
from risks.enums import PlanVerdict, RiskState
from risks.models import Risk
from risks.summaries import (
    engineers_view,
    for_lines,
    forecast_of,
    hand_of,
    in_cell,
    lines_of,
    matrix_counts,
    outcome_counts,
    register_of,
    review_standing,
    risk_totals,
    top_risks,
    totals_of,
    unsettled_counts,
)
from tests.factories.projects import ProjectFactory
from tests.factories.risks import AcceptanceFactory, MitigationFactory, PlanBFactory, RiskFactory
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
LINE = Decimal(20_000)


def risk_of(project, chance=None, money=None, **values):
    return RiskFactory(
        project=project,
        probability=None if chance is None else Decimal(chance),
        impact_amount=None if money is None else Decimal(money),
        **values,
    )


def test_totals_count_what_is_open_above_and_unanswered():
    project = ProjectFactory(stage=Stage.APPROVED)
    risk_of(project, "0.3", 420_000)
    PlanBFactory(risk=risk_of(project, "0.3", 350_000))
    AcceptanceFactory(risk=risk_of(project, "0.9", 100_000), until=date(2026, 11, 22))
    risk_of(project, "0.5", 40_000)
    risk_of(project, "0.6")
    risk_of(project, "0.9", 999_999, state=RiskState.CLOSED)
    risk_of(project, "0.9", 999_999, state=RiskState.OCCURRED, occurred_at=NOW)

    totals = risk_totals(project, user=project.owner, today=TODAY)

    assert (totals.open, totals.above, totals.unanswered, totals.unknown) == (5, 3, 2, 1)
    assert (totals.mine, totals.happened) == (5, 1)
    assert totals.expected_loss == Decimal("341000.00")


def test_what_a_project_that_is_over_left_open_counts_no_more():
    over = ProjectFactory(stage=Stage.CANCELLED)
    risk_of(over, "0.3", 420_000)

    totals = totals_of(Risk.objects.all(), user=over.owner, line=LINE, today=TODAY)

    assert (totals.open, totals.above, totals.mine, totals.expected_loss) == (0, 0, 0, None)


def test_totals_take_one_query(django_assert_num_queries):
    project = ProjectFactory()
    risk_of(project, "0.3", 420_000)

    with django_assert_num_queries(1):
        totals_of(Risk.objects.all(), user=project.owner, line=LINE, today=TODAY)


def test_a_forecast_knows_nothing_of_an_empty_register_and_expects_nothing_of_a_settled_one():
    empty, settled, unknown = ProjectFactory(), ProjectFactory(), ProjectFactory()
    risk_of(settled, "0.3", 100, state=RiskState.CLOSED)
    risk_of(unknown, "0.3")

    assert (forecast_of(empty).expected_loss, forecast_of(empty).p80) == (None, None)
    assert (forecast_of(settled).expected_loss, forecast_of(settled).p80) == (Decimal("0.00"), Decimal("0.00"))
    forecast = forecast_of(unknown)
    assert (forecast.expected_loss, forecast.p80, forecast.known, forecast.unknown) == (None, None, 0, 1)


def test_a_forecast_sums_what_is_known_and_says_what_it_left_out():
    project = ProjectFactory()
    MitigationFactory(risk=risk_of(project, "0.5", 1000), cost_amount=Decimal("12.50"))
    MitigationFactory(risk=risk_of(project, "0.1", 200, state=RiskState.CLOSED), cost_amount=Decimal(100))
    risk_of(project, "0.1", 50)
    risk_of(project)

    forecast = forecast_of(project)

    assert (forecast.expected_loss, forecast.p80) == (Decimal("505.00"), Decimal("1000.00"))
    assert (forecast.mitigation_cost, forecast.known, forecast.unknown) == (Decimal("112.50"), 2, 1)


def test_top_risks_are_what_happened_then_the_greatest():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    small, great, unknown = risk_of(project, "0.1", 50), risk_of(project, "0.5", 1000), risk_of(project)
    happened = risk_of(project, "0.1", 10, state=RiskState.OCCURRED, occurred_at=NOW)
    risk_of(project, "0.9", 9999, state=RiskState.CLOSED)

    assert [line.risk for line in top_risks(project, most=4)] == [happened, great, small, unknown]
    assert [line.risk for line in top_risks(project)] == [happened, great, small]


def test_outcome_counts_tell_foreseen_from_unforeseen():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    risk_of(project)
    came = risk_of(project, state=RiskState.RESOLVED, occurred_at=NOW)
    risk_of(project, state=RiskState.OCCURRED, occurred_at=NOW, is_raised_in_flight=True)
    risk_of(project, is_raised_in_flight=True)
    PlanBFactory(
        risk=came, activated_at=NOW, actual_amount=Decimal(3500), actual_days=Decimal("2.5"), verdict=PlanVerdict.GOOD
    )

    counts = outcome_counts(project)

    assert (counts.foreseen, counts.occurred, counts.occurred_foreseen, counts.unforeseen) == (2, 2, 1, 1)
    assert (counts.plan_b_used, counts.plan_b_good) == (1, 1)
    assert (counts.planned_amount, counts.actual_amount) == (Decimal(3200), Decimal(3500))
    assert (counts.planned_days, counts.actual_days) == (Decimal(2), Decimal("2.5"))


def test_nobody_sees_what_engineers_said_while_the_review_is_open(case):
    case.call(case.engineer, case.second)
    case.answer_all("0.6", 10)

    assert engineers_view(case.network) is None
    standing = review_standing(case.project)
    assert standing is not None
    assert [invitation.person for invitation in standing.invitations] == [case.engineer, case.second]
    assert (standing.answered, standing.waiting_for) == (1, [case.second])


def test_held_it_tells_middle_ends_number_and_notes_without_names(case):
    case.call(case.engineer, case.second)
    assess(case.invitation(), case.network, Answer(Decimal("0.1"), Decimal(3), note="Ziggy"), by=case.engineer, now=NOW)
    assess(case.invitation(), case.terminals, Answer(is_not_my_field=True), by=case.engineer, now=NOW)
    for risk in (case.network, case.terminals):
        assess(
            case.invitation(case.second),
            risk,
            Answer(Decimal("0.6"), Decimal(10), note="Alpha"),
            by=case.second,
            now=NOW,
        )

    view = engineers_view(case.network)
    assert view is not None
    assert (view.estimate.n, view.estimate.probability, view.estimate.chance.low, view.estimate.chance.high) == (
        2,
        Decimal("0.35"),
        Decimal("0.1"),
        Decimal("0.6"),
    )
    assert (view.notes, view.not_their_field, view.is_split) == (["Alpha", "Ziggy"], 0, True)
    one = engineers_view(case.terminals)
    assert one is not None
    assert (one.estimate.n, one.not_their_field, one.is_split) == (1, 1, False)


def test_the_latest_held_review_with_a_figure_is_told(case):
    case.reviewed()
    case.call(case.second)
    case.answer_all("0.9", 20, person=case.second)

    view = engineers_view(case.network)
    assert view is not None
    assert view.estimate.probability == Decimal("0.9")


def test_a_hand_goes_through_the_cards_in_order(case):
    case.call()
    invitation = case.invitation()
    hand = hand_of(invitation)
    assert [card.risk for card in hand.cards] == [case.network, case.terminals]
    assert (hand.current.risk, hand.left, hand.minutes) == (case.network, 2, 1)

    assess(invitation, case.network, Answer(Decimal("0.1"), Decimal(3)), by=case.engineer, now=NOW)

    hand = hand_of(invitation)
    assert (hand.current.risk, hand.left, [card.risk for card in hand.answered]) == (case.terminals, 1, [case.network])
    assert hand_of(invitation, shown=str(case.network.pk)).current.risk == case.network
    assert hand_of(invitation, shown="999").current.risk == case.terminals


def test_a_finished_hand_holds_only_what_was_answered(case):
    case.call()
    invitation = case.invitation()
    case.answer_all()
    RiskFactory(project=case.project)
    invitation.refresh_from_db()
    invitation.review.refresh_from_db()

    hand = hand_of(invitation, shown=str(case.network.pk))

    assert (hand.current, len(hand.cards), hand.left) == (None, 2, 0)


def test_the_matrix_counts_by_cell_in_one_query(django_assert_num_queries):
    project = ProjectFactory(stage=Stage.APPROVED)
    for chance, money in (("0.9", 20_000), ("0.9", 15_000), ("0.3", 100_000), ("0.03", 9_999_999), ("0.45", 80_001)):
        risk_of(project, chance, money)
    risk_of(project, "0.9")

    with django_assert_num_queries(1):
        counts = matrix_counts(Risk.objects.all(), LINE)

    assert counts == {(4, 0): 2, (2, 2): 1, (0, 4): 1, (3, 2): 1}
    assert in_cell(Risk.objects.all(), 4, 0, LINE).count() == 2


def test_a_register_lists_open_then_happened_then_closed():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    closed = risk_of(project, "0.9", 100, state=RiskState.CLOSED)
    happened = risk_of(project, "0.9", 100, state=RiskState.OCCURRED, occurred_at=NOW)
    unknown, small, great = risk_of(project), risk_of(project, "0.1", 10), risk_of(project, "0.1", 20)

    assert [line.risk for line in register_of(project, today=TODAY)] == [great, small, unknown, happened, closed]


def test_unsettled_risks_are_counted_by_project_in_one_query(django_assert_num_queries):
    one, other, fine = ProjectFactory(), ProjectFactory(), ProjectFactory()
    risk_of(one)
    risk_of(one, "0.9", 100_000)
    MitigationFactory(risk=risk_of(one, "0.9", 100_000))
    risk_of(other, "0.9", 100_000)
    risk_of(fine, "0.1", 1)

    with django_assert_num_queries(2):  # the second is the appetite
        counts = unsettled_counts([one.pk, other.pk, fine.pk], TODAY)

    assert counts == {one.pk: 2, other.pk: 1}


def words_of(risk, **values):
    line = lines_of([for_lines(Risk.objects.all()).get(pk=risk.pk)], today=TODAY)[0]
    return [str(mark.words) for mark in line.marks], line.next_words


def test_a_line_says_how_it_is_answered_and_what_comes_next(case):
    project = case.project
    assert words_of(case.network) == ([], "")
    case.call()
    assert words_of(case.network) == ([], "waits for 1 assessment")
    case.answer_all()
    assert words_of(case.network) == ([], "due Thu 26 Nov")
    great = risk_of(project, "0.9", 100_000)
    assert words_of(great) == (["none yet"], "due Thu 26 Nov")
    assert words_of(MitigationFactory(risk=great).risk) == (["mitigation"], "by 4 Dec")
    assert words_of(PlanBFactory(risk=great).risk) == (["plan B", "mitigation"], "decide by 4 Dec")
    signed = AcceptanceFactory(risk=risk_of(project, "0.9", 100_000)).risk
    assert words_of(signed) == (["accepted"], "until 31 Mar 2027")
    done = MitigationFactory(risk=risk_of(project, "0.9", 100_000), done_at=NOW).risk
    assert words_of(done) == (["mitigation"], "done Mon 23 Nov")
    assert words_of(risk_of(project, state=RiskState.OCCURRED, occurred_at=NOW)) == (["occurred"], "since Mon 23 Nov")
    used = PlanBFactory(risk=risk_of(project, state=RiskState.OCCURRED, occurred_at=NOW), activated_at=NOW).risk
    assert words_of(used) == (["occurred", "plan B in use"], "since Mon 23 Nov")
    Risk.objects.filter(pk=used.pk).update(state=RiskState.RESOLVED, closed_at=NOW)
    assert words_of(used) == (["settled", "plan B used"], "on Mon 23 Nov")
    assert words_of(risk_of(project, state=RiskState.CLOSED, closed_at=NOW)) == (["closed"], "on Mon 23 Nov")
