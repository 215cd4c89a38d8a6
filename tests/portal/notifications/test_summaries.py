from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.notifications.actions import announce, mark_read, owe, settle, sweep
from portal.notifications.models import Obligation
from portal.notifications.summaries import (
    Due,
    desk_for,
    due_of,
    inbox_of,
    open_of_project,
    tasks_for,
    unread_count,
)
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.notifications import ObligationFactory

pytestmark = pytest.mark.django_db
#: A Monday, noon in Shanghai.
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def person():
    return UserFactory(site=SiteFactory(time_zone="Asia/Shanghai"))


def due(person, day, month=11):
    return person.site.end_of_day(date(2026, month, day))


def test_the_desk_is_in_order_of_urgency_and_says_when(person):
    for number, day in ((1, 27), (2, 23), (3, 20), (4, 30), (5, 24)):
        owe("report", number, person, due_at=due(person, day), now=NOW)
    owe("report", 6, UserFactory(), due_at=NOW, now=NOW)
    owe("report", 7, person, due_at=due(person, 24), now=NOW)
    settle("report", 7, now=NOW)

    assert [(row.obligation.object_id, row.due, row.icon) for row in tasks_for(person, NOW)] == [
        (3, Due.PAST, "file-earmark-text"),
        (2, Due.TODAY, "file-earmark-text"),
        (5, Due.THIS_WEEK, "file-earmark-text"),
        (1, Due.THIS_WEEK, "file-earmark-text"),
        (4, Due.LATER, "file-earmark-text"),
    ]
    assert tasks_for(person, NOW)[0].task.url == "/reports/3/"


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (datetime(2026, 11, 23, 15, 59, 59, 999999, tzinfo=UTC), Due.TODAY),
        (datetime(2026, 11, 23, 3, 59, tzinfo=UTC), Due.PAST),
        (datetime(2026, 11, 23, 16, tzinfo=UTC), Due.THIS_WEEK),
        (datetime(2026, 11, 29, 15, 59, tzinfo=UTC), Due.THIS_WEEK),
        (datetime(2026, 11, 29, 16, tzinfo=UTC), Due.LATER),
    ],
)
def test_days_are_the_readers_and_the_week_ends_on_sunday(due_at, expected):
    assert due_of(due_at, NOW, ZoneInfo("Asia/Shanghai")) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"])
def test_late_is_the_same_instant_for_every_reader(zone):
    """T-01, T-09: the deadline is one instant, whatever day the reader calls it; late comes after the whole of it."""
    due_at = SiteFactory(time_zone="Asia/Shanghai").end_of_day(date(2026, 11, 25))
    assert due_of(due_at, due_at, ZoneInfo(zone)) == Due.TODAY
    assert due_of(due_at, due_at + timedelta(microseconds=1), ZoneInfo(zone)) == Due.PAST


def test_what_has_no_words_is_not_shown(person, world):
    for number in (1, 2):
        owe("report", number, person, due_at=due(person, 24), now=NOW)
    world.gone.add(1)
    ObligationFactory(kind="forgotten", person=person)
    assert [row.obligation.object_id for row in tasks_for(person, NOW)] == [2]


def test_a_project_that_is_hidden_by_now_is_nowhere(person, world):
    owe("report", 1, person, due_at=due(person, 24), now=NOW, project_id=3)
    announce("launched", 1, [person], now=NOW, project_id=3)
    announce("launched", 2, [person], now=NOW)
    world.hidden_projects.add(3)

    assert tasks_for(person, NOW) == []
    assert [row.url for row in inbox_of(person)[0]] == ["/launches/2/"]
    desk = desk_for(person, NOW, most_news=5)
    assert (desk.tasks, [row.url for row in desk.news]) == ([], ["/launches/2/"])


def test_an_owner_sees_what_others_owe_on_his_projects(person, world):
    other = UserFactory()
    owe("report", 1, other, due_at=due(person, 26), now=NOW, project_id=3)
    owe("report", 2, other, due_at=due(person, 24), now=NOW, project_id=3)
    owe("report", 3, person, due_at=due(person, 24), now=NOW, project_id=3)
    owe("report", 4, other, due_at=due(person, 24), now=NOW, project_id=4)
    world.owned[person.pk] = {3}

    rows = desk_for(person, NOW, most_news=0).waiting

    assert [(row.obligation.object_id, row.obligation.person, row.project_url) for row in rows] == [
        (2, other, "/projects/3/"),
        (1, other, "/projects/3/"),
    ]
    assert desk_for(other, NOW, most_news=0).waiting == []


def test_a_project_shows_what_anybody_owes_on_it(person):
    other = UserFactory()
    owe("report", 1, other, due_at=due(person, 26), now=NOW, project_id=3)
    owe("visit", 1, person, due_at=due(person, 24), now=NOW, project_id=3)
    owe("report", 2, person, due_at=due(person, 24), now=NOW, project_id=4)
    assert [(row.obligation.kind, row.due) for row in open_of_project(3, person, NOW)] == [
        ("visit", Due.THIS_WEEK),
        ("report", Due.THIS_WEEK),
    ]


def test_the_inbox_has_reminders_and_news_the_newest_first(person):
    owe("report", 1, person, due_at=due(person, 25), now=NOW - timedelta(days=9))
    sweep(now=NOW)
    announce("launched", 2, [person], now=NOW + timedelta(minutes=1))

    rows, older = inbox_of(person)

    assert [(row.sentence, row.url, row.at, row.is_new) for row in rows] == [
        ("Launched en UTC 2", "/launches/2/", NOW + timedelta(minutes=1), True),
        ("Write the report en UTC 1", "/reports/1/", NOW, True),
    ]
    assert (older, unread_count(person)) == (None, 2)
    mark_read(person, up_to=rows[0].pk, now=NOW)
    assert [row.is_new for row in inbox_of(person)[0]] == [False, False]
    assert unread_count(person) == 0


def test_the_inbox_is_read_page_by_page(person):
    for number in range(1, 8):
        announce("launched", number, [person], now=NOW)
    pages, before = [], None
    while True:
        rows, before = inbox_of(person, before=before, most=3)
        pages.append([int(row.url.split("/")[2]) for row in rows])
        if before is None:
            break
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def fill(person, world, count):
    world.owned[person.pk] = {3}
    others = UserFactory.create_batch(2)
    for number in range(1, count + 1):
        for kind in ("report", "visit"):
            for owner in (person, *others):
                owe(kind, number, owner, due_at=due(person, 25), now=NOW - timedelta(days=9), project_id=3)
        announce("launched", number, [person], now=NOW, project_id=3)
    sweep(now=NOW)


@pytest.mark.parametrize("count", [1, 8])
def test_every_reading_costs_the_same_for_one_and_for_many(person, world, django_assert_num_queries, count):
    fill(person, world, count)
    world.asked.clear()
    with django_assert_num_queries(1):
        assert len(tasks_for(person, NOW)) == 2 * count
    assert world.asked == ["report", "report"]
    world.asked.clear()
    with django_assert_num_queries(3):
        desk = desk_for(person, NOW, most_news=100)
        assert len({row.obligation.person.name for row in desk.waiting}) == 2
    assert (len(desk.tasks), len(desk.news)) == (2 * count, 3 * count)
    assert world.asked == ["report", "report", "launched"]
    with django_assert_num_queries(1):
        assert len([row.obligation.person.name for row in open_of_project(3, person, NOW)]) == 6 * count
    world.asked.clear()
    with django_assert_num_queries(1):
        assert len(inbox_of(person, most=100)[0]) == 3 * count
    assert world.asked == ["report", "report", "launched"]
    with django_assert_num_queries(1):
        assert unread_count(person) == 3 * count
    assert Obligation.objects.count() == 6 * count
