"""Two runs at once, on committed rows: Q-05."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction

from portal.notifications.actions import announce, deliver, owe, settle, sweep
from portal.notifications.models import Delivery, Obligation
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
OPENED = datetime(2026, 11, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


def at_once(*deeds):
    """Run the deeds in threads that start together; an error of any is raised."""
    together, errors = Barrier(len(deeds)), []

    def run(deed):
        together.wait()
        try:
            deed()
        except Exception as error:  # noqa: BLE001 -- raised again below, in the thread of the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def tick():
    sweep(now=NOW)
    deliver(now=NOW)


@pytest.fixture
def people():
    site = SiteFactory(time_zone="Asia/Shanghai")
    return [UserFactory(site=site) for _ in range(10)]


@pytest.fixture
def hundred_due(people):
    due_at = people[0].site.end_of_day(date(2026, 11, 25))
    with transaction.atomic():
        for number in range(100):
            owe("report", number + 1, people[number % 10], due_at=due_at, now=OPENED)


def test_two_sweeps_and_two_senders_at_once_send_a_hundred_mails(hundred_due, mail_server):
    at_once(tick, tick)
    deliver(now=NOW + timedelta(minutes=2))

    ids = [message["Message-ID"] for _recipient, message in mail_server.taken]
    assert len(ids) == len(set(ids)) == 100
    assert Delivery.objects.filter(channel="inbox", state="sent").count() == 100
    assert Delivery.objects.filter(channel="mail", state="sent").count() == 100


def test_many_senders_share_what_waits(people, mail_server):
    with transaction.atomic():
        for number in range(10):
            announce("launched", number, people, now=NOW)
    at_once(*[lambda: deliver(now=NOW)] * 4)

    assert len(mail_server.taken) == 100
    assert set(Delivery.objects.filter(channel="mail").values_list("state", "attempts")) == {("sent", 1)}


def test_owing_the_same_at_once_opens_one(people):
    due_at = people[0].site.end_of_day(date(2026, 11, 25))
    at_once(*[lambda: owe("report", 7, people[0], due_at=due_at, now=OPENED)] * 8)
    assert Obligation.objects.count() == 1


def test_announcing_the_same_at_once_tells_once(people):
    at_once(*[lambda: announce("launched", 7, people, now=NOW)] * 8)
    assert Delivery.objects.count() == 20


def test_a_date_that_moves_during_a_sweep_leaves_one_consistent_ladder(hundred_due, people):
    moved_to = people[0].site.end_of_day(date(2026, 11, 27))

    def move():
        for number in range(100):
            owe("report", number + 1, people[number % 10], due_at=moved_to, now=NOW)

    at_once(lambda: sweep(now=NOW), move)

    for obligation in Obligation.objects.prefetch_related("deliveries"):
        fired = {row.rung for row in obligation.deliveries.all()}
        used = obligation.next_rung
        assert fired == set(range(used))
        assert [rung["working_days"] for rung in obligation.ladder] == [-2] * used + [-2, 0, 1, 3]
        assert (obligation.due_at, obligation.next_rung_at) == (moved_to, datetime(2026, 11, 25, 1, tzinfo=UTC))


def test_what_is_settled_during_a_sweep_is_never_mailed(hundred_due, world, mail_server):
    def finish():
        for number in range(1, 101):
            world.done.add(number)
            settle("report", number, now=NOW)

    at_once(lambda: sweep(now=NOW), finish)
    deliver(now=NOW)

    assert mail_server.taken == []
    assert Obligation.objects.open().count() == 0
    assert Delivery.objects.filter(channel="inbox").unread().count() == 0
