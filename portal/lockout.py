"""What Axes asks of us: under which name it counts failed sign-ins, and what a locked-out person is told."""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.common import views

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

LONGEST_NAME: Final = 254


def name_tried(request: HttpRequest | None, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the name folded, so that another spelling of it does not start a new count."""
    sources = [credentials or {}, request.POST if request is not None else {}]
    tried = next((source[key] for source in sources for key in ("username", "email") if source.get(key)), "")
    return unicodedata.normalize("NFKC", str(tried)).casefold().strip()[:LONGEST_NAME]


def address_of(request: HttpRequest) -> str | None:
    """Where the try comes from. Behind a proxy of ours that is the last address it names: those before it, anybody can
    write. Without it all would come from one address, and whoever knows a colleague's name could lock him out.
    """
    named = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_FORWARDED_FOR:
        named = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
    try:
        return str(ipaddress.ip_address(named.strip()))
    except ValueError:
        return None


def refuse(request: HttpRequest, _answer: HttpResponse | None, _credentials: Mapping[str, Any] | None) -> HttpResponse:
    """Say when to try again, the same for a name that exists and one that does not."""
    return views.too_many(
        request,
        int(settings.AXES_COOLOFF_TIME.total_seconds()),
        _("Until then no password is looked at, not even the right one."),
    )
