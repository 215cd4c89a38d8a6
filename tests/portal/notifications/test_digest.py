"""The mail of the morning. Kinds that are urgent go by themselves (test_mail); chores and chats are gathered."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core import mail

from portal.accounts.models import User
from portal.notifications.actions import announce, deliver, mark_read, owe, settle, sweep
from portal.notifications.actions.gather import gather
from portal.notifications.models import Delivery
from portal.notifications.summaries import unread_count
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)


@pytest.fixture
def site():
    return SiteFactory(time_zone="Asia/Shanghai")


@pytest.fixture
def person(site):
    return UserFactory(site=site, manager=UserFactory(site=site, wants_mail=False))


def morning(day, hour=9, minute=0):
    """In Shanghai, in November."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC)


def chore(person, number=7, day=11, project=3):
    return owe("chore", number, person, due_at=person.site.end_of_day(date(2026, 11, day)), now=NOW, project_id=project)


def tick(now):
    sweep(now=now)
    deliver(now=now)


def ledger(person):
    rows = Delivery.objects.filter(person=person, channel="mail").order_by("pk")
    return [(row.event or row.rung, row.state, row.why) for row in rows]


def test_what_is_not_urgent_comes_in_one_mail_of_the_morning_once(person):
    chore(person)
    chore(person, 8, project=4)
    announce("chat", 5, [person], now=morning(6, 15), project_id=3)
    announce("chat", 6, [person], now=morning(6, 16))
    for minutes in (0, 1, 2, 60):
        tick(morning(9) + timedelta(minutes=minutes))

    (message,) = mail.outbox
    assert message.to == [person.email]
    assert message.subject == "This morning: 2 things wait for you, 2 are new"
    *lines, why = (line for line in str(message.body).splitlines() if line and not line.startswith("  "))
    assert lines == [
        "This morning: 2 things wait for you, 2 are new",
        "Project 3",
        "* Write the report en Asia/Shanghai 7 (by 11 Nov)",
        "* Chatted en Asia/Shanghai 5",
        "Project 4",
        "* Write the report en Asia/Shanghai 8 (by 11 Nov)",
        "Beside the projects",
        "* Chatted en Asia/Shanghai 6",
        "Your desk: https://portal.example.com/",
    ]
    assert why.startswith("You get this once a day")
    assert why.endswith("https://portal.example.com/settings/")
    assert str(message.body).count("https://portal.example.com/reports/7/") == 1
    assert set(ledger(person)) == {("chat", "sent", ""), (0, "sent", ""), ("digest", "sent", "")}


def test_the_next_day_has_its_own_and_a_day_without_anything_has_none(person):
    announce("chat", 5, [person], now=morning(6, 15))
    tick(morning(9))
    announce("chat", 6, [person], now=morning(9, 15))
    for day in (9, 10, 11):
        tick(morning(day, 16))
    days = Delivery.objects.filter(event="digest").order_by("pk").values_list("object_id", flat=True)
    assert (list(days), len(mail.outbox)) == ([20261109, 20261110], 2)


def test_it_is_in_the_language_and_at_the_morning_of_each(person):
    berlin = UserFactory(site=SiteFactory(time_zone="Europe/Berlin"), language="zh-hans")
    announce("chat", 5, [person, berlin], now=morning(6, 15))
    tick(morning(9))
    assert [message.to for message in mail.outbox] == [[person.email]]
    tick(morning(9, 16))
    assert mail.outbox[1].to == [berlin.email]
    assert mail.outbox[1].subject == "今天早上：1 条新消息"
    assert "Chatted zh-hans Europe/Berlin 5" in mail.outbox[1].body


def test_weekends_and_own_quiet_hours_have_no_morning(person):
    announce("chat", 5, [person], now=morning(6, 15))
    User.objects.filter(pk=person.pk).update(quiet_from=time(18), quiet_until=time(10))
    for now in (morning(7, 11), morning(8, 11), morning(9), morning(9, 9, 59)):
        tick(now)
    assert mail.outbox == []
    tick(morning(9, 10))
    assert len(mail.outbox) == 1


def test_what_is_no_longer_wanted_is_left_out_and_without_the_rest_there_is_no_mail(person, world):
    chore(person)
    chore(person, 8)
    announce("chat", 5, [person], now=morning(6, 15), project_id=9)
    sweep(now=morning(9))
    assert gather(now=morning(9)) == 1
    settle("chore", 8, now=morning(9))
    world.hidden_projects.add(9)
    deliver(now=morning(9))
    (message,) = mail.outbox
    assert message.subject == "This morning: 1 thing waits for you"
    assert sorted(ledger(person), key=str) == sorted(
        [("chat", "skipped", "not_visible"), (0, "sent", ""), (0, "skipped", "settled"), ("digest", "sent", "")],
        key=str,
    )


@pytest.mark.parametrize(
    ("change", "why"), [({"wants_mail": False}, "no_mail"), ({"is_active": False}, "deactivated")], ids=str
)
def test_who_wants_none_any_more_gets_none(person, change, why):
    announce("chat", 5, [person], now=morning(6, 15))
    User.objects.filter(pk=person.pk).update(**change)
    tick(morning(9))
    assert (mail.outbox, ledger(person)) == ([], [("chat", "skipped", why), ("digest", "skipped", why)])


def test_what_a_slow_sweep_has_not_reminded_of_yet_is_waited_for(person):
    chore(person)
    chore(person, 8)
    announce("chat", 5, [person], now=morning(6, 15))
    sweep(now=morning(9), limit=1)
    assert gather(now=morning(9)) == 0
    tick(morning(9, 9, 1))
    assert mail.outbox[0].subject == "This morning: 2 things wait for you, 1 is new"


def test_the_private_notice_is_a_mail_of_its_own(person):
    chore(person)
    tick(morning(16))
    assert [message.subject for message in mail.outbox] == ["Write the report en Asia/Shanghai 7"]
    assert "Three ways out" in mail.outbox[0].body


def test_a_long_morning_says_how_much_is_left_out(person):
    for number in range(25):
        chore(person, 100 + number, day=9)
    tick(morning(9))
    assert "5 more stand on your desk." in mail.outbox[-1].body


def test_a_refused_mail_fails_with_its_parts(person, mail_server):
    announce("chat", 5, [person], now=morning(6, 15))
    mail_server.judge = lambda _recipient: "550 no such person"
    tick(morning(9))
    assert [row[1] for row in ledger(person)] == ["failed", "failed"]


def test_gathering_costs_the_same_for_one_and_for_many_that_have_theirs(person, site, django_assert_num_queries):
    others = UserFactory.create_batch(9, site=site)
    for told in ([person], others):
        announce("chat", len(told), told, now=morning(6, 15))
        gather(now=morning(9))
        announce("chat", 50 + len(told), told, now=morning(9, 11))
        with django_assert_num_queries(2):
            assert gather(now=morning(9, 12)) == 0


# The switches


def inbox(person):
    return list(Delivery.objects.filter(person=person, channel="inbox").order_by("pk").values_list("state", "why"))


def test_without_the_inbox_only_mail_comes(person):
    User.objects.filter(pk=person.pk).update(wants_inbox=False)
    person.refresh_from_db()
    announce("launched", 5, [person], now=morning(9))
    assert inbox(person) == [("skipped", "no_inbox")]
    assert (unread_count(person), mark_read(person, up_to=99, now=NOW)) == (0, 0)
    deliver(now=morning(9))
    assert len(mail.outbox) == 1


def test_with_both_off_the_private_notice_still_comes_before_the_manager_hears(person):
    User.objects.filter(pk=person.pk).update(wants_inbox=False, wants_mail=False)
    owed = chore(person)
    for day in range(9, 27):
        tick(morning(day))
    notice = next(n for n, rung in enumerate(owed.ladder) if rung["reach"] == "notice")
    rows = Delivery.objects.filter(person=person).order_by("pk").values_list("rung", "channel", "state")
    assert list(rows) == [(n, "inbox", "sent" if n == notice else "skipped") for n in range(notice + 1)]
    assert Delivery.objects.filter(person=person.manager, state="sent").count() == 1
