"""Every address, every actor, every method: held against the committed table. An address without a row fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.table import TABLE, Row
from tests.access.world import Actor, World, build
from tests.factories.projects import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(TABLE) == sorted(set(names(get_resolver())))


def client_of(world: World, actor: Actor) -> Client:
    client = Client(raise_request_exception=False)
    if actor != Actor.ANONYMOUS:
        client.force_login(world.actors[actor])
    return client


def answer(client: Client, method: str, url: str, data: Mapping[str, Any]) -> int:
    """The status, with nothing left behind."""
    cache.clear()
    with transaction.atomic():
        status = client.generic(method, url).status_code if method != "POST" else client.post(url, data).status_code
        transaction.set_rollback(True)
    return int(status)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_each_actor_gets_the_declared_answer(name: str) -> None:
    row: Row = TABLE[name]
    if connection.vendor == "postgresql" and not row.names_data:
        pytest.skip("the same on every database")
    with time_machine.travel(NOW, tick=False):
        world = build(row.stage)
        url = reverse(name, args=row.arguments(world))
        wrong = {
            f"{actor} {method}": f"{found}, not {expected}"
            for actor in Actor
            for method, expected in row.expected(actor).items()
            if (found := answer(client_of(world, actor), method, url, row.data)) != expected
        }

    assert wrong == {}
