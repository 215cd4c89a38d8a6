"""The id that ties a request's log lines, its audit rows and the number shown on an error page together."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from structlog.contextvars import bound_contextvars, get_contextvars

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME: Final = "request_id"


def new() -> str:
    return uuid4().hex


def current() -> str:
    """The id of the request or task that runs, or nothing outside of any."""
    return str(get_contextvars().get(NAME, ""))


@contextmanager
def bound(request_id: str = "") -> Iterator[str]:
    """Everything inside belongs to this request; without an id it gets a new one."""
    request_id = request_id or new()
    with bound_contextvars(**{NAME: request_id}):
        yield request_id
