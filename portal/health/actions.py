"""The one way to note that something ran. No person does it, so there is no permission and no audit row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.health.models import Pulse

if TYPE_CHECKING:
    from datetime import datetime

    from portal.health.enums import Beat


def note(beat: Beat, *, now: datetime) -> None:
    """It has run. Of two that note at once either stays: they are as good as the same."""
    Pulse.objects.update_or_create(beat=beat, defaults={"at": now})
