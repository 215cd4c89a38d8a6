"""Somebody at a browser, who leaves no trace: whatever a request wrote into rows, cache or cookies is undone."""

from __future__ import annotations

from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.accounts.models import User


class Visitor:
    """Signed in once, so that the many requests of a table or a crawl do not pay for it each time."""

    def __init__(self, person: User | None = None, **options: Any) -> None:
        self.client = Client(raise_request_exception=False, **options)
        if person is not None:
            self.client.force_login(person)
            self.client.get("/robots.txt")  # writes down that the session was seen
        self._cookies = self.client.cookies.output(header="")

    def follow(self, url: str) -> None:
        """Open an address for good: the browser keeps what it is given there."""
        self.client.get(url)
        self._cookies = self.client.cookies.output(header="")

    def ask(self, method: str, url: str, data: Any = None, **more: Any) -> Any:
        """One request, with nothing left behind."""
        with undone():
            return self.tell(method, url, data, **more)

    def tell(self, method: str, url: str, data: Any = None, **more: Any) -> Any:
        """One request that leaves its rows behind; the browser is as it was."""
        self.client.cookies = SimpleCookie(self._cookies)
        if method == "POST" and "content_type" not in more:
            return self.client.post(url, data or {}, **more)
        return whole(self.client.generic(method, url, data or "", **more))


def whole(response: Any) -> Any:
    """The answer read to its end, while the rows it is written from are there."""
    return HttpResponse(response.getvalue(), headers=response.headers) if response.streaming else response


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in here did not happen."""
    cache.clear()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
