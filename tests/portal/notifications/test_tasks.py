import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command

from portal.celery import app
from portal.notifications.actions import owe
from portal.notifications.models import Delivery
from portal.notifications.tasks import sweep
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def overdue():
    person = UserFactory(site=SiteFactory())
    due_at = person.site.end_of_day(date(2026, 10, 14))
    return owe("report", 7, person, due_at=due_at, now=datetime(2026, 10, 1, tzinfo=UTC))


def test_the_tick_reminds_and_sends(overdue):
    sweep()
    assert [m.to for m in mail.outbox] == [[overdue.person.email]]


def test_the_command_does_the_same_and_beside_it_no_second_mail_goes_out(overdue):
    """Q-14: both ways at once."""
    out = StringIO()
    call_command("sweep", stdout=out)
    sweep()
    call_command("sweep", stdout=out)
    assert out.getvalue().splitlines() == [
        "reminders: reminded 1",
        "mail: sent 1",
        "reminders: nothing to do",
        "mail: nothing to do",
    ]
    assert len(mail.outbox) == 1


def test_after_days_of_silence_there_is_one_reminder(overdue):
    """Q-07, Q-08: nothing was in a queue that could be lost, and four missed rungs are one mail."""
    sweep()
    assert list(Delivery.objects.values_list("channel", "rung")) == [("inbox", 3), ("mail", 3)]


def test_beat_calls_it_every_minute_without_arguments():
    """Q-12: nothing but a name goes through the broker."""
    (entry,) = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == sweep.name]
    assert (entry["schedule"], entry.get("args"), entry.get("kwargs")) == (60.0, None, None)
    assert len(json.dumps(entry)) < 1024
    assert app.tasks[sweep.name] is not None


def test_a_message_of_another_version_fails_alone(overdue):
    """Q-12: it is refused, and the next tick does the work."""
    assert sweep.apply(args=["retro", 7], kwargs={"person": "Lin"}).failed()
    assert sweep.apply().successful()
    assert len(mail.outbox) == 1
