"""The one door for signed links."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.base import SessionBase
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from portal.audit.actions import by_link
from portal.common.http import page
from portal.links import actions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse

    from portal.links.purposes import LinkRequest, OpenLink


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def signed_link(request: HttpRequest, token: str, part: str = "") -> HttpResponse:
    """A page of the deed, or the deed; whoever is signed in at this browser has no part in it."""
    now = timezone.now()
    try:
        link = actions.open_link(token, now=now)
    except actions.DeadLinkError as dead:
        return page(request, "links/gone.html", {"why": dead.why}, status=HTTPStatus.GONE)
    view = link.purpose.pages.get(part)
    if view is None:
        raise Http404
    with standing_for(request, link) as as_person:
        response = view(as_person)
    is_deed = request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST
    if is_deed and actions.spend_if_done(link, now=now):
        return redirect("links:done")
    return response


@contextmanager
def standing_for(request: HttpRequest, link: OpenLink) -> Iterator[LinkRequest]:
    """Inside, the request is the person's, in his words, with a session that is thrown away; its deeds say by link."""
    person, attributes = link.person, vars(request)
    own = {name: attributes[name] for name in ("user", "session", "_messages")}
    attributes |= {"user": person, "session": SessionBase(), "_messages": default_storage(request), "link": link}
    try:
        with by_link(link.row.pk), translation.override(person.language), timezone.override(person.zone):
            yield cast("LinkRequest", request)
    finally:
        attributes |= own


@login_not_required
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Where the last deed leads: it knows nobody and names nothing."""
    return page(request, "links/done.html")
