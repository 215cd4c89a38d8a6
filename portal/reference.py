"""The description of the API as a page for people: operations by tag, with what they take and give."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Schema = dict[str, Any]
REFUSALS: Final = 400


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter or a field: its name, what it may hold, whether it has to be there."""

    name: str
    kind: str
    is_needed: bool
    title: object = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method does at one address."""

    method: str
    path: str
    summary: object
    parameters: Sequence[Value]
    takes: Sequence[Value]
    example: str
    gives: Sequence[Value]
    statuses: Sequence[str]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        return "-".join([self.method.lower(), *self.path.strip("/").replace("{", "").replace("}", "").split("/")[2:]])


@dataclass(frozen=True, slots=True)
class Section:
    """The operations of one tag."""

    name: str
    operations: list[Operation] = field(default_factory=list)


def sections_of(description: Mapping[str, Any]) -> list[Section]:
    """The whole description, in the order of the routers."""
    found: dict[str, Section] = {}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            tag = operation.get("tags", [""])[0]
            section = found.setdefault(tag, Section(tag))
            section.operations.append(_operation(method.upper(), path, operation, description))
    return list(found.values())


def _operation(method: str, path: str, operation: Schema, description: Mapping[str, Any]) -> Operation:
    body = _content(operation.get("requestBody", {}))
    shown = next((_content(found) for status, found in operation["responses"].items() if int(status) < REFUSALS), {})
    return Operation(
        method=method,
        path=path,
        summary=operation["summary"],
        parameters=[
            Value(each["name"], kind_of(each["schema"]), bool(each.get("required"))) for each in operation["parameters"]
        ],
        takes=list(_values(body, description)),
        example=json.dumps(body["examples"][0], ensure_ascii=False, indent=2) if body.get("examples") else "",
        gives=list(_values(shown, description)),
        statuses=[str(status) for status in operation["responses"]],
    )


def _content(part: Schema) -> Schema:
    found: Schema = part.get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _values(schema: Schema, description: Mapping[str, Any]) -> Iterator[Value]:
    """The fields of an object."""
    schema = _resolved(schema, description)
    needed = schema.get("required", [])
    for name, each in (schema.get("properties", {}) | schema.get("patternProperties", {})).items():
        yield Value(name, kind_of(each), name in needed, each.get("title", ""))


def _resolved(schema: Schema, description: Mapping[str, Any]) -> Schema:
    name = schema.get("$ref", "").rpartition("/")[2]
    return description["components"]["schemas"][name] if name else schema


def kind_of(schema: Mapping[str, Any]) -> str:
    """What a value may be, in the words of the schema."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(kind_of(each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"[{kind_of(schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join("null" if value is None else f"“{value}”" for value in schema["enum"] if value != "")
    types = schema.get("type", "any")
    kind = " | ".join(types) if isinstance(types, list) else str(types)
    return f"{kind} ({schema['format']})" if "format" in schema else kind
