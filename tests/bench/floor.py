"""The floor beneath a page: a bare page that asks the database the same, through the same ORM, and sends the same bytes by
the same template engine, every piece of text a variable; without our layers, without a middleware.

What a form does is undone on the floor, so that it can be done again.
"""

from __future__ import annotations

import html
import json
import pickle
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from unittest import mock

from django.core.signals import request_finished, request_started
from django.db import connection, transaction
from django.db.models.sql.compiler import SQLCompiler
from django.template import Context, Engine, Template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_TAG = re.compile(r"(<[^>]*>)")
#: Statements of a page; what opens and ends a transaction the floor does itself.
_STATEMENTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")


@dataclass
class Asked:
    """One statement: as the ORM's question where it was one, else as SQL."""

    sql: str
    params: Any
    seconds: float
    question: bytes = b""
    gives_rows: bool = False

    def again(self) -> None:
        """Ask it once more, and take everything it gives."""
        if not self.question:
            with connection.cursor() as cursor:
                cursor.execute(self.sql, self.params)
                if self.sql.startswith(("SELECT", "WITH")):
                    cursor.fetchall()
            return
        query = pickle.loads(self.question)  # noqa: S301 -- our own recording
        if self.gives_rows:
            rows = query.model._base_manager.all()
            rows.query = query
            list(rows)
        else:
            list(query.get_compiler(connection=connection).results_iter())


@dataclass
class Recording:
    """What a page asked, and what it sent."""

    asked: list[Asked] = field(default_factory=list)
    body: str = ""

    @property
    def sql_ms(self) -> float:
        return 1000 * sum(one.seconds for one in self.asked)

    @property
    def writes(self) -> bool:
        return any(not one.sql.startswith(("SELECT", "WITH")) for one in self.asked)


@contextmanager
def recorded() -> Iterator[Recording]:
    """Everything that is asked of the database meanwhile."""
    recording = Recording()
    plain = SQLCompiler.execute_sql

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if sql.startswith(_STATEMENTS):
                recording.asked.append(Asked(sql, params, time.perf_counter() - began))

    def ask(compiler: Any, *args: Any, **kwargs: Any) -> Any:
        before = len(recording.asked)
        answer = plain(compiler, *args, **kwargs)
        if type(compiler) is SQLCompiler and len(recording.asked) > before:
            last = recording.asked[-1]
            with suppress(TypeError):  # of what cannot be kept the floor asks the bare SQL
                last.question, last.gives_rows = pickle.dumps(compiler.query), compiler.klass_info is not None
        return answer

    with connection.execute_wrapper(note), mock.patch.object(SQLCompiler, "execute_sql", ask):
        yield recording


class Floor:
    """The bare pages, by number."""

    def __init__(self, recordings: list[Recording]) -> None:
        self.recordings = recordings

    def save(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(self.recordings))

    @classmethod
    @cache
    def load(cls, path: Path) -> Floor:
        return cls(pickle.loads(path.read_bytes()))  # noqa: S301 -- our own recording

    def answer(self, number: int) -> bytes:
        recording = self.recordings[number]
        with transaction.atomic() if recording.writes else _nothing():
            for one in recording.asked:
                one.again()
            if recording.writes:
                transaction.set_rollback(True)
        if recording.body.startswith("{"):
            return json.dumps(parsed(recording.body), ensure_ascii=False).encode()
        template, words = written(recording.body)
        return template.render(Context(words)).encode()

    def serve(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request_started.send(sender=Floor, environ=environ)
        body = self.answer(int(environ["PATH_INFO"].rsplit("/", 1)[1]))
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))])
        request_finished.send(sender=Floor)
        return [body]


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@cache
def parsed(body: str) -> Any:
    """What a program is answered, before it is written."""
    return json.loads(body)


@cache
def written(body: str) -> tuple[Template, dict[str, str]]:
    """A template whose rendering is the body: tags stand in it, every piece of text between them is a variable."""
    pieces, words = [], {}
    for number, piece in enumerate(_TAG.split(body)):
        if piece.startswith("<") or not piece.strip():
            pieces.append(piece if "{" not in piece else "{% verbatim %}" + piece + "{% endverbatim %}")
        else:
            words[f"t{number}"] = html.unescape(piece)
            pieces.append(f"{{{{ t{number} }}}}")
    return Template("".join(pieces), engine=Engine.get_default()), words
