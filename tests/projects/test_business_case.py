from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from projects.business_case import BenefitInput, BusinessCase, Case, CostInput, Driver, InvalidCaseError, reckon
from projects.cash_flow import monthly_rate, npv
from projects.reckoning import Factor, Figure, Term

CENT = Decimal("0.01")

DRIVERS = {"unit_benefit", "reach_per_month", "probability"}


def light(
    unit_benefit: Decimal | None, reach_per_month: Decimal | None, probability: Decimal | None, **more: Any
) -> Case:
    """A case of one benefit line."""
    return Case((BenefitInput(unit_benefit, reach_per_month, probability),), **more)


def but(case: Case, **changes: Any) -> Case:
    """The case with other figures; those of its first benefit line by their own names."""
    drivers = {name: changes.pop(name) for name in DRIVERS & set(changes)}
    first, *others = case.benefits
    return replace(case, benefits=(replace(first, **drivers), *others), **changes)


EFFORT = CostInput("people", "developer", quantity=Decimal(14), unit_cost=Decimal(1600))
#: Lost bags, as on the light pitch: ¥46 × 1,200 × 15 % × 12 months against 14 person-days.
BAGS = light(unit_benefit=Decimal(46), reach_per_month=Decimal(1200), probability=Decimal("0.15"), costs=(EFFORT,))
#: A published closed form: 180 days at 1,500, material, permit, a running cost, benefits after three months of building.
BUILT = light(
    unit_benefit=Decimal(12),
    reach_per_month=Decimal(90_000),
    probability=Decimal("0.03"),
    costs=(
        CostInput("people", "team", quantity=Decimal(180), unit_cost=Decimal(1500)),
        CostInput("material", "scanners", amount=Decimal(20_000)),
        CostInput("permit", "premises", amount=Decimal(35_000)),
        CostInput("material", "hosting", amount=Decimal(900), is_monthly=True),
    ),
    horizon_months=24,
    annual_rate=Decimal("0.08"),
    build_months=3,
)

money = st.decimals(0, 100_000, places=2)
cost_lines = st.lists(
    st.builds(CostInput, st.just("people"), st.just(""), st.decimals(0, 500, places=2), money)
    | st.builds(CostInput, st.just("material"), st.just(""), amount=money, is_monthly=st.booleans()),
    min_size=1,
    max_size=4,
).map(tuple)
benefit_lines = st.builds(
    BenefitInput, money, st.decimals(0, 1_000_000, places=2), st.decimals(0, 1, places=6), st.just("")
)


def cases_of(lines: st.SearchStrategy[tuple[BenefitInput, ...]]) -> st.SearchStrategy[Case]:
    return st.builds(
        Case,
        benefits=lines,
        costs=cost_lines,
        horizon_months=st.integers(1, 36),
        annual_rate=st.decimals(0, 1, places=3),
        build_months=st.integers(0, 6),
    )


cases = cases_of(st.tuples(benefit_lines))
wide_cases = cases_of(st.lists(benefit_lines, min_size=2, max_size=4).map(tuple))


def known(figure: Decimal | None) -> Decimal:
    assert figure is not None
    return figure


def flows_of(case: Case, upfront: int, net_per_month: int) -> list[Decimal]:
    return [Decimal(-upfront), *[Decimal(0)] * case.build_months, *[Decimal(net_per_month)] * case.horizon_months]


def test_the_light_pitch_of_the_lost_bags():
    case = reckon(BAGS)

    assert case.benefit_per_month == Decimal("8280.00")
    assert case.benefit == Decimal("99360.00")
    assert case.cost == Decimal("22400.00")
    assert case.net_benefit == Decimal("76960.00")
    assert round(known(case.roi), 4) == Decimal("3.4357")
    assert round(known(case.payback_months), 4) == Decimal("2.7053")
    assert round(known(case.breakeven_probability), 6) == Decimal("0.033816")
    assert known(case.breakeven_reach).quantize(CENT) == Decimal("270.53")
    assert known(case.breakeven_unit_benefit).quantize(CENT) == Decimal("10.37")
    assert (case.unknown, case.cannot_pay_back) == ((), False)
    assert case.cumulative[:4] == (Decimal("-22400.00"), Decimal("-14120.00"), Decimal("-5840.00"), Decimal("2440.00"))


def test_the_published_case_that_wins():
    case = reckon(BUILT)

    assert case.benefit_per_month == Decimal("32400.00")
    exact_npv = npv(monthly_rate(BUILT.annual_rate), flows_of(BUILT, 325_000, 31_500))
    assert abs(exact_npv / Decimal("360136.8662374071") - 1) < Decimal("1e-8")
    assert abs(known(case.npv) - exact_npv) < CENT
    assert abs(known(case.roi) - Decimal("1.2435083669936526")) < Decimal("1e-12")
    assert abs(known(case.payback_months) - Decimal("13.317460317460318")) < Decimal("1e-12")
    assert case.discounted_payback is not None
    assert known(case.discounted_payback.periods) > known(case.payback_months)


def test_the_published_case_that_loses_says_so():
    losing = but(BUILT, reach_per_month=Decimal(40_000), probability=Decimal("0.015"))
    case = reckon(losing)

    assert case.benefit_per_month == Decimal("7200.00")
    assert case.net_benefit == Decimal("-173800.00")
    assert abs(known(case.roi) - Decimal("-0.5014425851125216")) < Decimal("1e-9")
    exact_npv = npv(monthly_rate(losing.annual_rate), flows_of(losing, 325_000, 6_300))
    assert abs(exact_npv / Decimal("-187972.62675251858") - 1) < Decimal("1e-9")
    assert abs(known(case.npv) - exact_npv) < CENT
    assert case.payback_months is None
    # Twice as often would do, so it is not hopeless.
    assert Decimal("0.03") < known(case.breakeven_probability) < Decimal("0.0301")
    assert not case.cannot_pay_back


def test_present_benefit_over_present_cost_equals_the_published_ratio():
    opened = reckon(but(BUILT, reach_per_month=Decimal(40_000), probability=Decimal("0.015"))).terms[Figure.NPV]
    benefit, *costs = (known(term.amount) for term in opened)

    assert abs(benefit / -sum(costs) - Decimal("0.45448032561253016")) < Decimal("1e-7")


@pytest.mark.parametrize(
    ("driver", "field", "breakeven"),
    [
        (Driver.PROBABILITY, "probability", "breakeven_probability"),
        (Driver.REACH, "reach_per_month", "breakeven_reach"),
        (Driver.UNIT_BENEFIT, "unit_benefit", "breakeven_unit_benefit"),
    ],
)
def test_an_unknown_driver_leaves_the_breakeven_as_the_answer(driver, field, breakeven):
    unknown: dict[str, Any] = {field: None}
    case = reckon(but(BAGS, **unknown))

    assert getattr(case, breakeven) == getattr(reckon(BAGS), breakeven)
    assert case.unknown == (driver,)
    assert case.cost == Decimal("22400.00")
    assert (case.benefit_per_month, case.benefit, case.net_benefit, case.roi, case.npv) == (None,) * 5
    assert (case.payback, case.payback_months, case.discounted_payback, case.cumulative) == (None, None, None, ())


def test_two_unknown_drivers_leave_no_answer():
    case = reckon(but(BAGS, probability=None, reach_per_month=None))

    assert case.unknown == (Driver.REACH, Driver.PROBABILITY)
    assert (case.breakeven_probability, case.breakeven_reach, case.breakeven_unit_benefit) == (None, None, None)
    assert not case.cannot_pay_back


@pytest.mark.parametrize(
    "costs",
    [
        (),
        (CostInput("people", "", quantity=None, unit_cost=Decimal(1600)),),
        (CostInput("people", "", quantity=Decimal(14)),),
        (EFFORT, CostInput("material", "")),
        (EFFORT, CostInput("material", "", is_monthly=True)),
    ],
)
def test_an_unknown_cost_is_no_free_project(costs):
    case = reckon(but(BAGS, costs=costs))

    assert case.unknown == (Driver.COST,)
    assert case.benefit == Decimal("99360.00")
    assert (case.cost, case.net_benefit, case.roi, case.npv, case.payback, case.cumulative) == (*(None,) * 5, ())
    assert (case.breakeven_probability, case.breakeven_reach, case.breakeven_unit_benefit) == (None,) * 3


def test_a_project_that_costs_nothing_has_no_return_but_pays_at_once():
    case = reckon(but(BAGS, costs=(CostInput("people", "", amount=Decimal(0)),)))

    assert (case.cost, case.net_benefit, case.roi) == (Decimal(0), Decimal("99360.00"), None)
    assert (case.payback_months, case.breakeven_probability) == (Decimal(0), Decimal(0))
    assert case.unknown == ()


def test_what_cannot_pay_back_even_at_certainty_is_flagged():
    case = reckon(but(BAGS, unit_benefit=Decimal(1), probability=None))

    assert known(case.breakeven_probability).quantize(CENT) == Decimal("1.56")
    assert case.cannot_pay_back


def test_a_driver_of_zero_has_no_breakeven():
    case = reckon(but(BAGS, unit_benefit=Decimal(0)))

    assert (case.breakeven_probability, case.breakeven_reach) == (None, None)
    assert case.net_benefit == Decimal("-22400.00")


def factor(code: Figure, value: str | int | None, *, divides: bool = False) -> Factor:
    return Factor(code, None if value is None else Decimal(value), divides)


def test_net_benefit_opens_with_every_figure_in_it():
    assert reckon(BAGS).terms[Figure.NET_BENEFIT] == (
        Term(
            Figure.BENEFIT,
            (
                factor(Figure.UNIT_BENEFIT, 46),
                factor(Figure.REACH, 1200),
                factor(Figure.PROBABILITY, "0.15"),
                factor(Figure.MONTHS, 12),
            ),
            Decimal("99360.00"),
        ),
        Term(
            "people",
            (factor(Figure.QUANTITY, 14), factor(Figure.UNIT_COST, 1600)),
            Decimal("-22400.00"),
            label="developer",
        ),
    )


def test_breakeven_opens_with_what_it_divides_by():
    assert reckon(but(BAGS, probability=None)).terms[Figure.BREAKEVEN_PROBABILITY] == (
        Term(
            Figure.BREAKEVEN_PROBABILITY,
            (
                factor(Figure.COST, 22400),
                factor(Figure.UNIT_BENEFIT, 46, divides=True),
                factor(Figure.REACH, 1200, divides=True),
                factor(Figure.MONTHS, 12, divides=True),
            ),
            reckon(BAGS).breakeven_probability,
        ),
    )


def test_costs_open_by_line():
    assert [(term.code, term.label, term.factors, term.amount) for term in reckon(BUILT).terms[Figure.COST]] == [
        ("people", "team", (factor(Figure.QUANTITY, 180), factor(Figure.UNIT_COST, 1500)), Decimal(270_000)),
        ("material", "scanners", (factor(Figure.AMOUNT, 20_000),), Decimal(20_000)),
        ("permit", "premises", (factor(Figure.AMOUNT, 35_000),), Decimal(35_000)),
        ("material", "hosting", (factor(Figure.AMOUNT, 900), factor(Figure.MONTHS, 24)), Decimal(21_600)),
    ]


def test_an_agreed_amount_is_not_shown_as_days_times_rate():
    agreed = replace(EFFORT, amount=Decimal(20_000))
    same = replace(EFFORT, amount=Decimal(22_400))

    opened = [reckon(but(BAGS, costs=(line,))).terms[Figure.COST][0] for line in (agreed, same)]

    assert opened[0].factors == (factor(Figure.AMOUNT, 20_000),)
    assert opened[1].factors == (factor(Figure.QUANTITY, 14), factor(Figure.UNIT_COST, 1600))


def test_payback_opens_with_the_months_of_building():
    assert [(term.code, term.amount) for term in reckon(BAGS).terms[Figure.PAYBACK]] == [
        (Figure.PAYBACK, reckon(BAGS).payback_months)
    ]
    build, rest = reckon(BUILT).terms[Figure.PAYBACK]
    assert (build.code, build.amount) == (Figure.BUILD_MONTHS, Decimal(3))
    assert rest.factors == (factor(Figure.UPFRONT_COST, 325_000), factor(Figure.NET_PER_MONTH, 31_500, divides=True))
    assert abs(known(rest.amount) - Decimal(325_000) / 31_500) < Decimal("1e-20")


def test_terms_of_an_unknown_case_still_show_what_is_missing():
    case = reckon(but(BAGS, probability=None, costs=(CostInput("people", "developer"),)))

    benefit, cost = case.terms[Figure.NET_BENEFIT]
    assert (benefit.factors[2], benefit.amount) == (factor(Figure.PROBABILITY, None), None)
    assert (cost.factors, cost.amount) == ((factor(Figure.AMOUNT, None),), None)
    assert case.terms[Figure.ROI][0].amount is None
    assert case.terms[Figure.PAYBACK][0].amount is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit_benefit", "-0.01"),
        ("unit_benefit", "NaN"),
        ("reach_per_month", "-1"),
        ("reach_per_month", "Infinity"),
        ("probability", "1.000001"),
        ("probability", "-0.01"),
        ("probability", "sNaN"),
        ("annual_rate", "-0.01"),
        ("annual_rate", "NaN"),
    ],
)
def test_a_figure_that_no_case_can_have_is_named(field, value):
    figures: dict[str, Any] = {field: Decimal(value)}
    with pytest.raises(InvalidCaseError) as caught:
        but(BAGS, **figures)
    assert caught.value.fields == (field,)


def test_every_wrong_figure_is_named_at_once():
    with pytest.raises(InvalidCaseError) as caught:
        light(
            unit_benefit=Decimal(-1),
            reach_per_month=None,
            probability=Decimal(2),
            costs=(EFFORT, CostInput("material", "", amount=Decimal(-1))),
            horizon_months=0,
            build_months=-1,
        )
    assert caught.value.fields == ("unit_benefit", "probability", "costs", "horizon_months", "build_months")


@given(cases | wide_cases)
def test_every_sum_adds_up_to_the_cent(case):
    found = reckon(case)

    for figure in (Figure.BENEFIT, Figure.COST, Figure.NET_BENEFIT, Figure.NPV):
        assert sum(known(term.amount) for term in found.terms[figure]) == getattr(found, figure)
    assert known(found.net_benefit) == known(found.benefit) - known(found.cost)
    assert found.cumulative[-1] == found.net_benefit
    assert len(found.cumulative) == case.horizon_months + case.build_months + 1
    if found.payback_months is not None:
        opened = sum(known(term.amount) for term in found.terms[Figure.PAYBACK])
        assert abs(opened - found.payback_months) < Decimal("1e-20")


@given(cases)
def test_benefit_is_exact_and_rounded_once(case):
    whole = known(case.benefits[0].per_month) * case.horizon_months

    assert abs(known(reckon(case).benefit) - whole) <= CENT / 2


@given(cases | wide_cases)
def test_money_of_another_currency_changes_nothing_but_the_money(case):
    rate = Decimal("7.1")
    dearer = replace(
        case,
        benefits=tuple(replace(line, unit_benefit=known(line.unit_benefit) * rate) for line in case.benefits),
        costs=tuple(
            CostInput(line.kind, "", amount=line.payment * rate, is_monthly=line.is_monthly) for line in case.costs
        ),
    )
    before, after = reckon(case), reckon(dearer)
    slack = CENT * rate * 20 * (case.horizon_months + 1) * len(case.benefits)

    assert abs(known(after.net_benefit) - known(before.net_benefit) * rate) <= slack
    assert abs(known(after.npv) - known(before.npv) * rate) <= slack
    for ratio in ("roi", "breakeven_probability", "breakeven_reach"):
        one, other = getattr(before, ratio), getattr(after, ratio)
        # Rounding to the cent weighs more, the less is spent.
        assert (one is None) == (other is None)
        assert one is None or abs(one - other) <= (abs(one) + 1) * slack / known(before.cost or CENT)


@given(cases, st.decimals(CENT, 100_000, places=2))
def test_more_cost_never_helps(case, more):
    dearer = but(case, costs=(*case.costs, CostInput("material", "", amount=more)))
    before, after = reckon(case), reckon(dearer)

    assert known(after.net_benefit) == known(before.net_benefit) - more
    assert known(after.npv) < known(before.npv)
    assert before.roi is None or known(after.roi) < before.roi or before.roi == -1
    assert before.breakeven_probability is None or known(after.breakeven_probability) > before.breakeven_probability
    assert before.payback_months is not None or after.payback_months is None


@given(cases, st.decimals(0, 1000, places=2))
def test_more_reach_never_hurts(case, more):
    wider = but(case, reach_per_month=known(case.benefits[0].reach_per_month) + more)
    before, after = reckon(case), reckon(wider)

    assert known(after.net_benefit) >= known(before.net_benefit)
    assert known(after.npv) >= known(before.npv)
    assert before.roi is None or known(after.roi) >= before.roi


@given(cases)
def test_breakeven_really_breaks_even(case):
    found = reckon(case)
    assume(found.breakeven_probability is not None and found.breakeven_probability <= 1)

    at_breakeven = reckon(but(case, probability=found.breakeven_probability))
    wide_enough = reckon(but(case, reach_per_month=found.breakeven_reach))
    assert known(at_breakeven.net_benefit) == 0
    assert found.breakeven_reach is None or known(wide_enough.net_benefit) == 0


@given(cases, st.sets(st.sampled_from(["unit_benefit", "reach_per_month", "probability"]), min_size=1))
def test_unknown_is_never_read_as_zero(case, fields):
    unknown: dict[str, Any] = dict.fromkeys(fields)
    found: BusinessCase = reckon(but(case, **unknown))

    assert (found.benefit, found.net_benefit, found.roi, found.npv, found.payback) == (None,) * 5
    assert len(found.unknown) == len(fields)
    assert found.cumulative == ()


@given(cases | wide_cases)
def test_order_of_lines_changes_no_total(case):
    turned = reckon(replace(case, benefits=case.benefits[::-1], costs=case.costs[::-1]))

    assert replace(turned, terms={}) == replace(reckon(case), terms={})


@given(wide_cases)
def test_several_lines_bring_what_each_of_them_brings(case):
    alone = [reckon(replace(case, benefits=(line,))) for line in case.benefits]

    found = reckon(case)

    assert found.benefit == sum(known(one.benefit) for one in alone)
    assert found.benefit_per_month == sum(known(one.benefit_per_month) for one in alone)
    assert (found.breakeven_probability, found.breakeven_reach, found.breakeven_unit_benefit) == (None,) * 3
    assert found.breakeven_share is None or abs(found.breakeven_share * known(found.benefit) - known(found.cost)) < CENT


def test_the_one_unknown_driver_of_several_lines_breaks_even_beside_the_others():
    other = BenefitInput(Decimal(10), Decimal(100), Decimal("0.5"), "fewer calls")
    case = but(replace(BAGS, benefits=(*BAGS.benefits, other)), probability=None)

    found = reckon(case)

    # 22,400 less 10 × 100 × 0.5 × 12 = 6,000 that the other line brings
    assert round(known(found.breakeven_probability), 12) == round(Decimal(16_400) / (46 * 1200 * 12), 12)
    (term,) = found.terms[Figure.BREAKEVEN_PROBABILITY]
    assert term.factors[0] == factor(Figure.UNCOVERED, 16_400)
    assert (found.unknown, found.net_benefit) == ((Driver.PROBABILITY,), None)


def test_lines_that_pay_without_the_unknown_one_ask_nothing_of_it():
    rich = BenefitInput(Decimal(1000), Decimal(100), Decimal(1), "fewer calls")

    found = reckon(but(replace(BAGS, benefits=(*BAGS.benefits, rich)), reach_per_month=None))

    assert found.breakeven_reach == 0


def test_two_lines_with_something_unknown_have_no_breakeven():
    case = replace(BAGS, benefits=(*BAGS.benefits, *BAGS.benefits))

    found = reckon(replace(case, benefits=tuple(replace(line, probability=None) for line in case.benefits)))

    assert found.unknown == (Driver.PROBABILITY, Driver.PROBABILITY)
    assert (found.breakeven_probability, found.breakeven_share) == (None, None)


def test_a_case_without_any_benefit_line_brings_something_unknown():
    found = reckon(replace(BAGS, benefits=()))

    assert found.unknown == (Driver.UNIT_BENEFIT, Driver.REACH, Driver.PROBABILITY)
    assert (found.benefit, found.net_benefit, found.cumulative) == (None, None, ())
    assert found.cost == Decimal("22400.00")


def test_the_largest_figures_stay_exact():
    case = reckon(
        light(
            unit_benefit=Decimal("9999999999999.99"),
            reach_per_month=Decimal("99999999999.99"),
            probability=Decimal("0.999999"),
            costs=(CostInput("material", "", amount=Decimal("0.01")),),
            horizon_months=60,
        )
    )
    # As integers: cents × hundredths × millionths × months, rounded half up.
    whole, left = divmod(999_999_999_999_999 * 9_999_999_999_999 * 999_999 * 60, 10**8)

    assert case.benefit == Decimal(whole + (left >= 10**8 // 2)).scaleb(-2)
    assert known(case.benefit) - known(case.net_benefit) == CENT


def test_a_week_of_waiting_costs_twelve_fifty_seconds_of_a_month():
    assert reckon(BAGS).lost_per_week == Decimal("1910.77")
    assert reckon(but(BAGS, probability=None)).lost_per_week is None
    assert reckon(but(BAGS, probability=Decimal(0))).lost_per_week == 0
