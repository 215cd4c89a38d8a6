"""When the rungs of a ladder fall. Pure.

A rung falls at nine in the morning of the person's zone, on a working day of the person's site, counted from the due
day. The due day is the person's: the last one on whose morning the thing is not late yet. So what is due at the end of
a day in another zone reminds in time, whichever side of midnight that is here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from portal.common.dates import DayOutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from portal.common.dates import Calendar
    from portal.notifications.kinds import Rung

MORNING: Final = time(9)


def due_day(due_at: datetime, zone: tzinfo) -> date:
    """The last day there whose morning is not after `due_at`."""
    local = due_at.astimezone(zone)
    return local.date() if local.time() >= MORNING else local.date() - timedelta(days=1)


def falls_at(rung: Rung, due_at: datetime, zone: tzinfo, calendar: Calendar) -> datetime | None:
    """When the rung falls, in UTC; None where that lies beyond any day a plan can mean.

    What is due on a free day is reminded of on the working day before it.
    """
    day = due_day(due_at, zone)
    try:
        if rung.working_days <= 0 and not calendar.is_working(day):
            day = calendar.add_working_days(day, -1)
        if rung.working_days:
            day = calendar.add_working_days(day, rung.working_days)
    except DayOutOfRangeError:
        return None
    return morning_of(day, zone)


def morning_of(day: date, zone: tzinfo) -> datetime:
    """Nine in the morning there, in UTC."""
    return datetime.combine(day, MORNING, zone).astimezone(UTC)


def next_morning(now: datetime, zone: tzinfo, calendar: Calendar) -> datetime:
    """The first morning of a working day after `now`."""
    day = now.astimezone(zone).date()
    if not (calendar.is_working(day) and morning_of(day, zone) > now):
        day = calendar.add_working_days(day, 1)
    return morning_of(day, zone)


def ahead(
    ladder: Sequence[Rung], due_at: datetime, now: datetime, zone: tzinfo, calendar: Calendar
) -> tuple[tuple[Rung, ...], datetime | None]:
    """The rungs still to come, and when the first of them falls.

    Where all have passed (something is handed over late), the last one comes on the next working morning, because
    nobody may owe a thing without ever having been told.
    """
    falls = [(rung, falls_at(rung, due_at, zone, calendar)) for rung in sorted(ladder, key=lambda r: r.working_days)]
    coming = [(rung, at) for rung, at in falls if at is not None and at > now]
    if coming:
        return tuple(rung for rung, _at in coming), coming[0][1]
    if falls:
        return (falls[-1][0],), next_morning(now, zone, calendar)
    return (), None
