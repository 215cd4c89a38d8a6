"""What every request meets on its way in, and every answer on its way out, errors and files included."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from portal.common import request_id, views
from portal.common.errors import PortalError
from portal.common.once import read_once
from portal.common.problems import is_api

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

#: What a form sends; a body of any other kind would be read as an empty form, which some deeds take for a yes.
FORM_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: What is asked by machines, and has to be answered while the database does not.
PROBES: Final = frozenset({"/health/live", "/health/ready"})
PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestIdMiddleware:
    """Gives each request an id of our own making; what a client sends under that name is not believed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with request_id.bound() as id_of_this:
            response = self.get_response(request)
        response["X-Request-ID"] = id_of_this
        return response


class ReadOnceMiddleware:
    """What many parts of a page ask costs one query a request, and all answers are of the same moment."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with read_once():
            return self.get_response(request)


class ProbeMiddleware:
    """Who asks whether the server lives is nobody: whose cookie it is would be a question to the database."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info in PROBES:
            request.COOKIES = {}
        return self.get_response(request)


class SecurityHeadersMiddleware:
    """The boundary to the browser: refuses what no view should see, and sets the headers no other middleware sets.

    It stands outside of session and database, so what it refuses is answered by pages that need neither.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = _refusal(request) or self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS_POLICY
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        # SecurityMiddleware and its neighbours set these on what passes them; a refusal here does not.
        response.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("X-Frame-Options", "DENY")
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request", "Cookie"])
            # A page is of one person and one moment: no shared cache, and no Back button after signing out.
            response.setdefault("Cache-Control", "no-store")
        return response


def _refusal(request: HttpRequest) -> HttpResponseBase | None:
    if "\x00" in request.path_info:
        return views.not_found(request)
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.META.get("HTTP_COOKIE", ""):
        return views.bad_request(request)
    most = _most(request)
    if _length(request) > most:
        return views.too_large(request, most)
    if request.method == "POST" and _length(request) and request.content_type not in FORM_TYPES and not is_api(request):
        return views.bad_request(request)
    return None


def _most(request: HttpRequest) -> int:
    """How many bytes may be sent there: those of a form, or of a file where one may come along."""
    takes_files = re.fullmatch(settings.UPLOAD_PATHS, request.path_info)
    return settings.UPLOAD_MAX_SIZE if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class PortalErrorMiddleware:
    """Gives a page to what a view left unsaid: an error of an action, or an answer that has a status and no words."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            isinstance(response, HttpResponse)
            and response.status_code >= HTTPStatus.BAD_REQUEST
            and not response.content
        ):
            return views.wordless(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Answer an action's refusal that the view did not expect."""
        return views.conflict(request, error) if isinstance(error, PortalError) else None
