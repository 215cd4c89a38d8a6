"""The private notice, the word to the manager, and what the portal does by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.accounts.models import User
from portal.notifications.actions import owe, sweep
from portal.notifications.actions.reminders import Outcome
from portal.notifications.models import Delivery, Obligation
from portal.notifications.policy import MANAGER_AFTER, NOTICE_AFTER, reminder_days
from portal.notifications.registry import obligation_kind
from portal.notifications.summaries import unread_count
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


def test_a_manager_who_switched_everything_off_is_still_told_in_his_inbox(chore, person, manager):
    User.objects.filter(pk=manager.pk).update(wants_inbox=False, wants_mail=False)

    for day in range(9, 27):
        sweep(now=morning(day))

    rows = Delivery.objects.filter(person=manager).values_list("rung", "channel", "state", "why")
    assert list(rows) == [(4, "inbox", "sent", "")]
    assert unread_count(manager) == 1
    assert Obligation.objects.told_to_manager().get() == chore


def test_a_notice_that_was_held_back_keeps_the_manager_out(chore, world, manager):
    world.hidden.add(7)
    sweep(now=morning(16))
    world.hidden.clear()
    assert sweep(now=morning(20))[Outcome.TOLD_MANAGER] == 0
    assert [row[1:] for row in told()] == [(3, "skipped"), (4, "skipped")]
    assert list(Delivery.objects.filter(person=manager).values_list("channel", "why")) == [("inbox", "no_notice")]


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
    last = Delivery.objects.filter(channel="inbox").latest("pk")
    assert (last.rung, last.state, last.why) == (4, "skipped", "no_manager")


def test_the_portal_acts_on_the_rung_that_says_so_and_only_while_it_is_owed(person, site, world):
    due_at = site.end_of_day(date(2026, 11, 11))
    for number in (1, 2):
        owe("order", number, person, due_at=due_at, now=NOW)
    world.done.add(2)
    for day in range(9, 20):
        sweep(now=morning(day))
    assert world.acted == [(1, morning(13))]


def test_a_project_is_held_before_the_portal_acts_on_it_and_not_before_it_reminds(person, site, world):
    owe("order", 1, person, due_at=site.end_of_day(date(2026, 11, 11)), now=NOW, project_id=7)
    sweep(now=morning(11))
    assert world.held == []
    for day in range(12, 16):
        sweep(now=morning(day))
    assert (world.held, world.acted) == ([7], [(1, morning(13))])
