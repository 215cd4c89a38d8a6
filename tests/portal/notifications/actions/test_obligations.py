from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from portal.notifications.actions import owe, settle, sweep
from portal.notifications.enums import Channel
from portal.notifications.kinds import Rung
from portal.notifications.models import Delivery, Obligation
from portal.notifications.registry import UnknownKindError
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.notifications import ObligationFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture
def person():
    return UserFactory(site=SiteFactory(time_zone="Asia/Shanghai"))


def due(day, person):
    return person.site.end_of_day(date(2026, 11, day))


def rungs(obligation):
    return [rung["working_days"] for rung in obligation.ladder]


def test_owe_opens_with_the_ladder_of_the_kind(person):
    obligation = owe("report", 7, person, due_at=due(25, person), now=NOW, project_id=3)

    obligation.refresh_from_db()
    assert (obligation.kind, obligation.object_id, obligation.project_id, obligation.person) == ("report", 7, 3, person)
    assert (obligation.opened_at, obligation.due_at, obligation.settled_at) == (NOW, due(25, person), None)
    assert rungs(obligation) == [-2, 0, 1, 3]
    assert (obligation.next_rung, obligation.next_rung_at) == (0, datetime(2026, 11, 23, 1, tzinfo=UTC))


def test_owe_can_be_given_another_ladder(person):
    obligation = owe("report", 7, person, due_at=due(25, person), now=NOW, ladder=[Rung(5), Rung(-10)])
    assert rungs(obligation) == [-10, 5]


def test_a_kind_that_nobody_declares_is_refused(person):
    with pytest.raises(UnknownKindError):
        owe("repport", 7, person, due_at=due(25, person), now=NOW)


def test_owing_the_same_again_changes_nothing(person):
    first = owe("report", 7, person, due_at=due(25, person), now=NOW)
    sweep(now=datetime(2026, 11, 23, 2, tzinfo=UTC))

    second = owe("report", 7, person, due_at=due(25, person), now=NOW + timedelta(days=21))

    assert (second.pk, second.next_rung) == (first.pk, 1)
    assert Obligation.objects.count() == 1


def test_moving_the_date_plans_anew_and_uses_no_rung_twice(person):
    obligation = owe("report", 7, person, due_at=due(25, person), now=NOW)
    sweep(now=datetime(2026, 11, 23, 2, tzinfo=UTC))

    moved = owe("report", 7, person, due_at=due(30, person), now=datetime(2026, 11, 24, 4, tzinfo=UTC))

    moved.refresh_from_db()
    assert (moved.pk, moved.opened_at, moved.due_at) == (obligation.pk, NOW, due(30, person))
    assert (rungs(moved), moved.next_rung) == ([-2, -2, 0, 1, 3], 1)
    assert moved.next_rung_at == datetime(2026, 11, 26, 1, tzinfo=UTC)
    for day in (26, 30):
        sweep(now=datetime(2026, 11, day, 2, tzinfo=UTC))
    inbox = Delivery.objects.filter(channel=Channel.INBOX).order_by("pk")
    assert list(inbox.values_list("rung", flat=True)) == [0, 1, 2]


def test_moving_before_any_reminder_leaves_one_ladder(person):
    for day in (25, 26, 27):
        obligation = owe("report", 7, person, due_at=due(day, person), now=NOW)
    assert rungs(obligation) == [-2, 0, 1, 3]


def test_what_is_settled_can_be_owed_again(person):
    first = owe("report", 7, person, due_at=due(25, person), now=NOW)
    settle("report", 7, now=NOW)
    second = owe("report", 7, person, due_at=due(25, person), now=NOW)
    assert first.pk != second.pk


def test_settle_ends_it_for_all_or_for_one(person):
    others = UserFactory.create_batch(2)
    for owner in (person, *others):
        owe("report", 7, owner, due_at=due(25, person), now=NOW)
    owe("report", 8, person, due_at=due(25, person), now=NOW)
    owe("visit", 7, person, due_at=due(25, person), now=NOW)

    assert settle("report", 7, now=NOW, person=others[0]) == 1
    assert settle("report", 7, now=NOW) == 2
    assert settle("report", 7, now=NOW) == 0
    assert {(o.kind, o.object_id) for o in Obligation.objects.open()} == {("report", 8), ("visit", 7)}


def test_settling_takes_its_reminders_out_of_what_is_new(person):
    owe("report", 7, person, due_at=due(25, person), now=NOW)
    owe("report", 8, person, due_at=due(25, person), now=NOW)
    sweep(now=datetime(2026, 11, 23, 2, tzinfo=UTC))

    settle("report", 7, now=NOW)

    assert [row.object_id for row in Delivery.objects.inbox_of(person).unread()] == [8]


def test_one_open_obligation_of_a_kind_object_and_person(person):
    ObligationFactory(object_id=7, person=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        ObligationFactory(object_id=7, person=person)
    ObligationFactory(object_id=7, person=person, settled_at=NOW)
    ObligationFactory(object_id=7)


def test_owe_costs_the_same_however_much_is_owed(person, django_assert_num_queries):
    person.site.calendar()
    for number in (1, 50):
        with django_assert_num_queries(8):
            owe("report", number, person, due_at=due(25, person), now=NOW)
        for other in range(100, 110):
            owe("report", number * other, person, due_at=due(25, person), now=NOW)
