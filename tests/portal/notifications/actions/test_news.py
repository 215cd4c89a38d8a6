from datetime import UTC, datetime, timedelta

import pytest

from portal.notifications.actions import announce, mark_read
from portal.notifications.models import Delivery
from portal.notifications.registry import UnknownKindError
from portal.notifications.summaries import unread_count
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def test_each_active_person_is_told_once_by_each_channel():
    one, two = UserFactory(), UserFactory(wants_mail=False)
    gone = UserFactory(is_active=False)

    for _ in range(2):
        announce("launched", 7, [one, two, one, gone], now=NOW, project_id=3)

    rows = Delivery.objects.order_by("pk").values_list("person", "channel", "state", "object_id", "project_id")
    assert list(rows) == [
        (one.pk, "inbox", "sent", 7, 3),
        (one.pk, "mail", "pending", 7, 3),
        (two.pk, "inbox", "sent", 7, 3),
    ]


def test_another_object_is_other_news():
    person = UserFactory()
    for number in (7, 8):
        announce("launched", number, [person], now=NOW)
    assert unread_count(person) == 2


def test_news_that_nobody_declares_are_refused():
    with pytest.raises(UnknownKindError):
        announce("lunch", 7, [UserFactory()], now=NOW)


def test_a_mail_has_an_id_of_our_own_host_that_nothing_changes():
    announce("launched", 7, [UserFactory()], now=NOW)
    row = Delivery.objects.get(channel="mail")
    assert row.message_id.endswith("@portal.example.com>")
    assert row.next_try_at == NOW


def test_reading_takes_what_was_seen_and_nothing_that_came_meanwhile():
    person, other = UserFactory.create_batch(2)
    for number in (1, 2, 3):
        announce("launched", number, [person, other], now=NOW)
    rows = list(Delivery.objects.inbox_of(person).order_by("pk"))

    assert mark_read(person, up_to=rows[1].pk, now=NOW + timedelta(hours=1)) == 2
    assert mark_read(person, up_to=rows[1].pk, now=NOW + timedelta(hours=2)) == 0

    assert (unread_count(person), unread_count(other)) == (1, 3)
    rows[0].refresh_from_db()
    assert rows[0].read_at == NOW + timedelta(hours=1)


def test_announcing_costs_the_same_for_one_and_for_many(django_assert_num_queries):
    persons = UserFactory.create_batch(20)
    for told in (persons[:1], persons):
        with django_assert_num_queries(1):
            announce("launched", len(told), told, now=NOW)
