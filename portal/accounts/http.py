"""The request of a signed-in person, forms that act once, where signing in may lead."""

from __future__ import annotations

import unicodedata
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from portal.accounts.actions.form_keys import once
from portal.common.forms import KEY_FIELD
from portal.common.http import attempt, leave_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.http import HttpResponse
    from django_htmx.middleware import HtmxDetails

    from portal.accounts.models import User
    from portal.common.forms import PortalForm, SavedBy


class PortalRequest(HttpRequest):
    """What a view meets: the middlewares have seen to it that somebody is signed in."""

    user: User
    htmx: HtmxDetails


def post_once(
    request: PortalRequest, form: PortalForm, deed: Callable[[], Model | str], *, saved_by: SavedBy | None = None
) -> HttpResponse | HTTPStatus:
    """Run the deed of a form that was shown with `{% form_key %}`, once however often it is sent, and lead to where it
    says: each sending is answered alike. A refusal is the status to show the form with, as from `attempt`; a page that is
    only asked for shows it with 200.
    """
    if request.method != "POST":
        return HTTPStatus.OK
    places: list[str] = []

    def keyed() -> None:
        key = request.POST.get(KEY_FIELD, "")
        places.append(once(request.user, key, request.POST, lambda: resolve_url(deed())))

    status = attempt(form, keyed, saved_by=saved_by)
    return leave_to(request, places[0]) if status is None else status


def safe_next(request: HttpRequest) -> str:
    """Where to go after signing in: a path of ours, else the desk."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    # A browser drops tabs and line breaks inside an address, so what is checked would not be what is followed.
    is_plain = wanted.startswith("/") and not any(unicodedata.category(character) == "Cc" for character in wanted)
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_plain and is_ours else settings.LOGIN_REDIRECT_URL
