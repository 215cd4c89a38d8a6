from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.business_case import Case, CostInput, reckon
from projects.internal_rate import Root
from projects.reckoning import parts_of
from projects.returns import Month, Returns, months_of, returns_of
from tests.projects.test_business_case import BAGS, BUILT, CENT, EFFORT, but, cases, known, wide_cases


def returned(case: Case) -> Returns:
    found = returns_of(parts_of(case))
    assert found is not None
    return found


def test_the_published_case_that_wins():
    found = returned(BUILT)

    assert abs(found.npv - Decimal("360136.8662374071")) < CENT
    assert found.internal_rate is not None
    assert abs(found.internal_rate / Decimal("1.0525359283647302") - 1) < Decimal("1e-8")
    assert found.modified is not None
    assert Decimal("0.08") < found.modified < found.internal_rate


def test_the_published_case_that_loses():
    found = returned(but(BUILT, reach_per_month=Decimal(40_000), probability=Decimal("0.015")))

    assert abs(found.npv - Decimal("-187972.62675251858")) < CENT
    assert found.benefit_over_cost is not None
    assert abs(found.benefit_over_cost / Decimal("0.45448032561253016") - 1) < Decimal("1e-7")
    assert abs(known(found.npv_over_cost) + 1 - found.benefit_over_cost) < Decimal("1e-25")
    assert found.internal_rate is not None
    assert found.internal_rate < 0


def test_months_of_the_lost_bags():
    months = months_of(parts_of(BAGS))

    assert len(months) == 13
    assert months[0] == Month(0, Decimal("0.00"), Decimal("22400.00"), Decimal("-22400.00"), Decimal("-22400.00"))
    assert (months[1].benefit, months[1].cost, months[1].total) == (Decimal(8280), 0, Decimal(-14120))
    assert months[-1].total == Decimal("76960.00")


def test_months_of_building_bring_and_cost_nothing():
    months = months_of(parts_of(BUILT))

    assert len(months) == 28
    assert {(month.benefit, month.cost, month.total) for month in months[1:4]} == {(0, 0, Decimal(-325_000))}
    assert (months[4].benefit, months[4].cost, months[4].net) == (32_400, 900, 31_500)


def test_what_always_costs_has_no_rate():
    found = returned(but(BUILT, probability=Decimal(0)))

    assert (found.internal, found.internal_rate, found.modified) == ((), None, None)
    assert found.benefit_over_cost == 0
    assert found.npv_over_cost == -1


def test_what_costs_nothing_has_no_ratio():
    found = returned(but(BAGS, costs=(CostInput("material", "", amount=Decimal(0)),)))

    assert (found.npv_over_cost, found.benefit_over_cost, found.internal, found.modified) == (None, None, (), None)


def test_a_rate_that_is_one_of_several_or_only_touched_answers_nothing():
    some = returned(BAGS)
    one, other = Root(Decimal("0.25")), Root(Decimal(4))

    assert replace(some, internal=(one,)).internal_rate == Decimal("0.25")
    assert replace(some, internal=(one, other)).internal_rate is None
    assert replace(some, internal=(Root(Decimal("0.1"), crosses=False),)).internal_rate is None


@pytest.mark.parametrize(
    "case", [but(BAGS, probability=None), but(BAGS, costs=()), Case((), (EFFORT,)), but(BAGS, reach_per_month=None)]
)
def test_nothing_is_told_while_a_figure_is_not_known(case):
    assert returns_of(parts_of(case)) is None
    assert months_of(parts_of(case)) == ()


@given(cases | wide_cases)
def test_table_adds_up_to_what_the_case_says(case):
    found, months = reckon(case), months_of(parts_of(case))

    assert tuple(month.total for month in months) == found.cumulative
    assert sum(month.net for month in months) == found.net_benefit == months[-1].total
    assert sum(month.benefit for month in months) == found.benefit
    assert sum(month.cost for month in months) == found.cost
    assert months[-1].present_total == found.npv == returned(case).npv


@given(cases)
def test_ratios_are_the_same_in_another_currency(case):
    rate = Decimal("7.1")
    line = case.benefits[0]
    dearer = replace(
        case,
        benefits=(replace(line, unit_benefit=known(line.unit_benefit) * rate),),
        costs=tuple(
            CostInput(cost.kind, "", amount=known(cost.payment) * rate, is_monthly=cost.is_monthly)
            for cost in case.costs
        ),
    )
    before, after = returned(case), returned(dearer)

    slack = CENT * rate * 4 * (case.horizon_months + 1)
    assert abs(after.npv - before.npv * rate) <= slack
    for one, other in (
        (before.benefit_over_cost, after.benefit_over_cost),
        (before.npv_over_cost, after.npv_over_cost),
    ):
        assert (one is None) == (other is None)
        assert one is None or abs(known(other) - one) <= (abs(one) + 1) * slack / before.present_cost


@given(cases, st.decimals(CENT, 100_000, places=2), st.decimals(0, 1000, places=2))
def test_more_cost_never_helps_and_more_reach_never_hurts(case, more, wider):
    before = returned(case)
    dearer = returned(but(case, costs=(*case.costs, CostInput("material", "", amount=more))))
    further = returned(but(case, reach_per_month=known(case.benefits[0].reach_per_month) + wider))

    assert dearer.npv == before.npv - more
    assert further.npv >= before.npv
    for name in ("npv_over_cost", "benefit_over_cost"):
        was, costs, reaches = (getattr(one, name) for one in (before, dearer, further))
        assert was is None or costs <= was <= reaches
