"""The demo: one project in each state, convincing and the same each time, only for an empty database."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command

from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.demo.build import build
from portal.notifications.actions import deliver, sweep
from portal.notifications.models import Delivery, Obligation
from projects.enums import Stage
from projects.models import Project
from retros.models import Retro

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_demo_has_one_project_in_each_state_and_five_people(language):
    build(language=language, now=NOW)

    assert sorted(Project.objects.values_list("stage", flat=True)) == sorted(Stage.values)
    assert [(person.email.split("@")[0], person.is_demo) for person in User.objects.order_by("staff_number")] == [
        ("zhou.min", True),
        ("lin.yue", True),
        ("li.ran", True),
        ("chen.siyuan", True),
        ("he.jing", True),
    ]


@pytest.mark.parametrize("day", [datetime(2026, 11, 22, 6, tzinfo=UTC), datetime(2027, 2, 28, 22, tzinfo=UTC)])
def test_the_demo_can_be_built_on_any_day(day):
    build(language="en", now=day)

    assert Project.objects.count() == len(Stage)
    assert not AuditEntry.objects.filter(at__gt=day).exists()


def test_the_first_sweep_reminds_of_the_overdue_retro_and_of_no_news_of_long_ago():
    build(language="en", now=NOW)
    owner = Retro.objects.get(project__stage=Stage.LAUNCHED).project.owner

    sweep(now=NOW)
    deliver(now=NOW)

    reminded = [message.subject for message in mail.outbox if message.to == [owner.email]]
    assert [subject for subject in reminded if "Pick a time for the retro" in subject] != []
    assert len(mail.outbox) == Delivery.objects.filter(channel="mail", obligation__isnull=False).count()


def test_everything_that_is_owed_is_still_owed_by_somebody_who_works_here():
    build(language="en", now=NOW)

    assert Obligation.objects.open().count() > len(Stage)
    assert not Obligation.objects.open().filter(person__is_active=False).exists()


def test_the_command_fills_an_empty_database_only():
    with time_machine.travel(NOW, tick=False):
        call_command("load_demo", verbosity=0)
        call_command("load_demo", "--if-empty", verbosity=0)
        with pytest.raises(CommandError, match="not empty"):
            call_command("load_demo", verbosity=0)

    assert Project.objects.count() == len(Stage)
