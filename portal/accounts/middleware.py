"""How long a session lasts, and in whose language and zone a page speaks."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError
from django.utils import timezone, translation

from portal.accounts import sessions
from portal.common.http import is_htmx, leave_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

log = structlog.get_logger(__name__)

#: A session is written down as seen this often at most, so that reading costs no write.
NOTED_EVERY: Final = timedelta(minutes=1)


class SessionAgeMiddleware:
    """Ends a session that was idle or has lasted too long, and leads whoever lost one back to the page he typed on."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            _age(request)
        response = self.get_response(request)
        if _asks_to_sign_in(response) and (is_htmx(request) or request.method not in {"GET", "HEAD"}):
            back = urlencode({REDIRECT_FIELD_NAME: page_typed_on(request)})
            return leave_to(request, f"{settings.LOGIN_URL}?{back}")
        return response


def _asks_to_sign_in(response: HttpResponseBase) -> bool:
    if response.status_code != HTTPStatus.FOUND:
        return False
    to = urlsplit(response["Location"])
    return to.path == settings.LOGIN_URL and to.query.startswith(f"{REDIRECT_FIELD_NAME}=")


def _age(request: HttpRequest) -> None:
    now = int(timezone.now().timestamp())
    began = request.session.setdefault(sessions.SIGNED_IN_AT, now)
    seen = request.session.setdefault(sessions.SEEN_AT, now)
    too_idle = now - seen > settings.SESSION_IDLE_LIMIT.total_seconds()
    too_old = now - began > settings.SESSION_ABSOLUTE_LIMIT.total_seconds()
    if too_idle or too_old:
        logout(request)
    elif now - seen > NOTED_EVERY.total_seconds():
        _note(request, now)


def _note(request: HttpRequest, now: int) -> None:
    """Write down that the session was seen. Where nothing can be written (a full disk), pages can still be read: the
    session's own middleware would answer each of them with 400.
    """
    was_modified = request.session.modified
    request.session[sessions.SEEN_AT] = now
    try:
        request.session.save()
    except (UpdateError, DatabaseError) as error:
        log.warning("session not noted as seen", error=type(error).__name__)
    request.session.modified = was_modified


def page_typed_on(request: HttpRequest) -> str:
    """The page behind a form or a fragment, whose own address may take no visits."""
    asked_from = request.headers.get("HX-Current-URL") if is_htmx(request) else request.META.get("HTTP_REFERER")
    page = urlsplit(asked_from or "")
    if page.netloc != request.get_host() or not page.path.startswith("/"):
        return settings.LOGIN_REDIRECT_URL
    return f"{page.path}?{page.query}" if page.query else page.path


class PersonLocaleMiddleware:
    """Speaks the language of whoever is signed in, in his zone; whoever is not is spoken to as his browser asks."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if not person.is_authenticated:
            with timezone.override(None):
                return self.get_response(request)
        with translation.override(person.language), timezone.override(person.zone):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.setdefault("Content-Language", person.language)
        return response
