"""Working days, months and the end of a day. Pure; who may not stand still for a query imports this.

Days are plain dates of a site's calendar; instants are aware and in UTC. A day outside `FIRST_DAY`..`LAST_DAY` is
refused at the form, and arithmetic that would leave the range raises `DayOutOfRangeError`, so that no time zone ever
overflows.
"""

from __future__ import annotations

import calendar
import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2100, 12, 31)
ONE_DAY = timedelta(days=1)
WEEKEND = frozenset({calendar.SATURDAY, calendar.SUNDAY})


class DayOutOfRangeError(ValueError):
    """A day that no plan can mean."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a site: weekdays without `holidays`, and the make-up days in `working`.

    A day in both sets is worked: a make-up day is what the authority says last.
    """

    holidays: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        if day in self.working:
            return True
        return day.weekday() not in WEEKEND and day not in self.holidays

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it where n is negative.

        With n = 0 the day itself, or the next working day where it is free.
        """
        if n == 0:
            return day if self.is_working(day) else self.add_working_days(day, 1)
        step = ONE_DAY if n > 0 else -ONE_DAY
        left = abs(n)
        while left:
            day = in_range(day + step)
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative where `end` lies before.

        So `working_days_between(d, add_working_days(d, n)) == n`.
        """
        if end < start:
            return -sum(map(self.is_working, _days(end, start - ONE_DAY)))
        return sum(map(self.is_working, _days(start + ONE_DAY, end)))


@dataclass(frozen=True, slots=True)
class Hours:
    """From one time of day until another; one that ends before it begins lasts into the next day. Equal ones: never."""

    begins: time
    ends: time

    def hold(self, at: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends

    def __str__(self) -> str:
        return "" if self.begins == self.ends else f"{self.begins:%H:%M}–{self.ends:%H:%M}"


NEVER = Hours(time.min, time.min)


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def in_range(day: date) -> date:
    """The day itself; raises DayOutOfRangeError outside of what a plan can mean."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DayOutOfRangeError(day)
    return day


def instant_of(day: date, hour: time, zone: tzinfo) -> datetime | None:
    """When the clocks there show this; None where they never do, or twice, because they are changed in that hour."""
    at = datetime.combine(in_range(day), hour, zone)
    return at.astimezone(UTC) if at.utcoffset() == at.replace(fold=1).utcoffset() else None


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The last instant of the day in that zone, in UTC: something due on a day is late only after it."""
    # fold=1: where clocks go back at midnight, the last hour comes twice and the day ends with the second.
    return datetime.combine(in_range(day), time.max, zone).replace(fold=1).astimezone(UTC)


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first instant of the day in that zone, in UTC."""
    return datetime.combine(in_range(day), time.min, zone).astimezone(UTC)


def day_in(zone: tzinfo, instant: datetime) -> date:
    """Which day it is there, at that instant."""
    return instant.astimezone(zone).date()


def zone_named(name: str) -> tzinfo:
    """The zone of that name, or UTC (and a warning) where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):
        logger.warning("unknown time zone %r, using UTC", name)
        return UTC


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one where it is shorter (31 January + 1 is 28 February).

    Count from the first day of a series, not from the last result, or the 31st is lost on the way.
    """
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise DayOutOfRangeError(year)
    return date(year, month0 + 1, min(day.day, calendar.monthrange(year, month0 + 1)[1]))
