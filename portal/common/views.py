"""Pages that belong to no app: what is said when something is not as usual, whether the server lives, robots, styles."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.common import request_id
from portal.common.faults import status_of
from portal.common.http import is_htmx, page
from portal.common.problems import RETRY_AFTER, is_api, problem
from portal.common.schema import Schema, schema
from portal.common.styleguide import samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.http import HttpRequest
    from django.utils.functional import _StrOrPromise

    from portal.common.errors import PortalError

log = structlog.get_logger(__name__)

# ── what is said when something is not as usual ─────────────────────────


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request itself cannot be read."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return _say(request, HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: seen, but not for this person. The refusal itself says who may."""
    return _say(request, HTTPStatus.FORBIDDEN, {"who_may": _as_heading(str(exception or ""))})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 -- Django calls it with both
    """403: the form does not come from a page of this session."""
    return _say(request, HTTPStatus.FORBIDDEN, template="errors/csrf.html")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 -- as above
    """404: the same bytes whether it does not exist or may not be seen."""
    return _say(request, HTTPStatus.NOT_FOUND)


def conflict(request: HttpRequest, error: PortalError) -> HttpResponse:
    """409: an action refused, and the page had no form to say so on."""
    reasons = getattr(error, "reasons", ())
    return _say(request, HTTPStatus.CONFLICT, {"message": _as_heading(str(error.message)), "reasons": reasons})


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """413: refused before the body is read; `most` bytes are taken there."""
    response = _say(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"limit": most})
    response["Connection"] = "close"
    return response


def too_many(request: HttpRequest, seconds: int, why: _StrOrPromise) -> HttpResponse:
    """429: too often; says why, and when to come again."""
    response = _say(request, HTTPStatus.TOO_MANY_REQUESTS, {"minutes": -(-seconds // 60), "why": why})
    response["Retry-After"] = str(seconds)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where it was the database that did not answer, or 507 where the disk is full."""
    error = sys.exc_info()[1]
    try:
        if fault := status_of(error):
            return unavailable(request, fault)
        return _say(request, HTTPStatus.INTERNAL_SERVER_ERROR)
    except Exception:  # what broke may be what the page itself is made of; then words alone must do
        log.exception("the page for errors broke")
        return HttpResponse(
            f"Something broke on our side. Reference {request_id.current()}\n",
            content_type="text/plain; charset=utf-8",
            status=HTTPStatus.INTERNAL_SERVER_ERROR,
        )


def unavailable(request: HttpRequest, status: HTTPStatus = HTTPStatus.SERVICE_UNAVAILABLE) -> HttpResponse:
    """503: what the portal stands on does not answer; 507: it has no room left."""
    response = _say(request, status)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def wordless(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Put words to an answer that has only a status (405, 410, …) and keep its headers."""
    if response.status_code not in _WITH_A_PAGE:
        return response
    said = _say(request, HTTPStatus(response.status_code))
    response.content = said.content
    response["Content-Type"] = said["Content-Type"]
    return response


_WITH_A_PAGE: Final = frozenset({400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503, 507})
#: Pages that may be asked for while session or database do not answer: they know nobody.
_WITHOUT_A_PERSON: Final = frozenset({400, 413, 429, 500, 503, 507})


def _say(
    request: HttpRequest, status: HTTPStatus, context: Mapping[str, Any] | None = None, *, template: str = ""
) -> HttpResponse:
    """The page for a status: as JSON where that is asked for, as one message for htmx, else whole."""
    template = template or f"errors/{status.value}.html"
    with _language_of(request):
        if is_api(request):
            return problem(status, message=(context or {}).get("why", ""))
        if _wants_json(request):
            said: HttpResponse = JsonResponse({"error": status.phrase, "request_id": request_id.current()})
        else:
            said = HttpResponse(_rendered(request, template, status, dict(context or {})))
    said.status_code = status
    if is_htmx(request):
        said["HX-Retarget"] = "#notice"
        said["HX-Reswap"] = "innerHTML"
    return said


def _rendered(request: HttpRequest, template: str, status: HTTPStatus, context: dict[str, Any]) -> str:
    person = None if status in _WITHOUT_A_PERSON else getattr(request, "user", None)
    if is_htmx(request):
        frame = "errors/fragment.html"
    elif person is not None and person.is_authenticated:
        frame = "errors/framed.html"
    else:
        frame = "errors/bare.html"
    context |= {"frame": frame, "back_url": _back_url(request, status)}
    if status != HTTPStatus.NOT_FOUND:  # whose bytes are the same for all it could mean
        context["request_id"] = request_id.current()
    # A page that must stand without a session is given the request apart from the context processors that would read it.
    if frame == "errors/framed.html":
        return render_to_string(template, context, request)
    return render_to_string(template, context | {"request": request})


def _as_heading(sentence: str) -> str:
    """A heading carries no full stop; several sentences keep theirs."""
    bare = sentence.rstrip(".。")
    return sentence if ". " in bare or "。" in bare else bare


#: What may go better the second time, without anybody typing anything else.
_WORTH_A_RETRY: Final = frozenset({409, 500, 503, 507})


def _back_url(request: HttpRequest, status: int) -> str:
    """Where what was typed is shown again: the page itself, or the one that the form stands on."""
    if request.method == "GET":
        return request.get_full_path() if status in _WORTH_A_RETRY else ""
    referer = urlsplit(request.META.get("HTTP_REFERER", ""))
    if referer.netloc != _host(request) or not referer.path.startswith("/") or referer.path.startswith("//"):
        return ""
    return f"{referer.path}?{referer.query}" if referer.query else referer.path


def _host(request: HttpRequest) -> str | None:
    try:
        return request.get_host()
    except DisallowedHost:
        return None


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


@contextmanager
def _language_of(request: HttpRequest) -> Iterator[None]:
    """What is refused before anybody asked who it is speaks the language of the browser."""
    if hasattr(request, "LANGUAGE_CODE"):
        yield
    else:
        with translation.override(translation.get_language_from_request(request)):
            yield


# ── whether the server lives ────────────────────────────────────────────


@never_cache
@login_not_required
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing of anybody else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
@login_not_required
@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables that this code expects: neither older nor newer ones."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        state = schema()
        trouble = "" if state == Schema.CURRENT else state.value
    except DatabaseError:
        trouble = "database"
    response = HttpResponse(f"{trouble or 'ok'}\n", content_type="text/plain; charset=utf-8")
    if trouble:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(RETRY_AFTER)
    return response


@login_not_required
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component on one page; served with DEBUG only."""
    return page(request, "styleguide/styleguide.html", samples())
