"""How the API says no: one shape for whatever went wrong, and the one place where an error becomes a status.

    {"code": "invalid", "message": "…", "errors": {"title": [{"code": "required", "message": "…"}]}, "reasons": []}

`code` is for programs and never changes; `message` is one sentence for a person, in his language. `errors` belongs to
fields, `reasons` are the conditions that are missing. The id of the request is in the header `X-Request-ID`, so that two
answers which mean the same are the same.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, JsonResponse
from django.utils.translation import gettext_lazy as _

from portal.common.errors import GateError, InvalidInputError, KeyReuseError, PortalError, StaleObjectError
from portal.common.faults import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse
    from django.utils.functional import _StrOrPromise

    from portal.common.errors import Reason

    FieldErrors = Mapping[str, Sequence[Mapping[str, str]]]

#: Seconds after which a refused client may try again, where nobody knows better.
RETRY_AFTER: Final = 30
MEDIA_TYPE: Final = "application/json"
#: Fields of an error that belongs to no single one.
WHOLE: Final = "__all__"

#: Where nothing more is known than the status.
WORDS: Final[Mapping[int, tuple[str, _StrOrPromise]]] = {
    400: ("bad_request", _("The request cannot be read.")),
    401: ("not_signed_in", _("Send a valid token, or sign in.")),
    403: ("not_allowed", _("You may not do this.")),
    404: ("not_found", _("There is nothing here, or you may not see it.")),
    405: ("wrong_method", _("This address does not serve that method.")),
    409: ("conflict", _("This cannot be done as things stand.")),
    410: ("gone", _("This is over.")),
    412: ("stale", _("It was changed since you read it.")),
    413: ("too_large", _("The request is larger than what is taken here.")),
    415: ("wrong_type", _("Send the body as application/json.")),
    422: ("key_reused", _("This key was used for another request.")),
    428: ("version_missing", _("Say by If-Match which version you have read.")),
    429: ("too_many", _("Too many requests; wait a moment.")),
    500: ("broken", _("Something broke on our side.")),
    503: ("unavailable", _("What the portal stands on does not answer.")),
    507: ("no_room", _("The portal has no room left on its disk.")),
}


class ProblemError(Exception):
    """Raised by what reads a request of the API: the answer, ready to send."""

    def __init__(self, status: int, code: str = "", message: _StrOrPromise = "", **more: Any) -> None:
        super().__init__(status, code)
        self.status, self.code, self.message, self.more = status, code, message, more


class FormError(Exception):
    """The form behind an address of the API refuses what was sent."""

    def __init__(self, form: Form) -> None:
        super().__init__(form.errors)
        self.form = form


def is_api(request: HttpRequest) -> bool:
    """Whether it is a program that asks."""
    return request.path_info.startswith(settings.API_ROOT)


def problem(
    status: int,
    code: str = "",
    message: _StrOrPromise = "",
    *,
    errors: FieldErrors | None = None,
    reasons: Sequence[Reason] = (),
) -> HttpResponse:
    """The answer to a request that cannot be done."""
    usual_code, usual_message = WORDS.get(status, ("", ""))
    body = {
        "code": code or usual_code,
        "message": str(message or usual_message),
        "errors": errors or {},
        "reasons": [{"code": each.code, "message": str(each.words), "url": each.url} for each in reasons],
    }
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}:
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def invalid(errors: FieldErrors) -> HttpResponse:
    """400: some fields hold what cannot be used."""
    return problem(HTTPStatus.BAD_REQUEST, "invalid", InvalidInputError({}).message, errors=errors)


def errors_of(form: Form) -> FieldErrors:
    """What a form says beside its fields."""
    found: FieldErrors = form.errors.get_json_data()
    return {
        name: [{"code": e["code"] or "invalid", "message": e["message"]} for e in all_] for name, all_ in found.items()
    }


def answer_to(error: Exception) -> HttpResponse | None:
    """What an error is answered with; None for what nobody expected."""
    if fault := status_of(error):
        return problem(fault)
    return next((answer(error) for kind, answer in _ANSWERS if isinstance(error, kind)), None)


def _ready(error: ProblemError) -> HttpResponse:
    return problem(error.status, error.code, error.message, **error.more)


def _values(error: InvalidInputError) -> HttpResponse:
    return invalid({name: _listed(words) for name, words in error.errors.items()})


#: What each kind of error becomes; the first that fits.
_ANSWERS: Final[Sequence[tuple[Any, Callable[[Any], HttpResponse]]]] = (
    (ProblemError, _ready),
    (FormError, lambda error: invalid(errors_of(error.form))),
    (InvalidInputError, _values),
    (StaleObjectError, lambda error: problem(HTTPStatus.PRECONDITION_FAILED, message=error.message)),
    (KeyReuseError, lambda _error: problem(HTTPStatus.UNPROCESSABLE_ENTITY)),
    (GateError, lambda error: problem(HTTPStatus.CONFLICT, "gate", error.message, reasons=error.reasons)),
    (PortalError, lambda error: problem(HTTPStatus.CONFLICT, message=error.message)),
    (PermissionDenied, lambda error: problem(HTTPStatus.FORBIDDEN, message=str(error))),
    (Http404, lambda _error: problem(HTTPStatus.NOT_FOUND)),
    (RequestDataTooBig, lambda _error: problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)),
    ((BadRequest, SuspiciousOperation), lambda _error: problem(HTTPStatus.BAD_REQUEST)),
)


def _listed(words: Any) -> list[dict[str, str]]:
    """What an action says of a field, which is one sentence or several."""
    several = words if isinstance(words, list | tuple) else [words]
    return [{"code": getattr(each, "code", None) or "invalid", "message": _sentence(each)} for each in several]


def _sentence(words: Any) -> str:
    messages = getattr(words, "messages", None)
    return " ".join(messages) if messages else str(words)
