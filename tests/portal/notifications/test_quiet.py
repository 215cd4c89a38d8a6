from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.models import Holiday, User
from portal.common.dates import NEVER, Calendar, Hours
from portal.notifications.actions import deliver, owe, sweep
from portal.notifications.foresight import steps_of
from portal.notifications.ladder import end_of_silence
from portal.notifications.models import Delivery
from portal.notifications.policy import QUIET_EVENING, QUIET_NOON
from portal.notifications.quiet import quiet_until
from portal.policy.store import change, parsed, shown
from tests.factories.accounts import SiteFactory, UserFactory

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NOON, EVENING = QUIET_NOON.default, QUIET_EVENING.default
NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)


def there(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-11-25 11:59", None),
        ("2026-11-25 12:00", "2026-11-25 13:30"),
        ("2026-11-25 13:29", "2026-11-25 13:30"),
        ("2026-11-25 13:30", None),
        ("2026-11-25 19:00", "2026-11-26 09:00"),
        ("2026-11-26 00:30", "2026-11-26 09:00"),
        ("2026-11-26 08:59", "2026-11-26 09:00"),
        ("2026-11-26 09:00", None),
        # Friday evening, a weekend, and the make-up Sunday after it.
        ("2026-11-27 20:00", "2026-11-29 09:00"),
        ("2026-11-28 10:00", "2026-11-29 09:00"),
        # The Monday after is off.
        ("2026-11-29 20:00", "2026-12-01 09:00"),
    ],
)
def test_noon_evening_and_days_off_are_silent_until_their_end(now, end):
    calendar = Calendar(holidays=frozenset({date(2026, 11, 30)}), working=frozenset({date(2026, 11, 29)}))
    found = end_of_silence(there(now), [EVENING, NOON], SHANGHAI, calendar)
    assert found == (None if end is None else there(end))


@pytest.mark.parametrize("sunday", [date(2026, 3, 29), date(2026, 10, 25)])
def test_clocks_that_change_in_the_night_move_no_morning(sunday):
    """T-02, T-03: an hour that does not exist, and one that comes twice."""
    calendar = Calendar(working=frozenset({sunday}))
    evening = datetime.combine(sunday, time(0, 30), BERLIN).astimezone(UTC)
    assert end_of_silence(evening, [EVENING], BERLIN, calendar) == datetime.combine(sunday, time(9), BERLIN)
    short = Hours(time(1), time(2, 30))
    for hour in range(6):
        now = datetime(sunday.year, sunday.month, sunday.day, hour, 15, tzinfo=UTC)
        end = end_of_silence(now, [short], BERLIN, calendar)
        assert end is None or end > now


CLOCKS = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(
    now=st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    silent=st.lists(st.builds(Hours, CLOCKS, CLOCKS), max_size=3),
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")]),
)
def test_a_silence_ends_later_and_outside_of_every_silence(now, silent, zone):
    end = end_of_silence(now, silent, zone, Calendar())
    if end is not None:
        local = end.astimezone(zone)
        assert end > now
        assert Calendar().is_working(local.date())
        assert not any(hours.hold(local.time()) for hours in silent)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("19:00–09:00", EVENING),
        ("19-9", EVENING),
        ("12：00 至 13：30", NOON),
        ("", NEVER),
    ],
)
def test_hours_are_read_as_people_write_them_and_shown_in_one_way(text, hours):
    assert parsed(QUIET_NOON, text) == hours
    assert parsed(QUIET_NOON, shown(QUIET_NOON, hours)) == hours


@pytest.fixture
def person(db):
    site = SiteFactory(time_zone="Asia/Shanghai")
    return UserFactory(site=site, manager=UserFactory(site=site))


@pytest.fixture
def chore(person):
    """Due on Wednesday the 11th."""
    return owe("chore", 7, person, due_at=person.site.end_of_day(date(2026, 11, 11)), now=NOW)


def rungs(person):
    return list(
        Delivery.objects.filter(person=person, channel="inbox").order_by("pk").values_list("rung", "created_at")
    )


def test_a_rung_that_comes_in_quiet_hours_is_sent_at_their_end_once(chore, person):
    """The worker was down in the morning and comes back at noon."""
    for now in ("2026-11-12 12:10", "2026-11-12 12:11", "2026-11-12 13:29"):
        sweep(now=there(now))
    assert rungs(person) == []
    sweep(now=there("2026-11-12 13:30"))
    sweep(now=there("2026-11-12 13:31"))
    assert rungs(person) == [(2, there("2026-11-12 13:30"))]


def test_the_day_off_of_the_persons_own_site_is_quiet(chore, person):
    Holiday.objects.create(site=person.site, day=date(2026, 11, 13))
    sweep(now=there("2026-11-13 10:00"))
    assert rungs(person) == []
    sweep(now=there("2026-11-16 09:00"))
    assert [rung for rung, _at in rungs(person)] == [2]


def test_own_hours_count_before_those_of_the_company(chore, person):
    User.objects.filter(pk=person.pk).update(quiet_from=time(17), quiet_until=time(10, 30), is_quiet_at_noon=False)
    person.refresh_from_db()
    assert quiet_until(person, there("2026-11-11 12:15")) is None
    assert quiet_until(person, there("2026-11-11 17:15")) == there("2026-11-12 10:30")
    sweep(now=there("2026-11-09 09:00"))
    assert rungs(person) == []
    sweep(now=there("2026-11-09 10:30"))
    assert rungs(person) == [(0, there("2026-11-09 10:30"))]


def test_the_foretold_steps_leave_quiet_hours_out(chore, person):
    User.objects.filter(pk=person.pk).update(quiet_from=time(17), quiet_until=time(10, 30))
    chore.refresh_from_db()
    assert [step.at for step in steps_of(chore)][:2] == [there("2026-11-09 10:30"), there("2026-11-11 10:30")]


def test_a_policy_without_silence_speaks_at_noon(chore, person):
    change(QUIET_NOON, NEVER, by=None, now=NOW)
    assert quiet_until(person, there("2026-11-11 12:15")) is None


def test_mail_waits_for_the_end_too_and_costs_no_attempt(chore, person):
    """The private notice came at nine, the mail server was away until the evening."""
    sweep(now=there("2026-11-16 09:00"))
    mail = Delivery.objects.get(person=person, channel="mail")
    deliver(now=there("2026-11-16 19:30"))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.next_try_at) == ("pending", 0, there("2026-11-17 09:00"))
    deliver(now=there("2026-11-17 09:00"))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("sent", 1)
