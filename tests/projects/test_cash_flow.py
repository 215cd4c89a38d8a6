"""The published cases come from the documentation of Excel and of numpy-financial, and from the Green Book."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.cash_flow import (
    Payback,
    annual_rate,
    discount_factor,
    discounted_payback,
    modified_rate,
    monthly_rate,
    npv,
    payback,
)

amounts = st.decimals(-100_000, 100_000, places=2)
rates = st.decimals("0.0001", 1, places=4)


def flows_of(*figures: float | str) -> list[Decimal]:
    return [Decimal(str(figure)) for figure in figures]


@pytest.mark.parametrize(
    ("rate", "flows", "expected", "tolerance"),
    [
        # Excel's NPV of these is 1188.44: it discounts the first value by a period as well.
        ("0.1", flows_of(0, -10000, 3000, 4200, 6800), "1188.4434123352216", "1e-9"),
        ("0.1", flows_of(-10000, 3000, 4200, 6800), "1307.287753568743", "1e-9"),
        ("0.08", flows_of(-40000, 8000, 9200, 10000, 12000, 14500), "1922.0615549323647", "1e-9"),
        ("0.08", flows_of(-40000, 8000, 9200, 10000, 12000, 14500, -9000), "-3749.4650870155765", "1e-9"),
        ("0.05", flows_of(-15000, 1500, 2500, 3500, 4500, 6000), "122.89485495093959", "1e-9"),
        ("0", flows_of(-4000, 500, 800), "-2700", "0"),
        ("0", flows_of(-5000, 600, 900), "-3500", "0"),
        ("0.05", flows_of(-4000, 500, 800), "-2798.185941043084", "1e-9"),
        ("0.1", flows_of(-5000, 600, 900), "-3710.743801652893", "1e-9"),
        ("0.1", flows_of(-1600, 10000, -10000), "-773.5537190082632", "1e-9"),
        ("0.1", flows_of(1000, -3000, 2500), "338.8429752066113", "1e-9"),
        ("0.1", flows_of(-50000, 10000, 13000, 16000, 19000, 22000), "8493.272317464636", "1e-9"),
        ("0.1", flows_of(0, 0, 0), "0", "0"),
        ("0.1", [], "0", "0"),
    ],
)
def test_npv_equals_the_published_cases(rate, flows, expected, tolerance):
    assert abs(npv(Decimal(rate), flows) - Decimal(expected)) <= Decimal(tolerance)


def test_a_month_has_the_effective_rate():
    rate = monthly_rate(Decimal("0.08"))

    assert abs(rate - Decimal("0.00643403011000343")) < Decimal("1e-12")
    assert abs((1 + rate) ** 12 - Decimal("1.08")) < Decimal("1e-25")
    # A twelfth of the year's rate would be half a per cent too much after two years.
    nominal = (1 + Decimal("0.08") / 12) ** 24 / Decimal("1.08") ** 2 - 1
    assert abs(nominal - Decimal("0.005562355748722991")) < Decimal("1e-12")
    assert monthly_rate(Decimal(0)) == 0


@pytest.mark.parametrize(
    ("years", "expected"),
    [(0, "1"), (1, "0.9661835748792271"), (10, "0.7089188137097722"), (30, "0.35627841060230236")],
)
def test_discount_factors_equal_those_of_the_green_book(years, expected):
    assert abs(discount_factor(Decimal("0.035"), years) - Decimal(expected)) < Decimal("1e-9")


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        (flows_of(-100, 30, 30, 30), Payback(None, None)),
        (flows_of(-100, 30, 30, 40), Payback(Decimal(3), Decimal(3))),
        (flows_of(-100, 50, 100), Payback(Decimal("1.5"), Decimal("1.5"))),
        (flows_of(0, 0, 0), Payback(None, None)),
        ([], Payback(None, None)),
        (flows_of(100, 20), Payback(Decimal(0), Decimal(0))),
        (flows_of(0, 20), Payback(Decimal(0), Decimal(0))),
        (flows_of(100, -100), Payback(Decimal(0), Decimal(0))),
        (flows_of(-100, 0, 0, 200), Payback(Decimal("2.5"), Decimal("2.5"))),
        (flows_of(-100, 200, -300), Payback(None, Decimal("0.5"), relapses=True)),
    ],
)
def test_payback_is_when_the_money_is_back(flows, expected):
    assert payback(flows) == expected


def test_payback_with_a_relapse_reports_the_last_crossing_and_says_so():
    found = payback(flows_of(-100, 120, -50, 10, 10, 30))

    assert found.relapses
    assert found.first is not None
    assert found.periods is not None
    assert abs(found.first - Decimal(5) / 6) < Decimal("1e-9")
    assert abs(found.periods - Decimal(13) / 3) < Decimal("1e-9")


def test_discounted_payback_equals_the_computed_case():
    found = discounted_payback(Decimal("0.1"), flows_of(-50000, 10000, 13000, 16000, 19000, 22000))

    assert found.periods is not None
    assert abs(found.periods - Decimal("4.37825")) < Decimal("1e-9")
    assert not found.relapses


@pytest.mark.parametrize(
    ("flows", "finance", "reinvest", "expected"),
    [
        (flows_of(-120000, 39000, 30000, 21000, 37000, 46000), "0.1", "0.12", "0.1260941303659051"),
        (flows_of(-120000, 39000, 30000, 21000, 37000, 46000), "0.1", "0.14", "0.13475911082831482"),
        (flows_of(-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000), "0.08", "0.055", "0.06659717503155349"),
        (flows_of(100, 200, -50, 300, -200), "0.05", "0.06", "0.3428233878421767"),
    ],
)
def test_modified_rate_equals_the_published_cases(flows, finance, reinvest, expected):
    found = modified_rate(flows, finance_rate=Decimal(finance), reinvest_rate=Decimal(reinvest))

    assert found is not None
    assert abs(found - Decimal(expected)) < Decimal("1e-12")


@pytest.mark.parametrize("flows", [flows_of(100, 200), flows_of(-100, -200), flows_of(0, 0), flows_of(-1), []])
def test_no_modified_rate_where_nothing_is_spent_or_nothing_comes(flows):
    assert modified_rate(flows, finance_rate=Decimal("0.1"), reinvest_rate=Decimal("0.1")) is None


def test_twelve_months_make_the_rate_of_a_year():
    assert abs(annual_rate(monthly_rate(Decimal("0.08"))) - Decimal("0.08")) < Decimal("1e-25")


@given(flows=st.lists(amounts, max_size=24), rate=rates)
def test_npv_scales_with_the_currency(flows, rate):
    scaled = npv(rate, [flow * Decimal("7.1") for flow in flows])

    assert abs(scaled - npv(rate, flows) * Decimal("7.1")) < Decimal("1e-15")


@given(
    gains=st.lists(st.decimals(0, 100_000, places=2), min_size=1, max_size=24),
    cost=st.decimals(1, 10**6, places=2),
    rate=rates,
)
def test_npv_of_an_investment_falls_with_the_rate(gains, cost, rate):
    flows = [-cost, *gains]

    assert npv(rate, flows) <= npv(rate / 2, flows) <= npv(Decimal(0), flows) == sum(flows)


@given(st.lists(amounts, max_size=24))
def test_payback_holds_to_the_end(flows):
    found = payback(flows)

    running = [sum(flows[: period + 1]) for period in range(len(flows))]
    if found.periods is None:
        assert not running or running[-1] < 0 or not any(flows)
    else:
        assert all(total >= 0 for period, total in enumerate(running) if period >= found.periods)


@given(flows=st.lists(amounts, max_size=24), rate=rates)
def test_discounting_never_brings_the_money_back_sooner_for_an_investment(flows, rate):
    investment = [Decimal(-100_000), *map(abs, flows)]
    plain, discounted = payback(investment), discounted_payback(rate, investment)

    assert plain.periods is not None or discounted.periods is None
    if plain.periods is not None and discounted.periods is not None:
        assert discounted.periods >= plain.periods
