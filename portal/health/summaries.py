"""Whether what has to happen again and again still does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from portal.health.enums import Beat
from portal.health.models import Pulse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

#: So much may be late before anybody is told of it: a restart takes a minute, a long run half of one.
PATIENCE: Final = timedelta(minutes=5)


def last_beats() -> Mapping[str, datetime]:
    """When each last ran; one query."""
    return dict(Pulse.objects.values_list("beat", "at"))


def is_late(at: datetime, now: datetime) -> bool:
    """Whether a sweep or a tick of that moment is too long ago."""
    return now - at > max(PATIENCE, 3 * timedelta(seconds=settings.SWEEP_EVERY_SECONDS))


def still_since(now: datetime) -> datetime | None:
    """Since when no reminder run was seen, if that is too long ago."""
    at = Pulse.objects.filter(beat=Beat.SWEEP).values_list("at", flat=True).first()
    return at if at is not None and is_late(at, now) else None
