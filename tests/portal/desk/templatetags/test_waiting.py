from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal.desk.templatetags.waiting import what_waits
from portal.notifications.actions import owe
from tests.factories.accounts import UserFactory
from tests.portal.notifications.fake_process import STATE

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fake_process(settings):
    settings.PROCESS = "tests.portal.notifications.fake_process.PROCESS"
    STATE.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def test_nothing_waits_for_somebody_new():
    assert what_waits(UserFactory()) == "Nothing waits"


def test_the_most_urgent_task_is_told_and_the_others_are_counted():
    person = UserFactory()
    owe("report", 1, person, due_at=NOW + timedelta(days=2), now=NOW)
    assert what_waits(person) == "Write the report en UTC 1"
    for number in (2, 3):
        owe("report", number, person, due_at=NOW + timedelta(days=number - 2), now=NOW)
    assert what_waits(person) == "Write the report en UTC 2, and 2 more"
