from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.ratio import Count, benefit_by_progress, benefit_so_far, progress, ratio

figures = st.decimals(min_value=-1000, max_value=1000, places=3)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (Decimal(68), Decimal(10000), Decimal("0.0068")),
        (Decimal(0), Decimal(10), Decimal(0)),
        (Decimal(0), Decimal(0), None),
        (Decimal(5), Decimal(0), None),
        (None, Decimal(10), None),
        (Decimal(5), None, None),
    ],
)
def test_ratio_is_unknown_without_a_denominator(numerator, denominator, expected):
    assert ratio(numerator, denominator) == expected


def test_count_knows_its_value():
    assert (Count(Decimal(3), Decimal(4)).value, Count(Decimal(3), Decimal(0)).value) == (Decimal("0.75"), None)


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "expected"),
    [
        (Decimal("8.4"), Decimal(5), Decimal("6.7"), Decimal("0.5")),
        (Decimal("8.4"), Decimal(5), Decimal("8.4"), Decimal(0)),
        (Decimal("8.4"), Decimal(5), Decimal("10.1"), Decimal("-0.5")),
        (Decimal(70), Decimal(90), Decimal(80), Decimal("0.5")),
        (Decimal(70), Decimal(90), Decimal(95), Decimal("1.25")),
        (Decimal(70), Decimal(70), Decimal(95), None),
        (None, Decimal(70), Decimal(95), None),
        (Decimal(70), None, Decimal(95), None),
        (Decimal(70), Decimal(90), None, None),
    ],
)
def test_progress_knows_the_direction(baseline, target, actual, expected):
    assert progress(baseline, target, actual) == expected


@given(baseline=figures, target=figures)
def test_progress_is_nothing_at_the_baseline_and_all_at_the_target(baseline, target):
    assert progress(baseline, target, baseline) == (None if baseline == target else 0)
    assert progress(baseline, target, target) == (None if baseline == target else 1)


def test_benefit_so_far_counts_what_was_avoided_against_the_baseline():
    counts = [Count(Decimal(60), Decimal(10000)), Count(Decimal(0), Decimal(0)), Count(Decimal(90), Decimal(10000))]

    assert benefit_so_far(Decimal(46), Decimal("0.008"), Decimal("0.005"), counts) == Decimal("460.00")


def test_benefit_so_far_counts_what_was_gained_where_more_is_better():
    assert benefit_so_far(
        Decimal(85), Decimal("0.70"), Decimal("0.90"), [Count(Decimal(750), Decimal(1000))]
    ) == Decimal("4250.00")


def test_benefit_so_far_is_negative_where_it_got_worse():
    assert benefit_so_far(Decimal(10), Decimal("0.1"), Decimal("0.05"), [Count(Decimal(12), Decimal(100))]) == Decimal(
        "-20.00"
    )


@pytest.mark.parametrize(
    ("unit_benefit", "baseline", "target", "counts"),
    [
        (None, Decimal("0.1"), Decimal("0.05"), [Count(Decimal(1), Decimal(10))]),
        (Decimal(1), None, Decimal("0.05"), [Count(Decimal(1), Decimal(10))]),
        (Decimal(1), Decimal("0.1"), None, [Count(Decimal(1), Decimal(10))]),
        (Decimal(1), Decimal("0.1"), Decimal("0.1"), [Count(Decimal(1), Decimal(10))]),
        (Decimal(1), Decimal("0.1"), Decimal("0.05"), []),
        (Decimal(1), Decimal("0.1"), Decimal("0.05"), [Count(Decimal(1), Decimal(0))]),
    ],
)
def test_benefit_so_far_is_unknown_rather_than_zero(unit_benefit, baseline, target, counts):
    assert benefit_so_far(unit_benefit, baseline, target, counts) is None


@pytest.mark.parametrize(
    ("per_month", "way_gone", "months", "expected"),
    [
        (Decimal(8280), Decimal("0.5"), Decimal(3), Decimal("12420.00")),
        (Decimal(8280), Decimal(0), Decimal(3), Decimal("0.00")),
        (None, Decimal("0.5"), Decimal(3), None),
        (Decimal(8280), None, Decimal(3), None),
        (Decimal(8280), Decimal("0.5"), None, None),
    ],
)
def test_benefit_by_progress_takes_the_share_of_the_plan(per_month, way_gone, months, expected):
    assert benefit_by_progress(per_month, way_gone, months) == expected
