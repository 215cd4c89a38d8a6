"""The one number on the rail: how many things wait for the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.notifications.summaries import on_desk_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def desk_count(request: HttpRequest) -> dict[str, Any]:
    """Counted only by pages that show the rail."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"desk_count": SimpleLazyObject(lambda: on_desk_of(user, timezone.now()).count())}
