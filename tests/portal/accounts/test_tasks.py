from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from portal.accounts.models import FormKey
from portal.accounts.tasks import tidy
from tests.factories.accounts import UserFactory


@pytest.mark.django_db
def test_tidying_drops_what_is_over_and_keeps_the_rest():
    person, now = UserFactory(), datetime.now(UTC)
    for number, days in enumerate((-8, 0)):
        FormKey.objects.create(person=person, key=str(number), digest="", created_at=now + timedelta(days=days))
    for number, days in enumerate((-1, 1)):
        Session.objects.create(session_key=str(number), session_data="", expire_date=now + timedelta(days=days))

    tidy()

    assert [row.key for row in FormKey.objects.all()] == ["1"]
    assert [row.session_key for row in Session.objects.all()] == ["1"]


def test_beat_tidies_once_a_day():
    (entry,) = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == tidy.name]
    assert entry["schedule"] == 86400.0
