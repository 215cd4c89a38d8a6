"""The published cases come from the documentation of Excel, the tests and issues of numpy-financial, and textbooks."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.cash_flow import npv
from projects.internal_rate import Root, internal_rates
from tests.projects.test_cash_flow import flows_of

ANNUITY = [-10000.0] + [327.24625] * 16


@pytest.mark.parametrize(
    ("flows", "rates"),
    [
        ([-70000, 12000, 15000, 18000, 21000], [-0.0212448483]),
        ([-70000, 12000, 15000, 18000, 21000, 26000], [0.086630948]),
        # A spreadsheet needs to be told where to look for this one.
        ([-70000, 12000, 15000], [-0.4435069413]),
        ([-100, 39, 59, 55, 20], [0.2809484212]),
        ([-100, 100, 0, 7], [0.0620584856]),
        ([-150000, 15000, 25000, 35000, 45000, 60000], [0.0524328889]),
        # Spreadsheets give the second alone.
        ([-1678.87, 771.96, 1814.05, 3520.3, 3552.95, 3584.99, 4789.91, -1], [-0.9997912604, 1.0042698487]),
        # The oil pump.
        ([-1600, 10000, -10000], [0.25, 4]),
        ([-1000, 6000, -11000, 6000], [0, 1, 2]),
        ([-22, 155, -132], [-0.00899298, 5.0544475254]),
        # Better at every rate, and worse at every rate: no answer, and no fault.
        ([100, -200, 150], []),
        ([1000, -3000, 2500], []),
        # 8.86 % in the documentation of numpy-financial, which is one of three.
        ([-5, 10.5, 1, -8, 1], [-0.8702012475, 0.0885983385, 0.7095595277]),
        # numpy took the first, Excel takes the second.
        ([-50, -100, 600, 300, -100], [-0.7688954707, 1.8544178285]),
        (ANNUITY, [-0.0676541134]),
        ([100, 200, 300], []),
        ([-100, -200], []),
        ([0, 0, 0], []),
        ([], []),
        ([-100], []),
    ],
)
def test_every_root_of_the_published_cases_is_found(flows, rates):
    found = internal_rates(flows_of(*flows))

    assert len(found) == len(rates)
    assert all(root.crosses for root in found)
    assert all(abs(root.rate - Decimal(str(rate))) < Decimal("1e-6") for root, rate in zip(found, rates, strict=True))


def test_a_double_root_is_found_and_answers_nothing():
    # -100 + 220 / 1.1 - 121 / 1.21 = 0, and less at every other rate. numpy-financial says “not a number”.
    (root,) = internal_rates(flows_of(-100, 220, -121))

    assert abs(root.rate - Decimal("0.1")) < Decimal("1e-6")
    assert not root.crosses


def test_two_roots_closer_than_the_grid_are_told_apart():
    # (1 + r) is 1.1 or 1.101.
    found = internal_rates(flows_of(-1, "2.201", "-1.2111"))

    assert [round(root.rate, 6) for root in found] == [Decimal("0.1"), Decimal("0.101")]


def test_a_long_and_enormous_series_does_not_overflow():
    (root,) = internal_rates([Decimal(-(10**13)), *[Decimal(10**12)] * 480])

    assert root == Root(root.rate)
    assert abs(root.rate - Decimal("0.1")) < Decimal("1e-6")


@given(
    cost=st.decimals(1, 10**9, places=2),
    gains=st.lists(st.decimals(0, 10**7, places=2), min_size=1, max_size=36).filter(any),
)
def test_an_investment_has_one_rate_at_which_it_is_worth_nothing(cost, gains):
    flows = [-cost, *gains]
    found = internal_rates(flows)

    # A rate next to -100 % is beyond what is looked for.
    if len(found) == 1:
        worth = npv(found[0].rate, flows)
        assert found[0].crosses
        assert abs(worth) <= sum(map(abs, flows)) * Decimal("1e-6") or found[0].rate < Decimal("-0.5")
    assert len(found) == 1 or sum(gains) < cost


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=2, max_size=12))
def test_rates_are_the_same_in_another_currency(flows):
    here, there = (internal_rates([flow * rate for flow in flows]) for rate in (Decimal(1), Decimal("7.1")))

    assert len(here) == len(there)
    assert all(
        abs(one.rate - other.rate) <= (1 + one.rate) * Decimal("1e-5") for one, other in zip(here, there, strict=True)
    )
