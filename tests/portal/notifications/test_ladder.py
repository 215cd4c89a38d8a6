from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.common.dates import Calendar, end_of_day
from portal.notifications.kinds import Rung
from portal.notifications.ladder import ahead, due_day, falls_at, next_morning

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
PAGO_PAGO = ZoneInfo("Pacific/Pago_Pago")
ZONES = [KIRITIMATI, ZoneInfo("UTC"), PAGO_PAGO, SHANGHAI, BERLIN]
WEEKDAYS = Calendar()
WEDNESDAY = date(2026, 11, 25)
LADDER = (Rung(-2), Rung(0), Rung(1), Rung(3))


def falls(days, due_at, zone, calendar=WEEKDAYS):
    at = falls_at(Rung(days), due_at, zone, calendar)
    assert at is not None
    return at


def local_falls(due_at, zone, calendar=WEEKDAYS):
    return [
        falls(rung.working_days, due_at, zone, calendar).astimezone(zone).strftime("%a %d %b %H:%M") for rung in LADDER
    ]


def test_rungs_fall_at_nine_on_working_days_around_the_due_day():
    assert local_falls(end_of_day(WEDNESDAY, SHANGHAI), SHANGHAI) == [
        "Mon 23 Nov 09:00",
        "Wed 25 Nov 09:00",
        "Thu 26 Nov 09:00",
        "Mon 30 Nov 09:00",
    ]


def test_holidays_and_make_up_days_of_the_site_count():
    calendar = Calendar(
        holidays=frozenset({date(2026, 11, 24), date(2026, 11, 26)}), working=frozenset({date(2026, 11, 28)})
    )
    assert local_falls(end_of_day(WEDNESDAY, SHANGHAI), SHANGHAI, calendar) == [
        "Fri 20 Nov 09:00",
        "Wed 25 Nov 09:00",
        "Fri 27 Nov 09:00",
        "Mon 30 Nov 09:00",
    ]


def test_what_is_due_on_a_free_day_is_reminded_of_before():
    saturday = date(2026, 11, 28)
    assert local_falls(end_of_day(saturday, SHANGHAI), SHANGHAI) == [
        "Wed 25 Nov 09:00",
        "Fri 27 Nov 09:00",
        "Mon 30 Nov 09:00",
        "Wed 02 Dec 09:00",
    ]


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_due_day_is_the_same_where_the_deadline_is_the_end_of_a_day_there(zone):
    """T-09: 23:59:59.999999 and 00:00:00 of the next day are both the end of the due day."""
    end = end_of_day(WEDNESDAY, zone)
    assert due_day(end, zone) == due_day(end + timedelta(microseconds=1), zone) == WEDNESDAY


@pytest.mark.parametrize("project", ZONES, ids=str)
@pytest.mark.parametrize("person", ZONES, ids=str)
def test_wherever_the_person_is_the_last_call_comes_in_time_and_the_next_one_after(project, person):
    """T-01: the deadline is the project's, the morning the person's."""
    due_at = end_of_day(WEDNESDAY, project)
    on_the_day = falls(0, due_at, person)
    after = falls(1, due_at, person)
    assert on_the_day <= due_at < after
    assert on_the_day.astimezone(person).hour == after.astimezone(person).hour == 9
    assert due_at - on_the_day < timedelta(days=1)


@pytest.mark.parametrize(
    ("due", "utc_hours"),
    [
        # T-03: clocks go forward on Sunday 2026-03-29, back on Sunday 2026-10-25.
        (date(2026, 3, 30), [8, 7, 7, 7]),
        (date(2026, 10, 26), [7, 8, 8, 8]),
    ],
)
def test_nine_stays_nine_when_clocks_change(due, utc_hours):
    mornings = [falls(rung.working_days, end_of_day(due, BERLIN), BERLIN) for rung in LADDER]
    assert [at.hour for at in mornings] == utc_hours
    assert [at.astimezone(BERLIN).hour for at in mornings] == [9, 9, 9, 9]


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_which_clocks_change_has_one_morning(sunday):
    works_always = Calendar(working=frozenset({sunday}))
    dues = [end_of_day(sunday + timedelta(days=n), BERLIN) for n in (0, 1, 2)]
    assert len({falls(0, due_at, BERLIN, works_always) for due_at in dues}) == 3


def test_a_rung_beyond_all_plans_never_falls():
    assert falls_at(Rung(3), end_of_day(date(2100, 12, 31), SHANGHAI), SHANGHAI, WEEKDAYS) is None


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        (datetime(2026, 11, 25, 0, 59, tzinfo=UTC), "Wed 25 Nov 09:00"),
        (datetime(2026, 11, 25, 1, 0, tzinfo=UTC), "Thu 26 Nov 09:00"),
        (datetime(2026, 11, 27, 4, 0, tzinfo=UTC), "Mon 30 Nov 09:00"),
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), "Mon 30 Nov 09:00"),
    ],
)
def test_the_next_morning_is_one_of_a_working_day(now, morning):
    assert next_morning(now, SHANGHAI, WEEKDAYS).astimezone(SHANGHAI).strftime("%a %d %b %H:%M") == morning


def test_only_what_is_still_to_come_is_planned_in_order():
    due_at = end_of_day(WEDNESDAY, SHANGHAI)
    tuesday = datetime(2026, 11, 24, 4, tzinfo=UTC)
    rungs, first = ahead((Rung(3), Rung(0), Rung(-2), Rung(1)), due_at, tuesday, SHANGHAI, WEEKDAYS)
    assert rungs == (Rung(0), Rung(1), Rung(3))
    assert first == datetime(2026, 11, 25, 1, tzinfo=UTC)


def test_a_rung_that_falls_this_very_instant_has_passed():
    due_at = end_of_day(WEDNESDAY, SHANGHAI)
    rungs, _first = ahead(LADDER, due_at, datetime(2026, 11, 25, 1, tzinfo=UTC), SHANGHAI, WEEKDAYS)
    assert rungs == (Rung(1), Rung(3))


def test_what_comes_late_is_reminded_of_once_on_the_next_morning():
    due_at = end_of_day(date(2026, 11, 2), SHANGHAI)
    friday = datetime(2026, 11, 27, 4, tzinfo=UTC)
    assert ahead(LADDER, due_at, friday, SHANGHAI, WEEKDAYS) == ((Rung(3),), datetime(2026, 11, 30, 1, tzinfo=UTC))


def test_without_rungs_nothing_is_planned():
    assert ahead((), end_of_day(WEDNESDAY, SHANGHAI), datetime(2026, 11, 2, tzinfo=UTC), SHANGHAI, WEEKDAYS) == (
        (),
        None,
    )
