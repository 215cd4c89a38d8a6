"""What a request did to the database: which rows it wrote, and whether anything is different afterwards."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.access.visitor import undone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.access.world import Actor, World

_WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|REPLACE INTO|UPDATE|DELETE FROM|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)
#: Around what is asked, not itself a question.
_FRAME = re.compile(r"BEGIN|SAVEPOINT|RELEASE|ROLLBACK")
#: What reading writes: when a session was last seen. The rest never changes while the portal runs.
_NOT_LOOKED_AT = frozenset({"django_session", "django_migrations", "django_content_type", "auth_permission"})
#: Made up anew each time, and the column by which a project is locked.
_RANDOM = frozenset(
    {"request_id", "message_id", "password", "sequence", "accounts_apitoken.digest", "accounts_apitoken.ending"}
)

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
#: Without the nonce of the answer.
POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'strict-dynamic'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
}

Picture = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Answer:
    """A response, and what the request wrote on its way to it."""

    response: Any
    writes: Sequence[tuple[str, Any]]
    has_changed: bool
    queries: int

    @property
    def status(self) -> int:
        return int(self.response.status_code)

    @property
    def is_refusal(self) -> bool:
        return 400 <= self.status < 500

    @property
    def is_packed(self) -> bool:
        """A zip is no page; what it may hold is tested beside the view that packs it."""
        return bool(self.response.get("Content-Type") == "application/zip")

    @property
    def text(self) -> str:
        return "" if self.is_packed else str(self.response.content.decode())


def picture(*, but: frozenset[str] = frozenset()) -> Picture:
    """Every row of every table."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - _NOT_LOOKED_AT - but)
        return {table: _rows(cursor, table) for table in tables if not table.startswith(("sqlite_", "axes_"))}


def _rows(cursor: Any, table: str) -> list[tuple[Any, ...]]:
    cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 -- a table of ours
    kept = [n for n, column in enumerate(cursor.description) if not {column[0], f"{table}.{column[0]}"} & _RANDOM]
    return [tuple(repr(row[n]) for n in kept) for row in cursor.fetchall()]


def is_write(sql: str) -> bool:
    """Whether a statement writes into rows that are looked at."""
    written = _WRITE.match(sql)
    return written is not None and written[1] not in _NOT_LOOKED_AT and not written[1].startswith("axes_")


@contextmanager
def watched() -> Iterator[list[tuple[str, Any]]]:
    """The statements that write, with what they write."""
    found: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if is_write(sql):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def ask(world: World, actor: Actor, method: str, url: str, data: Any = None, **more: Any) -> Answer:
    """One request that leaves nothing behind, with its headers looked at and what it changed."""
    before = picture_of(world)
    with undone(), watched() as writes:
        with CaptureQueriesContext(connection) as captured:
            response = world.visitor(actor).tell(method, url, data, **more)
        has_changed = bool(writes) and picture() != before
    check_headers(response)
    return Answer(response, writes, has_changed, sum(not _FRAME.match(query["sql"]) for query in captured))


def picture_of(world: World) -> Picture:
    """The rows as they are between two requests."""
    if world.picture is None:
        world.picture = picture()
    found: Picture = world.picture
    return found


def check_headers(response: Any) -> None:
    """Every answer has every header, whatever it answers."""
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    assert policy_of(response) in (POLICY, *([BOXED] if is_download(response) else []))
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-ID"])
    assert "Server" not in response
    assert "Access-Control-Allow-Origin" not in response
    if response.get("Content-Type", "").startswith("text/html"):
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert "no-store" in response["Cache-Control"]
        assert {"Cookie", "HX-Request"} <= {name.strip() for name in response["Vary"].split(",")}


#: A file that somebody attached runs nothing, wherever it is opened.
BOXED = {"sandbox": [], "default-src": ["'none'"]}


def is_download(response: Any) -> bool:
    return bool(response.get("Content-Disposition", "").startswith("attachment"))


def policy_of(response: Any) -> dict[str, list[str]]:
    """What the browser may load, by directive."""
    directives = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: [source for source in sources if "nonce-" not in source] for name, *sources in directives}


_NOISE = re.compile(
    r'nonce="[^"]*"|csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|name="_key" value="[^"]*"|Reference \w{32}'
)


def without_noise(text: str) -> str:
    """A page without what is made up anew for each answer."""
    return _NOISE.sub("", text)
