from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.ratio import benefit_by_progress, progress, ratio

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
