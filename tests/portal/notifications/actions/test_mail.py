import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.notifications import postman
from portal.notifications.actions import announce, deliver, owe, settle, sweep
from portal.notifications.actions.mail import LEASE, MOST_ATTEMPTS
from portal.notifications.enums import Channel
from portal.notifications.models import Delivery
from portal.notifications.policy import MAILS_A_MINUTE
from portal.policy.store import change
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.notifications import OPENED, DeliveryFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)


@pytest.fixture
def person():
    return UserFactory(site=SiteFactory(time_zone="Asia/Shanghai"), language="zh-hans")


@pytest.fixture
def reminder(person):
    """Mail about the report 7, due on Wednesday 25 November, that waits since Monday morning."""
    due_at = person.site.end_of_day(date(2026, 11, 25))
    owe("report", 7, person, due_at=due_at, now=datetime(2026, 11, 2, tzinfo=UTC), project_id=3)
    sweep(now=NOW)
    return Delivery.objects.get(channel=Channel.MAIL)


def counted(counts):
    return {outcome.name: count for outcome, count in counts.items() if count}


def states():
    return list(Delivery.objects.filter(channel=Channel.MAIL).order_by("pk").values_list("state", flat=True))


def test_a_mail_is_sent_once_and_the_ledger_says_when(reminder, person):
    assert counted(deliver(now=NOW)) == {"SENT": 1}
    assert counted(deliver(now=NOW)) == {}

    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.extra_headers["Message-ID"] == reminder.message_id
    reminder.refresh_from_db()
    assert (reminder.state, reminder.attempts, reminder.lease_until, reminder.why) == ("sent", 1, None, "")
    assert NOW <= reminder.sent_at < NOW + timedelta(seconds=5)


def test_without_mail_that_waits_no_server_is_called(mail_server):
    assert counted(deliver(now=NOW)) == {}
    assert mail_server.connections == 0


def test_words_are_in_the_language_and_zone_of_each_recipient_and_leak_nowhere(person):
    """N-04: three recipients in one run, and an actor of a fourth language."""
    berlin = UserFactory(site=SiteFactory(time_zone="Europe/Berlin"), language="en")
    utc = UserFactory(language="zh-hans")
    with translation.override("de"), timezone.override("Asia/Tokyo"):
        announce("launched", 5, [person, berlin, utc], now=NOW)
        deliver(now=NOW)
        assert (translation.get_language(), timezone.get_current_timezone_name()) == ("de", "Asia/Tokyo")

    assert [(m.to, m.subject) for m in mail.outbox] == [
        ([person.email], "Launched zh-hans Asia/Shanghai 5"),
        ([berlin.email], "Launched en Europe/Berlin 5"),
        ([utc.email], "Launched zh-hans UTC 5"),
    ]


def settled(_world):
    settle("report", 7, now=NOW)


def ended(world):
    world.done.add(7)


def hidden(world):
    world.hidden.add(7)


def gone(world):
    world.gone.add(7)


def deactivated(_world):
    User.objects.update(is_active=False)


def opted_out(_world):
    User.objects.update(wants_mail=False)


@pytest.mark.parametrize(
    ("happens", "why"),
    [
        (settled, "settled"),
        (ended, "settled"),
        (hidden, "not_visible"),
        (deactivated, "deactivated"),
        (opted_out, "no_mail"),
        (gone, "gone"),
    ],
)
def test_what_is_no_longer_wanted_is_not_sent(reminder, world, happens, why):
    """Q-11: it happens between the sweep and the sending."""
    happens(world)
    assert counted(deliver(now=NOW)) == {"SKIPPED": 1}
    reminder.refresh_from_db()
    assert (mail.outbox, reminder.state, reminder.why, reminder.sent_at) == ([], "skipped", why, None)


@pytest.mark.parametrize(("happens", "why"), [(deactivated, "deactivated"), (opted_out, "no_mail"), (gone, "gone")])
def test_news_that_are_no_longer_wanted_are_not_sent(person, world, happens, why):
    announce("launched", 7, [person], now=NOW, project_id=3)
    happens(world)
    deliver(now=NOW)
    assert (mail.outbox, Delivery.objects.get(channel=Channel.MAIL).why) == ([], why)


def test_news_of_a_project_do_not_reach_who_may_no_longer_see_it(person, world):
    announce("launched", 7, [person], now=NOW, project_id=3)
    world.hidden_projects.add(3)
    deliver(now=NOW)
    assert (mail.outbox, Delivery.objects.get(channel=Channel.MAIL).why) == ([], "not_visible")


def test_what_happened_days_ago_is_no_mail_any_more_but_what_is_owed_is(person, reminder):
    announce("launched", 8, [person], now=NOW)
    assert counted(deliver(now=NOW + timedelta(days=3, minutes=1))) == {"SENT": 1, "SKIPPED": 1}
    assert Delivery.objects.get(event="launched", channel=Channel.MAIL).why == "stale"
    assert Delivery.objects.get(event="launched", channel=Channel.INBOX).state == "sent"


def test_a_mail_that_another_worker_holds_is_left_to_it_until_its_lease_lapses(reminder):
    Delivery.objects.filter(pk=reminder.pk).update(lease_until=NOW + LEASE, attempts=1)
    assert counted(deliver(now=NOW)) == {}
    assert counted(deliver(now=NOW + LEASE - timedelta(seconds=1))) == {}

    assert counted(deliver(now=NOW + LEASE)) == {"SENT": 1}
    assert [m.extra_headers["Message-ID"] for m in mail.outbox] == [reminder.message_id]


def test_the_pace_is_kept_though_much_waits(person):
    """Q-08: no storm after a pause."""
    change(MAILS_A_MINUTE, 5, by=None, now=NOW)
    DeliveryFactory.create_batch(12, person=person)
    runs = [counted(deliver(now=NOW + timedelta(seconds=s))) for s in (0, 30, 66, 132)]
    assert runs == [{"SENT": 5}, {}, {"SENT": 5}, {"SENT": 2}]


def test_the_oldest_go_first_and_the_limit_holds():
    late, early = (DeliveryFactory(next_try_at=OPENED + timedelta(hours=h)) for h in (2, 1))
    deliver(now=NOW, limit=1)
    assert [m.to for m in mail.outbox] == [[early.person.email]]
    deliver(now=NOW, limit=1)
    assert mail.outbox[1].to == [late.person.email]


def test_over_smtp_many_mails_take_one_connection(mail_server):
    DeliveryFactory.create_batch(5)
    assert counted(deliver(now=NOW)) == {"SENT": 5}
    assert (len(set(mail_server.recipients)), mail_server.connections) == (5, 1)
    _recipient, message = mail_server.taken[0]
    assert message["Message-ID"] == Delivery.objects.earliest("pk").message_id
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_refused_connection_leaves_everything_for_the_next_run(mail_server, settings, caplog):
    DeliveryFactory.create_batch(3)
    settings.EMAIL_PORT = 1
    assert counted(deliver(now=NOW)) == {}
    assert "the server cannot be reached" in caplog.text
    assert {(d.state, d.attempts, d.lease_until, d.next_try_at) for d in Delivery.objects.all()} == {
        ("pending", 0, None, OPENED)
    }

    settings.EMAIL_PORT = mail_server.port
    assert counted(deliver(now=NOW)) == {"SENT": 3}


@pytest.mark.parametrize("greeting", ["421 try later", "554 not you"])
def test_a_server_that_lets_nobody_in_is_no_fault_of_a_mail(mail_server, greeting):
    DeliveryFactory.create_batch(2)
    mail_server.greeting = greeting
    assert counted(deliver(now=NOW)) == {}
    assert states() == ["pending", "pending"]


def test_a_server_that_says_nothing_is_left_after_the_time_allowed(mail_server, monkeypatch):
    assert postman.TIMEOUT == 10
    monkeypatch.setattr(postman, "TIMEOUT", 0.2)
    DeliveryFactory.create_batch(2)
    mail_server.is_silent = True

    began = time.monotonic()
    deliver(now=NOW)

    assert time.monotonic() - began < 2
    assert states() == ["pending", "pending"]


@pytest.mark.parametrize(
    ("trouble", "state", "why"),
    [
        ("450 mailbox busy", "pending", "450 mailbox busy"),
        ("550 no such person", "failed", "550 no such person"),
        ("hang", "pending", "SMTPServerDisconnected: Connection unexpectedly closed: timed out"),
        ("drop", "pending", "SMTPServerDisconnected: Connection unexpectedly closed"),
    ],
)
def test_trouble_with_one_recipient_of_fifty_is_his_alone(mail_server, monkeypatch, trouble, state, why):
    """Q-09: 4xx and a hang are tried again, 5xx is given up and says so; the other 49 are sent."""
    monkeypatch.setattr(postman, "TIMEOUT", 0.3)
    rows = DeliveryFactory.create_batch(50)
    unlucky = rows[17]
    mail_server.judge = lambda recipient: trouble if recipient == unlucky.person.email else None

    counts = counted(deliver(now=NOW))

    assert counts == {"SENT": 49, "RETRIED" if state == "pending" else "FAILED": 1}
    assert sorted(mail_server.recipients) == sorted(row.person.email for row in rows if row != unlucky)
    unlucky.refresh_from_db()
    assert (unlucky.state, unlucky.why, unlucky.attempts, unlucky.lease_until) == (state, why, 1, None)
    if state == "pending":
        assert timedelta(minutes=2) <= unlucky.next_try_at - NOW < timedelta(minutes=3)


def test_a_server_that_goes_away_during_a_run_gets_back_what_it_did_not_take(mail_server):
    rows = DeliveryFactory.create_batch(3)

    def go_away_at_the_second(recipient):
        if recipient == rows[1].person.email:
            mail_server.greeting = "421 closing"
            return "drop"
        return None

    mail_server.judge = go_away_at_the_second
    deliver(now=NOW)

    found = Delivery.objects.order_by("pk").values_list("state", "attempts", "lease_until")
    assert list(found) == [("sent", 1, None), ("pending", 1, None), ("pending", 0, None)]


def test_what_was_refused_for_now_is_tried_again_ever_later(mail_server):
    row = DeliveryFactory()
    mail_server.judge = lambda _recipient: "451 later"
    now, pauses = NOW, []
    for _ in range(MOST_ATTEMPTS):
        before = now
        deliver(now=now)
        row.refresh_from_db()
        now = row.next_try_at
        pauses.append(round((now - before).total_seconds() / 60))

    assert pauses[:9] == [2, 4, 8, 16, 32, 64, 128, 256, 360]
    assert (row.state, row.attempts, row.why) == ("failed", MOST_ATTEMPTS, "451 later")
    assert counted(deliver(now=now + timedelta(days=9))) == {}


def test_after_a_temporary_refusal_it_arrives_with_the_same_id(mail_server):
    row = DeliveryFactory()
    answers = iter(["451 later", None])
    mail_server.judge = lambda _recipient: next(answers)
    deliver(now=NOW)
    deliver(now=NOW + timedelta(minutes=3))
    assert [message["Message-ID"] for _recipient, message in mail_server.taken] == [row.message_id]
    row.refresh_from_db()
    assert (row.state, row.attempts, row.why) == ("sent", 2, "")


def test_words_that_cannot_be_made_stop_nobody(person, caplog):
    DeliveryFactory(event="forgotten")
    DeliveryFactory(person=person)
    assert counted(deliver(now=NOW)) == {"RETRIED": 1, "SENT": 1}
    assert [m.to for m in mail.outbox] == [[person.email]]
    assert Delivery.objects.get(event="forgotten").why == "UnknownKindError: forgotten"


def test_a_run_ends_by_itself(monkeypatch):
    monkeypatch.setattr("portal.notifications.actions.mail.LONGEST_RUN", -1.0)
    DeliveryFactory()
    assert counted(deliver(now=NOW)) == {}
    assert states() == ["pending"]


def test_a_row_that_another_run_took_over_is_not_marked_by_the_first(person, world, monkeypatch, caplog):
    """The lease lapsed while the mail was written: whoever has the row now decides about it."""
    row = DeliveryFactory(person=person)
    monkeypatch.setattr("portal.notifications.actions.mail.LEASE", timedelta(0))

    class Slow(list[Any]):
        def append(self, message):
            super().append(message)
            Delivery.objects.filter(pk=row.pk).update(lease_until=NOW + timedelta(hours=1))

    mail.outbox = Slow()
    deliver(now=NOW)

    row.refresh_from_db()
    assert (row.state, row.lease_until) == ("pending", NOW + timedelta(hours=1))
    assert "lapsed while it was sent" in caplog.text
