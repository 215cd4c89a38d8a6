"""A deed that breaks after any of its writes has written nothing: every form, and each of its statements in turn."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from tests.access.visitor import undone
from tests.security.deeds import NAMES, deed, each
from tests.security.witness import is_write, picture, picture_of, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.access.world import World
    from tests.security.deeds import Deed

pytestmark = [pytest.mark.django_db, pytest.mark.proof]

#: A long deed is broken at so many of its places, spread over all of it.
MOST_PLACES = 12


class BrokenError(Exception):
    """Not one of ours, so that nothing expects it."""


@contextmanager
def broken_after(number: int) -> Iterator[list[str]]:
    """The statement of that number writes, and then everything breaks."""
    written: list[str] = []

    def run(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if is_write(sql):
            written.append(sql)
            if len(written) == number:
                raise BrokenError(sql)
        return result

    with connection.execute_wrapper(run):
        yield written


def places(count: int) -> list[int]:
    if count == 1:
        return []  # one statement is whole by itself
    if count <= MOST_PLACES:
        return list(range(1, count + 1))
    return sorted({1 + (count - 1) * place // (MOST_PLACES - 1) for place in range(MOST_PLACES)})


def send(one: Deed) -> int:
    return int(one.world.visitor(one.actor).tell("POST", one.url, one.valid()).status_code)


@each(NAMES)
def test_a_deed_that_breaks_after_a_write_has_written_nothing(world: World, name: str) -> None:
    one = deed(world, name)
    before = picture_of(world)
    with undone(), watched() as writes:
        assert send(one) == one.done
    left: dict[int, Any] = {}

    for place in places(len(writes)):
        with undone(), broken_after(place) as written:
            status = send(one)
            after = picture() if len(written) >= place else before
        if status != 500 or after != before:
            changed = [table for table in after if after[table] != before[table]]
            left[place] = (status, written[-1][:120] if written else "", changed)

    assert left == {}
