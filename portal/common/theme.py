"""Light, dark, or as the device: the server paints what it knows before a script could.

The wish is the person's own, or a cookie for whoever is not signed in. What the device prefers is known to the browser
only; `static/js/theme.js` leaves it in a second cookie, so that the next page, and a page without scripts, comes right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

LIGHT, DARK, AUTO = "light", "dark", "auto"
WISH_COOKIE = "foresight-theme"
DEVICE_COOKIE = "foresight-device"


def wish(request: HttpRequest) -> str:
    """What the reader asked for, as far as somebody has looked who he is: a page that must stand without a session or
    a database does not ask here for the first time.
    """
    theirs = getattr(getattr(request, "_cached_user", None), "theme", None) or request.COOKIES.get(WISH_COOKIE)
    return theirs if theirs in {LIGHT, DARK} else AUTO


def painted(request: HttpRequest) -> str:
    """What the server paints."""
    wanted = wish(request)
    if wanted != AUTO:
        return wanted
    return DARK if request.COOKIES.get(DEVICE_COOKIE) == DARK else LIGHT
