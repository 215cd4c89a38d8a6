"""Where a person is signed in. Sessions name their person only inside their data, so all are read; it is done rarely."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.contrib.sessions.backends.base import SessionBase
    from django.http import HttpRequest

    from portal.accounts.models import User

#: What we keep in a session: seconds since 1970, and the name that the browser gave itself.
SIGNED_IN_AT: Final = "signed_in_at"
SEEN_AT: Final = "seen_at"
AGENT: Final = "agent"
LONGEST_AGENT: Final = 300

#: In this order, because browsers claim to be their forebears too.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A session as its person sees it; `handle` names it on the page without giving away its key."""

    key: str
    handle: str
    device: str
    signed_in_at: datetime | None
    seen_at: datetime | None
    is_this: bool


def begin(request: HttpRequest, now: datetime) -> None:
    """Note when and by what somebody signed in."""
    request.session[SIGNED_IN_AT] = request.session[SEEN_AT] = int(now.timestamp())
    request.session[AGENT] = request.META.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]


def sign_ins_of(person: User, this: SessionBase, now: datetime) -> list[SignIn]:
    """A person's sessions, this one first, then the latest seen."""
    found = [
        _sign_in(session.session_key, data, this)
        for session in Session.objects.filter(expire_date__gt=now).iterator()
        if (data := session.get_decoded()).get(SESSION_KEY) == str(person.pk)
    ]
    return sorted(found, key=lambda one: (not one.is_this, -(one.seen_at or now).timestamp()))


def _sign_in(key: str, data: dict[str, Any], this: SessionBase) -> SignIn:
    return SignIn(
        key=key,
        handle=hashlib.sha256(key.encode()).hexdigest()[:16],
        device=device_of(data.get(AGENT, "")),
        signed_in_at=_instant(data.get(SIGNED_IN_AT)),
        seen_at=_instant(data.get(SEEN_AT)),
        is_this=key == this.session_key,
    )


def _instant(seconds: Any) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None


def device_of(agent: str) -> str:
    """Browser and system in words, as far as the browser says."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("a device that gives no name")
