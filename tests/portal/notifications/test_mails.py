from datetime import UTC, date, datetime

import pytest

from portal.accounts.enums import Language
from portal.notifications.actions import owe
from portal.notifications.enums import Channel
from portal.notifications.kinds import EventKind, News
from portal.notifications.mails import compose
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.notifications import DeliveryFactory
from tests.portal.notifications.fake_process import PROCESS

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(site=SiteFactory(time_zone="Asia/Shanghai"))


def reminder(person, object_id=7):
    due_at = person.site.end_of_day(date(2026, 11, 25))
    obligation = owe("report", object_id, person, due_at=due_at, now=datetime(2026, 11, 2, tzinfo=UTC))
    return DeliveryFactory(obligation=obligation, rung=0, event="", object_id=object_id, person=person)


def written(row, *, now):
    message = compose(row, now=now)
    assert message is not None
    return message


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 23, 1, tzinfo=UTC), "It is due on Wed 25 Nov."),
        (datetime(2026, 11, 25, 1, tzinfo=UTC), "It is due today."),
        (datetime(2026, 11, 25, 15, 59, 59, 999999, tzinfo=UTC), "It is due today."),
        (datetime(2026, 11, 25, 16, tzinfo=UTC), "It was due on Wed 25 Nov."),
    ],
)
def test_a_reminder_says_what_why_until_when_and_where(person, now, due):
    """T-09: late begins with the first instant of the next day there."""
    row = reminder(person)
    message = written(row, now=now)

    late = ["Done already, or is another day better? Say so there.", ""] if due.startswith("It was") else []
    assert message.subject == "Write the report en Asia/Shanghai 7"
    assert message.body.strip().splitlines() == [
        "Write the report en Asia/Shanghai 7",
        "",
        "because <it> is wanted",
        "",
        due,
        "",
        "Write & send:",
        "https://portal.example.com/reports/7/",
        "",
        *late,
        "You get this because it is yours to do. Only you see this reminder.",
        f"Why, and what comes next: https://portal.example.com/desk/owed/{row.obligation_id}/",
    ]


def test_the_other_body_says_the_same_and_escapes(person):
    message = written(reminder(person), now=datetime(2026, 11, 23, 1, tzinfo=UTC))
    (html, kind) = message.alternatives[0]
    assert kind == "text/html"
    assert "<p>because &lt;it&gt; is wanted</p>" in html
    assert '<a href="https://portal.example.com/reports/7/">Write &amp; send</a>' in html
    assert html.count("href=") == 2


def test_news_say_what_happened_and_where():
    row = DeliveryFactory(object_id=5)
    message = written(row, now=datetime(2026, 11, 23, 1, tzinfo=UTC))
    assert message.body.strip().splitlines() == [
        "Launched en UTC 5",
        "",
        "https://portal.example.com/launches/5/",
        "",
        "You get this because you have a part in it.",
        "How messages come: https://portal.example.com/settings/",
    ]


@pytest.mark.parametrize("language", Language.values)
def test_tone_is_calm_in_every_language(person, language):
    person.language = language
    for row in (reminder(person), DeliveryFactory(person=person)):
        message = written(row, now=datetime(2026, 11, 27, tzinfo=UTC))
        assert f'<html lang="{language}">' in message.alternatives[0][0]
        words = (message.subject + message.body).casefold()
        assert not [bad for bad in ("!", "！", "please", "请尽快", "您", "successfully", "overdue") if bad in words]


def test_a_subject_is_one_line_of_bounded_length(monkeypatch):
    long = "Line\r\nBcc: everybody@example.com " + "x" * 300
    kind = EventKind(key="launched", describe=lambda ids: dict.fromkeys(ids, News(sentence=long, url="/")))
    monkeypatch.setitem(PROCESS.event_kinds, "launched", kind)

    message = written(DeliveryFactory(), now=datetime(2026, 11, 23, tzinfo=UTC))

    assert message.subject == "Line Bcc: everybody@example.com " + "x" * 87 + "…"
    assert message.message()["Bcc"] is None


def test_nothing_left_to_say_is_no_mail(person, world):
    world.gone |= {5, 7}
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert compose(reminder(person), now=now) is None
    assert compose(DeliveryFactory(object_id=5), now=now) is None


def test_the_message_id_is_that_of_the_row(person):
    row = reminder(person)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    ids = {written(row, now=now).message()["Message-ID"] for _ in range(2)}
    assert ids == {row.message_id}
    assert row.channel == Channel.MAIL
