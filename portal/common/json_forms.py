"""Forms that are sent as JSON: the API binds the very forms of the pages, so that one set of rules judges both.

What a body leaves out stays as the page would show it prefilled; what the form does not name is refused. Numbers are
taken by the digits that were sent, never as floats, so that nothing is rounded and nothing short can grow large.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.http import UnreadablePostError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from portal.common.fields import FigureFormField
from portal.common.forms import VERSION_FIELD, PortalForm
from portal.common.problems import MEDIA_TYPE, ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

FormT = TypeVar("FormT", bound=PortalForm)

#: More rows than this belong into several requests.
MOST_ROWS: Final = 500


class Number(str):
    """A number of a body, as its digits."""

    __slots__ = ()


# ── reading a body ──────────────────────────────────────────────────────


def read_body(request: HttpRequest) -> Any:
    """The JSON of the request. Raises ProblemError: 415, or 400 for what is none."""
    if request.content_type != MEDIA_TYPE and request.body:
        raise ProblemError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    try:
        text = request.body.decode("utf-8")
        body = json.loads(
            text, parse_int=Number, parse_float=Number, parse_constant=_refuse, object_pairs_hook=_each_once
        )
        text_of(body).encode("utf-8")  # half of a character pair can be written in JSON, but never kept
    except RequestDataTooBig:
        raise
    except (ValueError, RecursionError, UnreadablePostError) as error:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "broken_json", _("The body is not JSON.")) from error
    return body


def text_of(body: Any) -> str:
    """Everything that is written in it."""
    return json.dumps(body, ensure_ascii=False)


def read_object(request: HttpRequest) -> dict[str, Any]:
    """The body where it has to be an object."""
    return _object(read_body(request))


def read_rows(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """The rows of a body `{name: [{…}, …]}`."""
    body = read_object(request)
    rows = body.get(name)
    if set(body) != {name} or not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        words = _("Send a list of 1 to %(most)d rows, and nothing beside it.") % {"most": MOST_ROWS}
        raise invalid_fields({name: ("rows", words)})
    return [_object(row) for row in rows]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ProblemError(HTTPStatus.BAD_REQUEST, "not_an_object", _("Send a JSON object."))
    return value


def _refuse(word: str) -> Any:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands there twice")
    return found


def invalid_fields(errors: Mapping[str, tuple[str, Any]]) -> ProblemError:
    """400 with a code and words for each field."""
    said = {name: [{"code": code, "message": str(words)}] for name, (code, words) in errors.items()}
    return ProblemError(HTTPStatus.BAD_REQUEST, "invalid", _("Some values cannot be used."), errors=said)


# ── binding a form ──────────────────────────────────────────────────────


def bound(kind: type[FormT], given: Mapping[str, Any], /, *, version: int | None = None, **made_with: Any) -> FormT:
    """The form with what was sent, and with what its page shows for the rest. Raises ProblemError for names that the form
    does not have and for values of another type than it takes.
    """
    shown = kind(**made_with)
    names = offered(shown.fields)
    errors: dict[str, tuple[str, Any]] = {}
    data: MultiValueDict[str, str] = MultiValueDict()
    for name in given.keys() - names.keys():
        errors[name] = ("unknown", _("There is no such field here."))
    for name, field in names.items():
        sent = _as_sent(field, shown.get_initial_for_field(field, name))
        if name in given:
            if type_of(given[name]) not in types_of(field):
                errors[name] = ("type", _("Send this as %(types)s.") % {"types": " / ".join(types_of(field))})
                continue
            data.setlist(shown.add_prefix(name), _as_typed(given[name]))
        else:
            data.setlist(shown.add_prefix(name), sent)
        if field.show_hidden_initial:
            data.setlist(shown[name].html_initial_name, sent)
    if errors:
        raise invalid_fields(errors)
    if version is not None:
        data[shown.add_prefix(VERSION_FIELD)] = str(version)
    return kind(data, **made_with)


def offered(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form that a body can name: the version comes by `If-Match`, and no file fits into JSON."""
    return {
        name: field
        for name, field in fields.items()
        if name != VERSION_FIELD and not isinstance(field, forms.FileField)
    }


def _as_typed(value: Any) -> list[str]:
    """A value as a browser would send it."""
    if value is None:
        return [""]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, list):
        return [str(each) for each in value]
    return [str(value)]


def _as_sent(field: Any, value: Any) -> list[str]:
    """What the page shows in the box of a field."""
    if isinstance(field, forms.NullBooleanField):
        return [{True: "true", False: "false"}.get(value, "unknown")]
    if isinstance(field, forms.BooleanField):
        return ["true" if value else "false"]
    prepared = field.prepare_value(value)
    if isinstance(prepared, list | tuple):
        return [str(each) for each in prepared]
    shown = field.widget.format_value(prepared)
    if isinstance(shown, list | tuple):
        return [str(each) for each in shown]
    return ["" if shown is None else str(shown)]


# ── what a form takes, as a schema ──────────────────────────────────────


def type_of(value: Any) -> str:
    """The type of JSON; a list by that of its items."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, Number):
        return "integer" if value.lstrip("-").isdigit() else "number"
    if isinstance(value, list):
        kinds = {type_of(each) for each in value}
        return "array" if kinds <= {"string", "integer"} else "array of others"
    return "object" if isinstance(value, dict) else "string"


#: The types of JSON that a kind of field takes; the first that fits, else text.
_TYPES: Final[Sequence[tuple[Any, tuple[str, ...]]]] = (
    (forms.NullBooleanField, ("boolean", "null")),
    (forms.BooleanField, ("boolean",)),
    ((forms.MultipleChoiceField, forms.ModelMultipleChoiceField), ("array",)),
    (forms.ModelChoiceField, ("integer",)),
    ((FigureFormField, forms.DecimalField, forms.FloatField), ("string", "number", "integer")),
    (forms.IntegerField, ("integer",)),
)
_NEVER_NULL: Final = frozenset({"boolean", "array"})


def types_of(field: Any) -> Sequence[str]:
    """The types of JSON that a field takes."""
    types = next((types for kinds, types in _TYPES if isinstance(field, kinds)), ("string",))
    return types if field.required or types[0] in _NEVER_NULL else (*types, "null")


def schema_of(
    kind: type[forms.Form],
    *,
    is_partial: bool = False,
    example: Mapping[str, Any] | None = None,
    also: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The schema of a body that the form is bound to; of a part of it, nothing has to be there.

    `also` are fields that the form makes for itself when it is asked: by name, or by a pattern that begins with `^`.
    """
    fields = offered(kind.base_fields) | {name: field for name, field in (also or {}).items() if name[0] != "^"}
    needed = [name for name, field in fields.items() if field.required and field.initial is None]
    schema: dict[str, Any] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: field_schema(field) for name, field in fields.items()},
    }
    if families := {name: field_schema(field) for name, field in (also or {}).items() if name[0] == "^"}:
        schema["patternProperties"] = families
    if needed and not is_partial:
        schema["required"] = [name for name in needed if not isinstance(fields[name], forms.BooleanField)]
    if example:
        schema["examples"] = [example]
    return schema


def field_schema(field: Any) -> dict[str, Any]:
    """One field; the form says more when it is asked."""
    types = list(types_of(field))
    schema: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    if field.label:
        schema["title"] = field.label
    return schema | _limits(field, types)


def _limits(field: Any, types: Sequence[str]) -> dict[str, Any]:
    """What its values may be, as far as that is the same for everybody."""
    limits: dict[str, Any] = {}
    if isinstance(field, forms.ModelMultipleChoiceField):
        limits["items"] = {"type": "integer"}
    elif isinstance(field, forms.MultipleChoiceField):
        limits["items"] = _named(field)
    elif isinstance(field, forms.DateField):
        limits["format"] = "date"
    elif isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        if values := _values(field):
            limits["enum"] = [*values, *([None, ""] if "null" in types else [])]
    elif isinstance(field, forms.IntegerField):
        limits |= {"minimum": field.min_value, "maximum": field.max_value}
    elif isinstance(field, forms.CharField):
        limits["maxLength"] = field.max_length
    return {name: limit for name, limit in limits.items() if limit is not None}


def _named(field: Any) -> dict[str, Any]:
    values = _values(field)
    return {"type": "string"} | ({"enum": values} if values else {})


def _values(field: Any) -> list[str]:
    """What may be chosen, where that is the same for everybody."""
    found: list[str] = []
    for value, label in field.choices:
        found += [str(each) for each, _words in label] if isinstance(label, list | tuple) else [str(value)]
    return [value for value in found if value]
