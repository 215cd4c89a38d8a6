"""When a person is left alone: at noon, in the evening and on his days off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.common.dates import DayOutOfRangeError, Hours
from portal.notifications.ladder import end_of_silence
from portal.notifications.policy import QUIET_EVENING, QUIET_NOON
from portal.policy.store import value

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User


def quiet_until(person: User, now: datetime) -> datetime | None:
    """When he may be spoken to again, or None where he may be now."""
    try:
        return end_of_silence(now, hours_of(person), person.zone, person.calendar())
    except DayOutOfRangeError:
        return None


def hours_of(person: User) -> list[Hours]:
    """His own evening, else that of the company; and noon, unless he does without."""
    own = None
    if person.quiet_from is not None and person.quiet_until is not None:
        own = Hours(person.quiet_from, person.quiet_until)
    noon = [value(QUIET_NOON)] if person.is_quiet_at_noon else []
    return [own or value(QUIET_EVENING), *noon]
