"""How often one person may ask for something that costs. Counted by each server process in its cache."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from django.core.cache import cache

from portal.common.views import too_many

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MINUTE: Final = 60


def over_pace(request: HttpRequest, what: str, *, most: int) -> HttpResponse | None:
    """The answer 429 if this person has asked more than `most` times within this minute, else None."""
    key = f"pace:{what}:{request.user.pk}:{int(time.time() // MINUTE)}"
    cache.add(key, 0, 2 * MINUTE)
    try:
        count = cache.incr(key)
    except ValueError:  # the cache was emptied in between
        return None
    return too_many(request, MINUTE) if count > most else None
