import itertools
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.course import BOTTOM, LEFT, RIGHT, TOP, Course, course, round_ticks

MONDAY = date(2026, 8, 3)


def weekly(*values):
    return [(MONDAY + timedelta(weeks=n), Decimal(value)) for n, value in enumerate(values)]


def drawn_of(measured: Sequence[tuple[date, Decimal]], width: int) -> Course:
    drawn = course(measured, width=width)
    assert drawn is not None
    return drawn


def test_a_single_figure_is_no_course():
    assert course(weekly("8.4"), width=860) is None
    assert course([], width=860) is None


def test_the_line_runs_from_the_first_day_to_the_last_between_round_figures():
    drawn = drawn_of(weekly("8", "6", "7"), width=860)

    assert [tick.value for tick in drawn.grid] == [
        Decimal("6.0"),
        Decimal("6.5"),
        Decimal("7.0"),
        Decimal("7.5"),
        Decimal("8.0"),
    ]
    assert drawn.path == f"{LEFT},{TOP} {(LEFT + 860 - RIGHT) // 2},{BOTTOM} {860 - RIGHT},{(TOP + BOTTOM) // 2}"
    assert (drawn.last.day, drawn.last.value) == (MONDAY + timedelta(weeks=2), Decimal(7))
    assert next((line.y, line.is_axis) for line in drawn.grid) == (BOTTOM, True)


def test_days_lie_by_their_distance():
    drawn = drawn_of(
        [(MONDAY, Decimal(1)), (MONDAY + timedelta(days=3), Decimal(2)), (MONDAY + timedelta(days=4), Decimal(1))],
        width=508,
    )

    assert [point.x for point in drawn.points] == [48, 348, 448]


def test_a_narrow_screen_names_the_first_and_the_last_day_only():
    drawn = drawn_of(weekly(*range(16)), width=324)

    assert [point.day for point in drawn.dates] == [MONDAY, MONDAY + timedelta(weeks=15)]


def test_a_wide_screen_names_some_days_between():
    drawn = drawn_of(weekly(*range(16)), width=860)

    days = [point.day for point in drawn.dates]
    assert (days[0], days[-1], len(days)) == (MONDAY, MONDAY + timedelta(weeks=15), 6)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["0"], ["0.0", "0.1"]),
        (["4.37", "4.37"], ["4", "5"]),
        (["99", "101"], ["99.0", "99.5", "100.0", "100.5", "101.0"]),
    ],
)
def test_round_ticks(values, expected):
    assert round_ticks([Decimal(value) for value in values]) == [Decimal(tick) for tick in expected]


@given(st.lists(st.decimals(min_value=0, max_value=10**12, places=6), min_size=1, max_size=30))
def test_ticks_hold_every_value_in_five_lines_at_most(values):
    ticks = round_ticks(values)

    assert ticks[0] <= min(values) <= max(values) <= ticks[-1]
    assert 2 <= len(ticks) <= 5
    assert len({high - low for low, high in itertools.pairwise(ticks)}) == 1
