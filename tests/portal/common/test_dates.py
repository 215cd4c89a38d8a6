from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common.dates import (
    LAST_DAY,
    Calendar,
    DayOutOfRangeError,
    add_months,
    day_in,
    end_of_day,
    in_range,
    start_of_day,
    zone_named,
)

MONDAY = date(2026, 11, 23)
# Around the Golden Week of 2026: seven days off, and two weekend days worked to make up for it.
GOLDEN_WEEK = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    working=frozenset({date(2026, 9, 27), date(2026, 10, 10)}),
)
PLAIN = Calendar()

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2030, 12, 31))
calendars = st.builds(
    Calendar,
    holidays=st.frozensets(st.dates(date(2025, 1, 1), date(2025, 3, 1)), max_size=20),
    working=st.frozensets(st.dates(date(2025, 1, 1), date(2025, 3, 1)), max_size=5),
)


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        (date(2026, 9, 27), True),  # a Sunday, worked
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday, worked
        (date(2026, 10, 11), False),
    ],
)
def test_calendar_knows_holidays_and_make_up_days(day, is_working):
    assert GOLDEN_WEEK.is_working(day) is is_working


def test_calendar_lets_a_make_up_day_win_over_a_holiday():
    assert Calendar(holidays=frozenset({MONDAY}), working=frozenset({MONDAY})).is_working(MONDAY)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (MONDAY, 1, date(2026, 11, 24)),
        (MONDAY, 5, date(2026, 11, 30)),
        (MONDAY, -1, date(2026, 11, 20)),
        (MONDAY, 0, MONDAY),
        (date(2026, 11, 21), 0, MONDAY),
        (date(2026, 11, 21), 1, MONDAY),
        (date(2026, 11, 22), -1, date(2026, 11, 20)),
    ],
)
def test_add_working_days_steps_over_weekends(start, n, expected):
    assert PLAIN.add_working_days(start, n) == expected


def test_add_working_days_steps_over_the_golden_week():
    assert GOLDEN_WEEK.add_working_days(date(2026, 9, 30), 3) == date(2026, 10, 10)


def test_add_working_days_ends_where_nobody_ever_works():
    with pytest.raises(DayOutOfRangeError):
        PLAIN.add_working_days(LAST_DAY, 1)


@given(calendar=calendars, day=days, n=st.integers(-60, 60).filter(bool))
def test_working_days_between_undoes_add_working_days(calendar, day, n):
    assert calendar.working_days_between(day, calendar.add_working_days(day, n)) == n


@given(calendar=calendars, one=days, other=days)
def test_working_days_between_runs_both_ways(calendar, one, other):
    earlier, later = sorted((one, other))
    # Forward the first day is left out, backward the one it started from.
    ends = calendar.is_working(earlier) - calendar.is_working(later)

    assert calendar.working_days_between(later, earlier) == -(calendar.working_days_between(earlier, later) + ends)


def test_working_days_between_counts_the_due_day_and_not_the_first():
    assert PLAIN.working_days_between(MONDAY, date(2026, 11, 30)) == 5
    assert PLAIN.working_days_between(date(2026, 11, 30), MONDAY) == -5
    assert PLAIN.working_days_between(MONDAY, MONDAY) == 0


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Pacific/Kiritimati", datetime(2026, 11, 23, 9, 59, 59, 999999, UTC)),
        ("Asia/Shanghai", datetime(2026, 11, 23, 15, 59, 59, 999999, UTC)),
        ("UTC", datetime(2026, 11, 23, 23, 59, 59, 999999, UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 11, 24, 10, 59, 59, 999999, UTC)),
    ],
)
def test_end_of_day_counts_the_whole_day_of_the_zone(zone, expected):
    assert end_of_day(MONDAY, ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Sao_Paulo", date(2018, 2, 17), 25),  # clocks went back at midnight: 23:00 to 24:00 came twice
        ("America/Sao_Paulo", date(2018, 11, 4), 23),  # and forward at midnight: 00:00 to 01:00 never was
        ("Asia/Shanghai", MONDAY, 24),
    ],
)
def test_a_day_is_as_long_as_its_clock_says(zone, day, hours):
    length = end_of_day(day, ZoneInfo(zone)) - start_of_day(day, ZoneInfo(zone))

    assert length == timedelta(hours=hours) - timedelta(microseconds=1)


@given(day=days, zone=st.sampled_from(["Pacific/Kiritimati", "Asia/Shanghai", "Europe/Berlin", "Pacific/Pago_Pago"]))
def test_the_ends_of_a_day_lie_in_it_and_touch_the_next(day, zone):
    where = ZoneInfo(zone)

    assert day_in(where, start_of_day(day, where)) == day
    assert day_in(where, end_of_day(day, where)) == day
    assert end_of_day(day, where) + timedelta(microseconds=1) == start_of_day(day + timedelta(days=1), where)


@pytest.mark.parametrize("day", [date.min, date.max, date(1999, 12, 31), date(2101, 1, 1), date(3026, 1, 1)])
def test_days_that_no_plan_means_are_refused_before_any_zone_overflows(day):
    with pytest.raises(DayOutOfRangeError):
        in_range(day)
    with pytest.raises(DayOutOfRangeError):
        end_of_day(day, ZoneInfo("Pacific/Pago_Pago"))
    with pytest.raises(DayOutOfRangeError):
        start_of_day(day, ZoneInfo("Pacific/Kiritimati"))


def test_zone_named_knows_its_zones():
    assert zone_named("Asia/Shanghai") == ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize("name", ["Middle/Earth", "", "../../etc/passwd", "/etc/passwd", "Asia", "a\0b"])
def test_zone_named_falls_back_to_utc_and_says_so(name, caplog):
    assert zone_named(name) is UTC
    assert caplog.messages == [f"unknown time zone {name!r}, using UTC"]


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 2, date(2026, 3, 31)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 11, 23), 2, date(2027, 1, 23)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 1, 15), 0, date(2026, 1, 15)),
    ],
)
def test_add_months_keeps_the_day_where_it_can(start, months, expected):
    assert add_months(start, months) == expected


@pytest.mark.parametrize("months", [12 * 80, -12 * 30, 10**9, 10**30])
def test_add_months_stays_in_range(months):
    with pytest.raises(DayOutOfRangeError):
        add_months(MONDAY, months)
