"""Telling people what happened, and that they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notifications import registry
from portal.notifications.kinds import pace_of
from portal.notifications.ledger import rows_for, write
from portal.notifications.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.accounts.models import User


def announce(
    event: str, object_id: int, persons: Iterable[User], *, now: datetime, project_id: int | None = None
) -> None:
    """Tell each active person once, in the inbox and by mail. The same event of the same object is no news twice."""
    kind = registry.event_kind(event)
    pace = pace_of(kind)
    told = {person.pk: person for person in persons if person.is_active}
    write(
        row
        for person in told.values()
        for row in rows_for(person, now=now, pace=pace, event=kind.key, object_id=object_id, project_id=project_id)
    )


def mark_read(person: User, *, up_to: int, now: datetime) -> int:
    """Take the person's inbox as read, up to the row he saw last; what came meanwhile stays new."""
    return Delivery.objects.inbox_of(person).unread().filter(pk__lte=up_to).update(read_at=now)
