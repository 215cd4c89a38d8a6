"""The description of the API, and its page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from portal.reference import kind_of
from tests.factories.accounts import UserFactory
from tests.security.witness import check_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture
def described() -> dict[str, Any]:
    client = Client()
    client.force_login(UserFactory(language="zh-hans"))
    answer: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return answer


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_refusal_is_declared_in_one_shape(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    shape = {"$ref": "#/components/schemas/ProblemShown"}
    for method, path, operation in operations(described):
        refusals = {status: found for status, found in operation["responses"].items() if int(status) >= 400}
        assert {"400", "401", "403", "404", "429", "503"} <= refusals.keys(), path
        assert {found["content"]["application/json"]["schema"]["$ref"] for found in refusals.values()} == {
            shape["$ref"]
        }
        if method != "get":
            assert {"409", "413", "415", "422"} <= refusals.keys(), path
        takes_version = any(one["name"] == "If-Match" for one in operation["parameters"])
        assert takes_version == ({"412", "428"} <= refusals.keys()), path


def families(schema: dict[str, Any]) -> list[str]:
    """Fields that a form makes when it is asked, by pattern."""
    return list(schema.get("patternProperties", {}))


def test_every_body_has_an_example_of_its_own_fields(described: dict[str, Any]) -> None:
    for _method, path, operation in operations(described):
        if body := operation.get("requestBody"):
            schema = body["content"]["application/json"]["schema"]
            schema = schema if "examples" in schema else next(iter(schema["properties"].values()))["items"]
            (example,) = schema["examples"]
            others = example.keys() - schema["properties"].keys()
            assert [name for name in others if not any(re.match(one, name) for one in families(schema))] == [], path
            assert set(schema.get("required", ())) <= example.keys(), path


def test_it_is_in_english_whoever_asks_and_names_no_other_host(described: dict[str, Any]) -> None:
    text = json.dumps(described, ensure_ascii=False)

    assert re.search(r"[\u4e00-\u9fff]", text) is None
    assert re.search(r"https?://", text) is None


def test_the_page_shows_every_operation_to_who_is_signed_in(client: Client, described: dict[str, Any]) -> None:
    assert client.get("/api/v1/docs")["Location"] == "/login/?next=/api/v1/docs"
    client.force_login(UserFactory())

    page = client.get("/api/v1/docs")

    check_headers(page)
    shown = re.findall(r"<strong>([A-Z]+)</strong> (\S+?)</span>", page.text)
    assert shown == [(method.upper(), path) for method, path, _operation in operations(described)]


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "format": "date"}, "string (date)"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/X"}}, "[X]"),
        ({"type": "string", "enum": ["a", "", None]}, "“a” | null"),
        ({}, "any"),
    ],
)
def test_a_value_is_told_by_its_kind(schema: dict[str, Any], words: str) -> None:
    assert kind_of(schema) == words


def test_what_is_not_served_answers_in_the_same_shape(client: Client) -> None:
    answer = client.get("/api/v1/nothing")

    assert (answer.status_code, answer.json()["code"], answer["Content-Type"]) == (404, "not_found", "application/json")
