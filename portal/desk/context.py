"""What every page shows beside its own: how many things wait for the reader; for administrators, that reminders stand still."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.timesince import timesince

from portal.health.summaries import still_since
from portal.notifications.summaries import on_desk_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def desk_count(request: HttpRequest) -> dict[str, Any]:
    """Counted only by pages that show the rail."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"desk_count": SimpleLazyObject(lambda: on_desk_of(user, timezone.now()).count())}


def standstill(request: HttpRequest) -> dict[str, Any]:
    """For how long no reminder has gone out, for those who can mend it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_admin:
        return {}
    return {"still_for": SimpleLazyObject(_still_for)}


def _still_for() -> str:
    now = timezone.now()
    since = still_since(now)
    return "" if since is None else timesince(since, now, depth=1)
