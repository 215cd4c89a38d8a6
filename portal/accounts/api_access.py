"""The door of the API: who asks, what he may, how often. Everything that serves a program stands behind it.

A program shows its token (`Authorization: Bearer …`), a page of ours its session and the CSRF token of a form. Whoever
shows a token is judged by it alone.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Case, F, Q, When
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.api_token import digest_of
from portal.accounts.models import ApiPace, ApiToken, User
from portal.audit.actions import by_token
from portal.common.problems import MEDIA_TYPE, problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    View = Callable[..., HttpResponseBase]

READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
#: A token is written down as used this often at most.
NOTED_EVERY: Final = timedelta(minutes=1)
MINUTE: Final = 60


def guarded(view: View) -> View:
    """The view for those alone who may come in; it runs as the person, in his language and zone."""

    @login_not_required  # because a program is not led to a page where it could sign in
    @wraps(view)
    def behind_the_door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method, now = request.method, timezone.now()
        who = _who_asks(request, now)
        if who is None:
            return problem(HTTPStatus.UNAUTHORIZED)
        person, token = who
        refusal = _refusal(request, person, token, now)
        if refusal is not None:
            return refusal
        request.user = person
        if method == "HEAD":
            request.method = "GET"
        try:
            with _speaking_to(person), by_token(None if token is None else token.pk):
                response = view(request, *args, **kwargs)
        finally:
            request.method = method
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = _in_words(response)
        patch_vary_headers(response, ["Authorization", "Cookie"])
        response.setdefault("Cache-Control", "no-store")
        return response

    behind_the_door.csrf_exempt = True  # type: ignore[attr-defined] # a session is asked for its token in here
    return behind_the_door


def _in_words(response: HttpResponseBase) -> HttpResponse:
    """A method that is not served, said in the shape of all refusals."""
    said = problem(response.status_code)
    said["Allow"] = response["Allow"]
    return said


def _who_asks(request: HttpRequest, now: datetime) -> tuple[User, ApiToken | None] | None:
    """The person, and the token that he was shown by; nobody where neither token nor session is good."""
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is None:
        session = request.user
        return (session, None) if isinstance(session, User) and session.is_active else None
    scheme, _space, text = header.partition(" ")
    if scheme.lower() != "bearer" or not text:
        return None
    token = ApiToken.objects.good(now).filter(digest=digest_of(text.strip())).first()
    person = None if token is None else User.objects.of_session(token.person_id)
    if token is None or person is None:
        return None
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return person, token


def _refusal(request: HttpRequest, person: User, token: ApiToken | None, now: datetime) -> HttpResponse | None:
    """Why he may not ask this, if so."""
    is_reading = request.method in READING
    if token is None and not is_reading and _is_forged(request):
        return problem(HTTPStatus.FORBIDDEN, "csrf", _("Send the token of a page as X-CSRFToken, or use a token."))
    if token is not None and not is_reading and not token.may_change:
        return problem(HTTPStatus.FORBIDDEN, "read_only", _("This token may only read."))
    if is_over_pace(person, now, is_reading=is_reading):
        response = problem(HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(MINUTE - int(now.timestamp()) % MINUTE)
        return response
    if (
        not is_reading
        and request.META.get("CONTENT_LENGTH") not in {None, "", "0"}
        and request.content_type != MEDIA_TYPE
    ):
        return problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    return None


def _is_forged(request: HttpRequest) -> bool:
    """Whether a request that came with a session does not come from a page of it."""
    middleware = CsrfViewMiddleware(_page)
    middleware.process_request(request)
    return middleware.process_view(request, _page, (), {}) is not None


def _page(_request: HttpRequest) -> HttpResponse:
    """Stands for the view: of it the middleware looks only whether it is exempt."""
    return HttpResponse()


def is_over_pace(person: User, now: datetime, *, is_reading: bool) -> bool:
    """Count the request, or say that this minute has seen enough of this person. One statement, so that all processes
    count together; the limits are `API_READS_A_MINUTE` and `API_WRITES_A_MINUTE`.
    """
    kind, most = ("reads", settings.API_READS_A_MINUTE) if is_reading else ("writes", settings.API_WRITES_A_MINUTE)
    minute = int(now.timestamp()) // MINUTE
    same = Q(minute=minute)
    counts = {
        name: Case(When(same, then=F(name)), default=0) + (1 if name == kind else 0) for name in ("reads", "writes")
    }
    for _attempt in range(2):  # two first requests at once: the second counts on the row of the first
        allowed = ApiPace.objects.filter(person=person).filter(~same | Q(**{f"{kind}__lt": most}))
        if allowed.update(minute=minute, **counts):
            return False
        _row, is_new = ApiPace.objects.get_or_create(person=person, defaults={"minute": minute, kind: 1})
        if is_new:
            return False
    return True


@contextmanager
def _speaking_to(person: User) -> Iterator[None]:
    with translation.override(person.language), timezone.override(person.zone):
        yield
