"""When the rungs of a ladder fall. Pure.

A rung falls at nine in the morning of the person's zone, on a working day of the person's site, counted from the due
day. The due day is the person's: the last one on whose morning the thing is not late yet. So what is due at the end of
a day in another zone reminds in time, whichever side of midnight that is here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from portal.common.dates import DayOutOfRangeError, day_in
from portal.notifications.enums import Reach

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from portal.common.dates import Calendar, Hours
    from portal.notifications.kinds import Rung

MORNING: Final = time(9)
NOON: Final = time(12)
#: More silences than follow each other: a weekend, the night before and the one after, noon.
MOST_SILENCES: Final = 8
#: What is said to the person himself.
TELLS_PERSON: Final = frozenset({Reach.PERSON, Reach.NOTICE})


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


def end_of_silence(now: datetime, silent: Sequence[Hours], zone: tzinfo, calendar: Calendar) -> datetime | None:
    """When the silence ends that holds now: at these hours of the day there, and on days off; None where none does."""
    at = now
    # Each round ends one silence; where they fill the whole day there is no end to wait for.
    for _round in range(MOST_SILENCES):
        end = _silent_until(at, silent, zone, calendar)
        if end is None:
            return None if at == now else at
        at = end
    return None


def _silent_until(at: datetime, silent: Sequence[Hours], zone: tzinfo, calendar: Calendar) -> datetime | None:
    local = at.astimezone(zone)
    if not calendar.is_working(local.date()):
        return _after(at, calendar.add_working_days(local.date(), 1), time.min, zone)
    for hours in silent:
        if hours.hold(local.time()):
            is_tomorrow = hours.ends <= local.time()
            return _after(at, local.date() + timedelta(days=int(is_tomorrow)), hours.ends, zone)
    return None


def _after(at: datetime, day: date, clock: time, zone: tzinfo) -> datetime:
    """That time of that day, in UTC; where clocks go back and it was before already, its second coming."""
    there = datetime.combine(day, clock, zone)
    end = there.astimezone(UTC)
    return end if end > at else there.replace(fold=1).astimezone(UTC)


def after_a_working_day(told_at: datetime, zone: tzinfo, calendar: Calendar) -> datetime:
    """The first morning with a whole working day since somebody was told; the day itself counts if it was before noon."""
    day = day_in(zone, told_at)
    counts = calendar.is_working(day) and told_at.astimezone(zone).time() < NOON
    return morning_of(calendar.add_working_days(day, 1 if counts else 2), zone)


def falls(
    ladder: Sequence[Rung], due_at: datetime, noticed_at: datetime | None, zone: tzinfo, calendar: Calendar
) -> list[datetime | None]:
    """When each rung falls; what reaches the manager not before a working day has gone since the private notice."""
    planned = [falls_at(rung, due_at, zone, calendar) for rung in ladder]
    if noticed_at is None:
        return planned
    earliest = after_a_working_day(noticed_at, zone, calendar)
    return [
        max(at, earliest) if at is not None and rung.reach == Reach.MANAGER else at
        for rung, at in zip(ladder, planned, strict=True)
    ]


def turn_of(ladder: Sequence[Rung], come: Sequence[int]) -> int:
    """Which of the rungs that have come is to be used, by its number: missed reminders fall together into the last.

    The private notice is never among those passed over, and nothing passes over the person to reach somebody else.
    """
    told = [number for number in come if ladder[number].reach in TELLS_PERSON]
    notices = [number for number in told if ladder[number].reach == Reach.NOTICE]
    return (notices or told[-1:] or list(come))[0]


def ahead(
    ladder: Sequence[Rung], due_at: datetime, now: datetime, zone: tzinfo, calendar: Calendar
) -> tuple[tuple[Rung, ...], datetime | None]:
    """The rungs still to come, and when the first of them falls.

    Where all have passed (something is handed over late), the last reminder comes on the next working morning, because
    nobody may owe a thing without ever having been told; and where only the manager is left, the private notice does.
    """
    planned = [(rung, falls_at(rung, due_at, zone, calendar)) for rung in sorted(ladder, key=lambda r: r.working_days)]
    coming = [(rung, at) for rung, at in planned if at is not None and at > now]
    if coming and coming[0][0].reach != Reach.MANAGER:
        return tuple(rung for rung, _at in coming), coming[0][1]
    rungs = [rung for rung, _at in planned]
    if not rungs:
        return (), None
    return tuple(rungs[turn_of(rungs, range(len(rungs))) :]), next_morning(now, zone, calendar)
