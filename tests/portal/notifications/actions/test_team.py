from datetime import UTC, date, datetime, timedelta

import pytest

from portal.accounts.models import Holiday
from portal.notifications.actions import owe, settle, sweep, tell_managers
from portal.notifications.models import Delivery
from portal.notifications.summaries import inbox_of, open_of_team
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def manager():
    return UserFactory(site=SiteFactory(time_zone="Asia/Shanghai"))


@pytest.fixture
def person(manager):
    return UserFactory(site=manager.site, manager=manager)


@pytest.fixture
def climbed(person):
    """Due on the 11th, the manager told on the 18th; another of which only the person knows."""
    owed = owe("chore", 7, person, due_at=person.site.end_of_day(date(2026, 11, 11)), now=NOW)
    owe("chore", 8, person, due_at=person.site.end_of_day(date(2026, 11, 18)), now=NOW)
    for day in (16, 18, 19):
        sweep(now=datetime(2026, 11, day, 1, tzinfo=UTC))
    return owed


def weeks():
    return list(Delivery.objects.filter(event="team_week", channel="inbox").values_list("object_id", flat=True))


def test_a_manager_hears_once_a_week_on_its_first_morning(climbed, manager):
    for now in (MONDAY - timedelta(days=3), MONDAY - timedelta(seconds=1), MONDAY, MONDAY, MONDAY + timedelta(days=1)):
        tell_managers(now=now)
    assert weeks() == [202648]
    assert "team_week" in {row.event for row in Delivery.objects.filter(person=manager)}
    assert inbox_of(manager)[0][0].url == "/desk/team/"


def test_where_monday_is_off_the_next_working_day_is_the_first(climbed, manager):
    Holiday.objects.create(site=manager.site, day=date(2026, 11, 23))
    tell_managers(now=MONDAY)
    assert weeks() == []
    tell_managers(now=MONDAY + timedelta(days=1))
    assert weeks() == [202648]


def test_the_page_shows_only_what_the_manager_was_told_of(climbed, manager, person):
    assert [row.obligation for row in open_of_team(manager, MONDAY)] == [climbed]
    assert open_of_team(person, MONDAY) == []
    settle("chore", 7, now=MONDAY)
    assert (open_of_team(manager, MONDAY), tell_managers(now=MONDAY)) == ([], 0)
