"""Every address, every actor, every method: held against the committed table. An address without a row fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.operations import OPERATIONS
from tests.access.table import TABLE, Row
from tests.access.world import Actor, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    served = {name for name in names(get_resolver()) if name not in OPERATIONS}
    assert sorted(TABLE) == sorted(served)


def is_tried(row: Row) -> bool:
    """All on SQLite; on PostgreSQL those whose answer depends on rows, for the rest is the same on every database."""
    return connection.vendor == "sqlite" or row.names_data


def asked(world: World, actor: Actor, method: str, url: str, data: Mapping[str, Any]) -> int:
    """The status. Where no page is asked for, words would be made in vain: pages of refusals have tests of their own."""
    accept = "text/html" if method in {"GET", "HEAD"} else "application/json"
    answer = world.visitor(actor).ask(method, url, data if method == "POST" else None, headers={"accept": accept})
    return int(answer.status_code)


def differing(world: World, name: str, methods: frozenset[str]) -> dict[str, str]:
    """Where an address answers otherwise than the table says."""
    row = TABLE[name]
    url = reverse(name, args=row.arguments(world))
    return {
        f"{actor} {method}": f"{found}, not {expected}"
        for actor in Actor
        for method, expected in row.expected(actor).items()
        if method in methods and (found := asked(world, actor, method, url, row.data)) != expected
    }


EACH_ADDRESS = pytest.mark.parametrize(
    ("world", "name"),
    [pytest.param(row.stage, name, id=name) for name, row in sorted(TABLE.items()) if is_tried(row)],
    indirect=["world"],
    scope="module",  # or the worlds would be built as often as the order of the names asks
)


@EACH_ADDRESS
def test_each_actor_gets_the_declared_answer(world: World, name: str) -> None:
    assert differing(world, name, frozenset({"GET", "POST"})) == {}


@pytest.mark.proof
@EACH_ADDRESS
def test_each_actor_gets_the_declared_answer_to_other_methods(world: World, name: str) -> None:
    assert differing(world, name, frozenset({"HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"})) == {}
