from datetime import date
from decimal import Decimal

import pytest

from portal.common.dates import Calendar
from projects.quarters import is_quarter, later, quarter_of, spread


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2026, 1, 1), "2026 Q1"),
        (date(2026, 3, 31), "2026 Q1"),
        (date(2026, 4, 1), "2026 Q2"),
        (date(2026, 12, 31), "2026 Q4"),
    ],
)
def test_a_day_lies_in_a_quarter(day, quarter):
    assert quarter_of(day) == quarter


@pytest.mark.parametrize(
    ("quarter", "count", "expected"),
    [("2026 Q3", 1, "2026 Q4"), ("2026 Q4", 1, "2027 Q1"), ("2026 Q1", -1, "2025 Q4"), ("2026 Q2", 6, "2027 Q4")],
)
def test_quarters_follow_one_another(quarter, count, expected):
    assert later(quarter, count) == expected


@pytest.mark.parametrize("text", ["", "2026 Q5", "2026 Q0", "2026Q1", "26 Q1", "2026 Q1 ", "２０２６ Q1", "2026 Q1\n"])
def test_anything_else_is_no_quarter(text):
    assert not is_quarter(text)
    with pytest.raises(ValueError, match=f"^{text}$"):
        later(text)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        # Five working days in each of the two.
        (date(2026, 12, 25), date(2027, 1, 7), {"2026 Q4": "5.0", "2027 Q1": "5.0"}),
        (date(2026, 11, 23), date(2026, 11, 27), {"2026 Q4": "10"}),
        # A weekend, and a day that is past.
        (date(2026, 11, 28), date(2026, 11, 29), {"2026 Q4": "10"}),
        (date(2026, 11, 28), date(2026, 11, 20), {"2026 Q4": "10"}),
        (date(2026, 11, 30), date(2027, 4, 9), {"2026 Q4": "2.5", "2027 Q1": "6.7", "2027 Q2": "0.8"}),
    ],
)
def test_days_are_spread_over_working_days_and_add_up(first, last, expected):
    parts = spread(Decimal(10), Calendar(), first, last)

    assert {quarter: Decimal(days) for quarter, days in expected.items()} == parts
    assert sum(parts.values()) == 10
