from datetime import date

import pytest

from projects.quarters import is_quarter, later, quarter_of


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
