"""The weekly word to managers: that something in their team is still open. What, stands on their page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.accounts.models import User
from portal.common.dates import day_in
from portal.notifications.actions.news import announce
from portal.notifications.ladder import morning_of
from portal.notifications.models import Obligation

if TYPE_CHECKING:
    from datetime import datetime


def tell_managers(*, now: datetime) -> int:
    """Once a week, on the morning of its first working day; only of what they were told before. How many were due."""
    ids = Obligation.objects.told_to_manager().values("person__manager")
    due = [person for person in User.objects.active().filter(pk__in=ids).select_related("site") if _is_day(person, now)]
    for manager in due:
        year, week, _day = day_in(manager.zone, now).isocalendar()
        announce("team_week", year * 100 + week, [manager], now=now)
    return len(due)


def _is_day(manager: User, now: datetime) -> bool:
    today = day_in(manager.zone, now)
    first = manager.calendar().add_working_days(today - timedelta(days=today.weekday()), 0)
    return today == first and now >= morning_of(today, manager.zone)
