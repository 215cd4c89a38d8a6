"""The private notice, the word to the manager, and what the portal does by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.accounts.models import Holiday
from portal.notifications.actions import owe, sweep
from portal.notifications.ladder import after_a_working_day
from portal.notifications.models import Delivery
from portal.notifications.policy import MANAGER_AFTER, NOTICE_AFTER, reminder_days
from portal.notifications.registry import obligation_kind
from portal.policy.store import change
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
NINE = timedelta(hours=1)


@pytest.fixture
def site():
    return SiteFactory(time_zone="Asia/Shanghai")


@pytest.fixture
def manager(site):
    return UserFactory(site=site, manager=UserFactory())


@pytest.fixture
def person(site, manager):
    return UserFactory(site=site, manager=manager, wants_mail=False)


def morning(day):
    return datetime(2026, 11, day, 1, tzinfo=UTC)


def told():
    return [(row.person.name, row.rung, row.state) for row in Delivery.objects.filter(channel="inbox").order_by("pk")]


@pytest.fixture
def chore(person, site):
    return owe("chore", 7, person, due_at=site.end_of_day(date(2026, 11, 11)), now=NOW)


def days_of(owed):
    return [(rung["working_days"], rung["reach"]) for rung in owed.ladder]


def test_the_ladder_of_the_policy_is_copied_and_a_change_moves_no_running_one(chore, person, site):
    own = [(-2, "person"), (0, "person"), (1, "person"), (3, "notice"), (5, "manager")]
    assert days_of(chore) == own
    change(reminder_days(obligation_kind("chore")), (0, 6), by=None, now=NOW)
    change(NOTICE_AFTER, 1, by=None, now=NOW)
    change(MANAGER_AFTER, 4, by=None, now=NOW)
    chore.refresh_from_db()
    assert days_of(chore) == own
    assert days_of(owe("chore", 8, person, due_at=chore.due_at, now=NOW)) == [
        (0, "person"),
        (1, "notice"),
        (5, "manager"),
    ]


def test_the_manager_hears_after_the_private_notice_and_nobody_above_him(chore, person, manager):
    for day in range(9, 27):
        sweep(now=morning(day))
    p, m = person.name, manager.name
    assert told() == [(p, 0, "sent"), (p, 1, "sent"), (p, 2, "sent"), (p, 3, "sent"), (m, 4, "sent")]
    assert Delivery.objects.get(person=manager, channel="inbox").sent_at == morning(18)


def test_after_a_long_pause_the_person_has_his_notice_and_a_working_day(chore, person, manager):
    friday_afternoon = datetime(2026, 11, 27, 8, tzinfo=UTC)
    sweep(now=friday_afternoon)
    assert told() == [(person.name, 3, "sent")]
    for hours in range(24 * 4):
        sweep(now=friday_afternoon + timedelta(hours=hours))
    chore.refresh_from_db()
    assert (chore.noticed_at, chore.next_rung) == (friday_afternoon, 5)
    # Friday was half over, so Monday is his; the manager hears on Tuesday.
    assert Delivery.objects.get(person=manager, channel="inbox").sent_at == datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_a_notice_that_was_held_back_keeps_the_manager_out(chore, world):
    world.hidden.add(7)
    sweep(now=morning(16))
    world.hidden.clear()
    sweep(now=morning(20))
    assert [row[1:] for row in told()] == [(3, "skipped")]


def test_a_moved_date_asks_for_a_new_notice(chore, person, site):
    sweep(now=morning(16))
    owe("chore", 7, person, due_at=site.end_of_day(date(2026, 11, 17)), now=morning(16) + NINE)
    chore.refresh_from_db()
    assert (chore.noticed_at, [rung["reach"] for rung in chore.ladder[chore.next_rung :]]) == (
        None,
        ["person", "person", "notice", "manager"],
    )


def test_who_has_no_manager_hears_alone(person, site):
    alone = UserFactory(site=site, manager=None)
    owe("chore", 9, alone, due_at=site.end_of_day(date(2026, 11, 11)), now=NOW)
    for day in range(9, 27):
        sweep(now=morning(day))
    assert {row.person for row in Delivery.objects.all()} == {alone}


def test_the_portal_acts_on_the_rung_that_says_so_and_only_while_it_is_owed(person, site, world):
    due_at = site.end_of_day(date(2026, 11, 11))
    for number in (1, 2):
        owe("order", number, person, due_at=due_at, now=NOW)
    world.done.add(2)
    for day in range(9, 20):
        sweep(now=morning(day))
    assert world.acted == [(1, morning(13))]


DAYS = st.integers(min_value=-3, max_value=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    case=st.fixed_dictionaries(
        {
            "reminders": st.lists(DAYS, min_size=1, max_size=4),
            "notice": st.integers(min_value=1, max_value=6),
            "gap": st.integers(min_value=1, max_value=4),
            "off": st.sets(st.integers(min_value=1, max_value=30), max_size=8),
            "opened": st.integers(min_value=1, max_value=25),
            "runs": st.lists(st.integers(min_value=24, max_value=24 * 50), min_size=1, max_size=8),
        }
    )
)
def test_nothing_overdue_reaches_a_manager_without_the_private_notice(manager, person, site, case):
    """Whatever the ladder, the days off and the pauses of the worker are."""
    Delivery.objects.all().delete()
    Holiday.objects.filter(site=site).delete()
    Holiday.objects.bulk_create(Holiday(site=site, day=date(2026, 11, day)) for day in case["off"])
    for setting, new in ((NOTICE_AFTER, case["notice"]), (MANAGER_AFTER, case["gap"])):
        change(setting, new, by=None, now=NOW)
    change(reminder_days(obligation_kind("chore")), tuple(case["reminders"]), by=None, now=NOW)
    begin = morning(case["opened"])
    owed = owe("chore", 1000, person, due_at=site.end_of_day(date(2026, 11, 11)), now=begin)
    for hours in sorted(case["runs"]):
        sweep(now=begin + timedelta(hours=hours))
    owed.refresh_from_db()
    notices = [n for n, rung in enumerate(owed.ladder) if rung["reach"] == "notice"]
    for word in Delivery.objects.filter(person=manager):
        noticed = Delivery.objects.get(person=person, obligation=owed, rung__in=notices, channel="inbox")
        assert noticed.state == "sent"
        assert noticed.sent_at is not None
        assert after_a_working_day(noticed.sent_at, person.zone, person.calendar()) <= word.created_at
    assert not Delivery.objects.filter(person=manager.manager).exists()
    Delivery.objects.filter(obligation=owed).delete()
    owed.delete()
