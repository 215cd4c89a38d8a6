"""What an address of the API is written with: find, bind, act, answer, as a view does.

    @router.post("/projects", **takes(_("Begin a project"), NewProjectForm, gives=ProjectShown, status=201))
    def project_new(request: ApiRequest) -> HttpResponse:
        require(can_pitch(request.user), PITCHERS)
        form = bind(request, NewProjectForm)
        return act(request, form, lambda: start_pitch(**form.cleaned_data, by=request.user, now=now), shown)

The form is that of the page and the action is that of the page, so both refuse the same; `portal.common.problems` turns
what they raise into the answer. What is shown is a model that says which attributes leave the portal, and no others do.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, create_model

from portal.accounts.actions.form_keys import answered_once
from portal.accounts.http import PortalRequest
from portal.common import json_forms
from portal.common.errors import InvalidInputError
from portal.common.forms import VERSION_FIELD, PortalForm
from portal.common.json_forms import field_schema, invalid_fields, read_object, schema_of
from portal.common.lists import PLACE, ListFilter
from portal.common.problems import MEDIA_TYPE, FormError, ProblemError, errors_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.db.models import QuerySet
    from django.forms import Form
    from django.utils.functional import _StrOrPromise as StrOrPromise

#: A person at the door of the API: the same as at a page.
ApiRequest = PortalRequest

FormT = TypeVar("FormT", bound=PortalForm)
ListT = TypeVar("ListT", bound=ListFilter)
MadeT = TypeVar("MadeT")

USUAL_SIZE: Final = 50
LARGEST_SIZE: Final = 200
#: How a list is asked for, beside what its filter names.
PAGING: Final = frozenset({"cursor", "page_size"})
_VERSION: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')


class Shown(BaseModel):
    """What the API shows of something: these attributes of it, and nothing else.

    `Subclass.of(obj)` reads them. One named `version` becomes the ETag.
    """

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, obj: Any) -> Any:
        """As it is shown."""
        return cls.model_validate(obj)


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    code: str
    message: str


class MissingCondition(BaseModel):
    """A condition that is not met, and the page that mends it."""

    code: str
    message: str
    url: str


class ProblemShown(BaseModel):
    """Whatever went wrong, in one shape."""

    code: str
    message: str
    errors: dict[str, list[FieldProblem]]
    reasons: list[MissingCondition]


# ── declaring ───────────────────────────────────────────────────────────

ALWAYS: Final = (400, 401, 403, 404, 429, 503)
WRITING: Final = (409, 413, 415, 422)


def gives(
    summary: StrOrPromise,
    shown: type[BaseModel],
    *,
    asked: type[Form] | None = None,
    headers: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """An address that reads one thing, or what the form asks for by parameters."""
    parameters = [_parameter(name, _in_address(field)) for name, field in asked.base_fields.items()] if asked else []
    return _operation(summary, {HTTPStatus.OK: shown}, ALWAYS, more, parameters=[*parameters, *headers])


def lists(summary: StrOrPromise, kind: type[ListFilter], row: type[BaseModel], **more: Any) -> dict[str, Any]:
    """An address that reads a list by the filter of its page."""
    fields: dict[str, Any] = {"items": (list[row], ...), "next": (str | None, ...)}  # type: ignore[valid-type] # made here
    several = create_model(f"{row.__name__}List", **fields)
    return _operation(summary, {HTTPStatus.OK: several}, ALWAYS, more, parameters=_list_parameters(kind))


def takes(  # noqa: PLR0913 -- the keywords of a declaration
    summary: StrOrPromise,
    kind: type[Form] | None,
    *,
    gives: type[BaseModel] | None,
    status: int = HTTPStatus.OK,
    example: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
    is_partial: bool = False,
    is_keyed: bool = True,
    has_body: bool = True,
    rows: str = "",
    headers: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """An address that does something with what the form takes; without `gives` it answers 204. A partial one may leave
    out any field; `also` are fields that the form makes when it is asked; `rows` is the name of the list where it takes
    many at once; a button has no body, only a version.
    """
    is_versioned = kind is not None and VERSION_FIELD in kind.base_fields
    parameters = [*([_IF_MATCH] if is_versioned else []), *headers]
    if is_keyed:
        parameters = [*parameters, _KEY]
    extra: dict[str, Any] = {}
    if kind is not None and has_body:
        schema = schema_of(kind, is_partial=is_partial, example=example, also=also)
        if rows:
            listed = {"type": "array", "items": schema, "minItems": 1, "maxItems": json_forms.MOST_ROWS}
            schema = {"type": "object", "additionalProperties": False, "required": [rows], "properties": {rows: listed}}
        extra["requestBody"] = {"required": True, "content": {MEDIA_TYPE: {"schema": schema}}}
    done = {status if gives else HTTPStatus.NO_CONTENT: gives}
    refusals = (*ALWAYS, *WRITING, *((412, 428) if is_versioned else ()))
    return _operation(summary, done, refusals, more, parameters=parameters, **extra)


def _operation(
    summary: StrOrPromise, done: Mapping[int, Any], refusals: tuple[int, ...], more: Mapping[str, Any], **extra: Any
) -> dict[str, Any]:
    """The keywords of a router's decorator."""
    responses = {int(status): shown for status, shown in done.items()} | dict.fromkeys(sorted(refusals), ProblemShown)
    return {"summary": summary, "response": responses, "openapi_extra": extra, **more}


_IF_MATCH: Final = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": "The ETag of what was read.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "example": '"7"',
}
_KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key and body give the same answer again, and act once; kept for seven days.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9_-]+$"},
    "example": "5f0c2b7e9a",
}


def _list_parameters(kind: type[ListFilter]) -> list[dict[str, Any]]:
    """The parameters of a list."""
    found = []
    for name, field in kind.base_fields.items():
        if name in PLACE:
            continue
        schema = {"view": {"type": "string", "enum": list(kind.views), "default": kind.default_view}}.get(name)
        if name == "sort":
            both = [f"{sign}{sort}" for sort in kind.sorts for sign in ("", "-")]
            schema = {"type": "string", "enum": both, "default": kind.default_sort}
        found.append(_parameter(name, schema or _in_address(field)))
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST_SIZE, "default": USUAL_SIZE}
    described = {"type": "string", "description": "`next` of the page before; opaque."}
    return [*found, _parameter("page_size", size), _parameter("cursor", described)]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": schema}


def _in_address(field: Any) -> dict[str, Any]:
    """A filter; an address knows no null."""
    schema = field_schema(field)
    if isinstance(schema["type"], list):
        schema["type"] = schema["type"][0]
    if "enum" in schema:
        schema["enum"] = [value for value in schema["enum"] if value]
    return schema


# ── lists ───────────────────────────────────────────────────────────────


def ask(request: ApiRequest, kind: type[ListT]) -> tuple[ListT, int]:
    """What is asked of the list, and how many rows at once. Raises ProblemError for what it does not understand."""
    given = request.GET
    _refuse_unknown(given.keys() - ((kind.base_fields.keys() - PLACE) | PAGING))
    data = QueryDict(mutable=True)
    for name in given.keys() - PAGING:
        data.setlist(name, given.getlist(name))
    if "cursor" in given:
        data["after"] = _place_in(given["cursor"], data.get("sort") or kind.default_sort)
    asked = kind(data, reader=request.user, now=timezone.now())
    if not asked.is_valid():
        raise FormError(asked)
    return asked, _size(given.get("page_size"))


def asked_by(request: ApiRequest, kind: type[FormT]) -> FormT:
    """What the address asks by a form. Raises ProblemError or FormError for what it does not understand."""
    _refuse_unknown(request.GET.keys() - kind.base_fields.keys())
    form = kind(request.GET)
    if not form.is_valid():
        raise FormError(form)
    return form


def _refuse_unknown(names: Iterable[str]) -> None:
    if errors := {name: ("unknown", _("There is no such parameter here.")) for name in names}:
        raise invalid_fields(errors)


def listed(
    request: ApiRequest, kind: type[ListFilter], rows: QuerySet[Any], show: Callable[[Any], BaseModel]
) -> HttpResponse:
    """A page of the rows that the address asks for; `rows` begins with `visible_to` and brings along what is shown."""
    asked, size = ask(request, kind)
    found, is_more = asked.stretch(asked.in_view(asked.fits(rows)), size)
    cursor = _cursor(asked.order.name, f"{found[-1].pk}~{found[-1].sort_key}", found[-1].sort_key) if is_more else None
    return reply({"items": [show(row).model_dump(mode="json") for row in found], "next": cursor})


def _cursor(sort: str, text: str, key: Any) -> str:
    place = text if key is not None else text.partition("~")[0]
    return urlsafe_b64encode(f"{sort} {place}".encode()).decode().rstrip("=")


def _place_in(cursor: str, sort: str) -> str:
    """Where a page begins; a cursor of another order says nothing in this one."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        order, _space, place = urlsafe_b64decode(padded).decode().partition(" ")
    except ValueError:
        order, place = "", ""
    if order != sort or not place:
        raise invalid_fields({"cursor": ("invalid", _("This is no page of the list."))})
    return place


def _size(text: str | None) -> int:
    if text is None:
        return USUAL_SIZE
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 0 < int(text) <= LARGEST_SIZE:
        words = _("Ask for 1 to %(most)d at once.") % {"most": LARGEST_SIZE}
        raise invalid_fields({"page_size": ("invalid", words)})
    return int(text)


# ── writing ─────────────────────────────────────────────────────────────


def bind(request: ApiRequest, kind: type[FormT], /, **made_with: Any) -> FormT:
    """The form with what the body holds. What is not sent stays as its page would show it."""
    is_versioned = VERSION_FIELD in kind.base_fields
    return json_forms.bound(
        kind, read_object(request), version=version_in(request) if is_versioned else None, **made_with
    )


def bind_rows(request: ApiRequest, kind: type[FormT], name: str, /, **made_with: Any) -> list[FormT]:
    """A form for each row of the body, all of them valid. Raises ProblemError with the place of each row that is not."""
    forms: list[FormT] = []
    errors: dict[str, Any] = {}
    for place, row in enumerate(json_forms.read_rows(request, name)):
        try:
            form = json_forms.bound(kind, row, **made_with)
            wrong = {} if form.is_valid() else errors_of(form)
        except ProblemError as refused:
            wrong = refused.more["errors"]
        else:
            forms.append(form)
        errors |= {f"{name}.{place}.{field}": said for field, said in wrong.items()}
    if errors:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "invalid", _("Some values cannot be used."), errors=errors)
    return forms


def version_in(request: ApiRequest) -> int:
    """The version that was read, by `If-Match`. Raises ProblemError where it is missing or none."""
    given = request.headers.get("If-Match")
    if given is None:
        raise ProblemError(HTTPStatus.PRECONDITION_REQUIRED)
    found = _VERSION.fullmatch(given.strip())
    if found is None:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "bad_version", _("Send the ETag that you have read."))
    return int(found[1])


def act(
    request: ApiRequest,
    form: PortalForm | None,
    deed: Callable[[], MadeT],
    show: Callable[[MadeT], BaseModel] | None = None,
    *,
    status: int = HTTPStatus.OK,
    is_keyed: bool = True,
) -> HttpResponse:
    """Run the deed if the form is valid, once for each `Idempotency-Key`, and show what it made; nothing is 204.

    `is_keyed=False` is for what must leave no trace of its sender.
    """
    if form is not None and not form.is_valid():
        raise FormError(form)

    def told() -> str:
        try:
            made = deed()
        except InvalidInputError as error:
            raise _beside(form, error) from error
        shown = show(made) if show else None
        return json.dumps({"status": status, "body": None if shown is None else shown.model_dump(mode="json")})

    key = request.headers.get("Idempotency-Key", "") if is_keyed else ""
    sent = {"method": request.method, "path": request.path, "body": request.body.decode("utf-8", "replace")}
    sent["if_match"] = request.headers.get("If-Match", "")
    answer = json.loads(answered_once(request.user, key, sent, told))
    return reply(answer["body"], answer["status"])


def _beside(form: PortalForm | None, error: InvalidInputError) -> Exception:
    """What an action says of values stands beside the fields that brought them."""
    if form is None:
        return error
    for field, words in error.errors.items():
        form.add_error(field if field in form.fields else None, words)
    return FormError(form)


def reply(body: Any, status: int = HTTPStatus.OK) -> HttpResponse:
    """The answer; the version of what is shown is its ETag."""
    if isinstance(body, BaseModel):
        body = body.model_dump(mode="json")
    if body is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=status)
    if isinstance(body, dict) and body.get(VERSION_FIELD) is not None:
        response["ETag"] = f'"{body[VERSION_FIELD]}"'
    return response
