from datetime import UTC, datetime, timedelta

import pytest

from portal.health.actions import note
from portal.health.enums import Beat
from portal.health.models import Pulse
from portal.health.summaries import is_late, last_beats, still_since

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_noting_again_moves_the_one_row():
    Pulse.objects.all().delete()
    note(Beat.SWEEP, now=NOW)
    note(Beat.SWEEP, now=NOW + MINUTE)
    note(Beat.TICK, now=NOW)
    assert last_beats() == {Beat.SWEEP: NOW + MINUTE, Beat.TICK: NOW}


def test_it_stands_still_only_after_the_patience_is_over():
    note(Beat.SWEEP, now=NOW)
    assert still_since(NOW + 5 * MINUTE) is None
    assert still_since(NOW + 5 * MINUTE + timedelta(seconds=1)) == NOW


def test_a_longer_period_takes_a_longer_patience(settings):
    settings.SWEEP_EVERY_SECONDS = 600
    assert not is_late(NOW, NOW + 30 * MINUTE)
    assert is_late(NOW, NOW + 31 * MINUTE)


def test_a_clock_that_goes_back_is_not_late():
    assert not is_late(NOW + 60 * MINUTE, NOW)
