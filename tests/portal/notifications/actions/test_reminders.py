from datetime import UTC, date, datetime, timedelta

import pytest

from portal.accounts.models import Holiday, User
from portal.common.once import read_once
from portal.notifications.actions import owe, settle, sweep
from portal.notifications.models import Delivery, Obligation
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
#: Nine in Shanghai on the days of the four rungs of what is due on Wednesday 25 November.
MONDAY, WEDNESDAY, THURSDAY, NEXT_MONDAY = (
    datetime(2026, 11, 23, 1, tzinfo=UTC),
    datetime(2026, 11, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 26, 1, tzinfo=UTC),
    datetime(2026, 11, 30, 1, tzinfo=UTC),
)


@pytest.fixture
def site():
    return SiteFactory(time_zone="Asia/Shanghai")


@pytest.fixture
def person(site):
    return UserFactory(site=site)


@pytest.fixture
def report(person, site):
    return owe("report", 7, person, due_at=site.end_of_day(date(2026, 11, 25)), now=NOW, project_id=3)


def counted(counts):
    return {outcome.name: count for outcome, count in counts.items() if count}


def ledger():
    return [(row.rung, row.channel, row.state, row.why) for row in Delivery.objects.order_by("pk")]


def test_each_rung_reaches_the_person_once_by_inbox_and_mail(report, person):
    for now in (MONDAY - timedelta(seconds=1), MONDAY, MONDAY, WEDNESDAY, THURSDAY, NEXT_MONDAY, NEXT_MONDAY):
        sweep(now=now)
    assert ledger() == [
        (rung, channel, state, "") for rung in range(4) for channel, state in (("inbox", "sent"), ("mail", "pending"))
    ]
    row = Delivery.objects.earliest("pk")
    assert (row.obligation, row.person, row.object_id, row.project_id, row.sent_at) == (report, person, 7, 3, MONDAY)
    report.refresh_from_db()
    assert (report.next_rung, report.next_rung_at, report.settled_at) == (4, None, None)


def test_rungs_missed_while_nothing_ran_are_one_reminder(report):
    assert counted(sweep(now=NEXT_MONDAY - timedelta(hours=1))) == {"REMINDED": 1}
    assert [row[0] for row in ledger()] == [2, 2]
    report.refresh_from_db()
    assert report.next_rung_at == NEXT_MONDAY


def test_the_oldest_come_first_and_the_limit_holds(person, site):
    for number, day in ((1, 26), (2, 24), (3, 25)):
        owe("report", number, person, due_at=site.end_of_day(date(2026, 11, day)), now=NOW)
    assert counted(sweep(now=NEXT_MONDAY, limit=2)) == {"REMINDED": 2}
    assert [row.object_id for row in Delivery.objects.filter(channel="inbox").order_by("pk")] == [2, 3]


def test_what_is_settled_is_left_alone(report):
    settle("report", 7, now=NOW)
    assert counted(sweep(now=MONDAY)) == {}


def test_what_ended_without_being_settled_is_settled_by_the_sweep(report, world):
    world.done.add(7)
    assert counted(sweep(now=MONDAY)) == {"SETTLED": 1}
    report.refresh_from_db()
    assert (report.settled_at, ledger()) == (MONDAY, [])


def test_who_lost_the_right_is_not_told_and_the_ledger_says_so(report, world):
    world.hidden.add(7)
    assert counted(sweep(now=MONDAY)) == {"HELD_BACK": 1}
    assert ledger() == [(0, "inbox", "skipped", "not_visible")]


def test_who_is_no_longer_active_is_not_told(report, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert counted(sweep(now=MONDAY)) == {"HELD_BACK": 1}
    assert ledger() == [(0, "inbox", "skipped", "deactivated")]


def test_who_wants_no_mail_gets_none(report, person):
    User.objects.filter(pk=person.pk).update(wants_mail=False)
    sweep(now=MONDAY)
    assert ledger() == [(0, "inbox", "sent", "")]


def test_one_that_cannot_be_handled_is_put_off_and_stops_nobody(report, person, site, world, caplog):
    owe("report", 8, person, due_at=site.end_of_day(date(2026, 11, 25)), now=NOW)
    world.poison.add(7)

    assert counted(sweep(now=MONDAY)) == {"REMINDED": 1, "FAILED": 1}
    assert counted(sweep(now=MONDAY)) == {}
    assert counted(sweep(now=MONDAY + timedelta(minutes=1))) == {"FAILED": 1}

    report.refresh_from_db()
    assert (report.failures, report.next_rung) == (2, 0)
    assert report.next_rung_at == MONDAY + timedelta(minutes=3)
    assert f"obligation {report.pk} could not be swept" in caplog.text
    world.poison.clear()
    assert counted(sweep(now=MONDAY + timedelta(minutes=3))) == {"REMINDED": 1}
    report.refresh_from_db()
    assert (report.failures, report.next_rung, report.next_rung_at) == (0, 1, WEDNESDAY)


def test_pauses_grow_to_a_day(report, world):
    world.poison.add(7)
    Obligation.objects.update(failures=40)
    sweep(now=MONDAY)
    report.refresh_from_db()
    assert report.next_rung_at == MONDAY + timedelta(days=1)


def test_many_poisoned_ones_do_not_starve_the_rest(person, site, world):
    for number in range(1, 8):
        owe("report", number, person, due_at=site.end_of_day(date(2026, 11, 25)), now=NOW)
    world.poison |= set(range(1, 7))
    runs = [counted(sweep(now=MONDAY, limit=3)) for _ in range(3)]
    assert runs == [{"FAILED": 3}, {"FAILED": 3}, {"REMINDED": 1}]


def test_a_kind_that_is_no_longer_declared_stops_nobody(report, person, site):
    owe("visit", 7, person, due_at=site.end_of_day(date(2026, 11, 25)), now=NOW)
    Obligation.objects.filter(pk=report.pk).update(kind="forgotten")
    assert counted(sweep(now=MONDAY)) == {"REMINDED": 1, "FAILED": 1}


def test_a_new_holiday_moves_what_was_planned(report, site):
    Holiday.objects.create(site=site, day=date(2026, 11, 24))
    Holiday.objects.create(site=site, day=date(2026, 11, 25))
    Obligation.objects.update(next_rung=1, next_rung_at=WEDNESDAY)
    assert counted(sweep(now=MONDAY)) == {}
    assert counted(sweep(now=WEDNESDAY)) == {"REMINDED": 1}

    Holiday.objects.create(site=site, day=date(2026, 11, 26))
    assert counted(sweep(now=THURSDAY)) == {"MOVED": 1}
    report.refresh_from_db()
    assert (report.next_rung, report.next_rung_at) == (2, datetime(2026, 11, 27, 1, tzinfo=UTC))


def test_a_clock_that_goes_back_repeats_nothing(report):
    for now in (WEDNESDAY, MONDAY, WEDNESDAY):
        sweep(now=now)
    assert [row[0] for row in ledger()] == [1, 1]


def test_people_in_other_zones_are_told_in_their_morning(world):
    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"):
        there = UserFactory(site=SiteFactory(time_zone=zone))
        owe("report", there.pk, there, due_at=datetime(2026, 11, 25, 23, 59, 59, tzinfo=UTC), now=NOW)

    fires = dict(Obligation.objects.values_list("person__site__time_zone", "next_rung_at"))

    assert fires == {
        "Pacific/Kiritimati": datetime(2026, 11, 23, 19, tzinfo=UTC),
        "UTC": datetime(2026, 11, 23, 9, tzinfo=UTC),
        "Pacific/Pago_Pago": datetime(2026, 11, 23, 20, tzinfo=UTC),
    }


def test_a_person_whose_zone_is_unknown_is_told_by_utc(report, person):
    User.objects.filter(pk=person.pk).update(time_zone="Mars/Olympus")
    assert counted(sweep(now=MONDAY)) == {"MOVED": 1}
    report.refresh_from_db()
    assert report.next_rung_at == datetime(2026, 11, 23, 9, tzinfo=UTC)


def test_each_one_costs_the_same_and_calendars_are_read_once(person, site, django_assert_num_queries):
    for number in range(1, 11):
        owe("report", number, person, due_at=site.end_of_day(date(2026, 11, 25)), now=NOW)
    # Two readings of the queue, one of the calendar; for each one a savepoint and its release, claim, ledger.
    with read_once(), django_assert_num_queries(3 + 10 * 4):
        sweep(now=MONDAY)
