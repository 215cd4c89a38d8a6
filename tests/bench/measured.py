"""Measuring: the portal and its floor are asked in turn, in the same minute, so that a busy machine slows both."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from portal.env import is_loopback
from tests.bench.floor import Floor, Recording, recorded
from tests.bench.pages import Ask, Deed, Press, asks, deeds, reader
from tests.bench.served import FLOOR
from tests.security.pages import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from portal.accounts.models import User

BACKEND = "portal.accounts.backends.PersonBackend"
HOST = "127.0.0.1"
WARM = 3
#: A page that takes longer than this is not asked as often.
PATIENCE = 20.0
START = 60


@dataclass(frozen=True)
class Figure:
    """What was found of one page."""

    name: str
    ours: list[float]
    floor: list[float]
    queries: int
    sql_ms: float
    size: int

    @property
    def p50(self) -> float:
        return statistics.median(self.ours)

    @property
    def p95(self) -> float:
        return sorted(self.ours)[int(len(self.ours) * 0.95)]

    @property
    def floor_p50(self) -> float:
        return statistics.median(self.floor)

    @property
    def ratio(self) -> float:
        return self.p50 / self.floor_p50


def signed_in(person: User) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(person, backend=BACKEND)
    return client


# ── what stands beneath ─────────────────────────────────────────────────


def record(ask: Ask) -> Recording:
    """What the page asks and sends; of several times the quickest, because the first one warms up."""
    client, found = signed_in(ask.person), []
    for _time in range(WARM):
        with recorded() as recording:
            response = client.get(ask.url)
        if response.status_code != http.HTTPStatus.OK:
            raise SystemExit(f"{ask.name}: {ask.url} answers {response.status_code}")
        recording.body = response.content.decode()
        found.append(recording)
    return min(found, key=lambda one: one.sql_ms)


def record_deed(deed: Deed) -> Recording:
    """The same of a form; nothing of it stays."""
    press = next(deed.presses())
    client = signed_in(press.person)
    data = typed(client.get(press.page).content.decode(), press)
    with transaction.atomic():
        if connection.vendor == "sqlite":
            # What is undone gives its ids back there: the floor goes on with ids that nobody else gets.
            with connection.cursor() as cursor:
                cursor.execute("UPDATE sqlite_sequence SET seq = seq + 1000000000")
        with recorded() as recording:
            response = client.post(press.url, data, headers=deed.headers)
        transaction.set_rollback(True)
    if response.status_code >= http.HTTPStatus.BAD_REQUEST:
        raise SystemExit(f"{deed.name}: {press.url} answers {response.status_code}")
    recording.body = response.content.decode()
    return recording


def typed(text: str, press: Press) -> dict[str, str]:
    """The form as it stands on the page, with what is typed into it."""
    form = Page(text, press.page).form_to(press.url)
    if form is None:
        raise SystemExit(f"{press.page} has no form to {press.url}")
    stands = {
        one.name: one.value for one in form.controls if one.kind != Kind.BUTTON and (one.value or one.kind != Kind.TICK)
    }
    return stands | press.typed


# ── the server ──────────────────────────────────────────────────────────


class Visitor:
    """A browser that keeps its connection; it counts from the question to the last byte."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: str | None = None) -> tuple[float, int, str]:
        began = time.perf_counter()
        self.connection.request(method, url, body, dict(headers))
        response = self.connection.getresponse()
        text = response.read()
        return 1000 * (time.perf_counter() - began), response.status, text.decode()


def cookies(person: User) -> dict[str, str]:
    client = signed_in(person)
    return {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}


@contextmanager
def served(floor: Path, port: int) -> Iterator[int]:
    """Gunicorn with the settings of the portal on loopback; gives the id of its first process."""
    assert is_loopback(HOST)
    command = [sys.executable, "-m", "gunicorn", "tests.bench.served:application", "--bind", f"{HOST}:{port}"]
    environment = {**os.environ, "BENCH_FLOOR": str(floor), "LOG_LEVEL": "ERROR"}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        until_open(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def until_open(port: int) -> None:
    for _time in range(START * 10):
        try:
            Visitor(port).ask("GET", "/health/live", {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"the server did not answer on port {port} within {START} s")


def memory_mb(first: int) -> float:
    """What the processes of the server hold, shared pages by their share (PSS)."""
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return sum(pss(pid) for pid in (str(first), *children)) / 1024


def pss(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


# ── the figures ─────────────────────────────────────────────────────────


def figures(port: int, times: int, folder: Path, said: Callable[[str], None]) -> tuple[list[Figure], float]:
    """Every page and form beside its floor, and the memory of the server at the end."""
    person = reader()
    pages, forms = asks(person), deeds(person)
    recordings = [*map(record, pages), *map(record_deed, forms)]
    floor = folder / "floor.pickle"
    Floor(recordings).save(floor)
    found = []
    with served(floor, port) as server:
        visitor = Visitor(port)
        for number, page in enumerate(pages):
            found.append(of_page(visitor, page, number, recordings[number], times))
            said(f"{page.name}: {found[-1].p50:.1f} ms, floor {found[-1].floor_p50:.1f} ms")
        for number, deed in enumerate(forms, start=len(pages)):
            found.append(of_deed(visitor, deed, number, recordings[number], times))
            said(f"{deed.name}: {found[-1].p50:.1f} ms, floor {found[-1].floor_p50:.1f} ms")
        memory = memory_mb(server)
    return found, memory


def of_page(visitor: Visitor, page: Ask, number: int, recording: Recording, times: int) -> Figure:
    headers = cookies(page.person)
    ours, floor, began = [], [], time.monotonic()
    for turn in range(WARM + times):
        spent, status, text = visitor.ask("GET", page.url, headers)
        if status != http.HTTPStatus.OK:
            raise SystemExit(f"{page.name}: {status}")
        beneath, _status, _text = visitor.ask("GET", f"{FLOOR}{number}", {})
        if turn >= WARM:
            ours.append(spent)
            floor.append(beneath)
        if ours and time.monotonic() - began > PATIENCE:
            break
    return Figure(page.name, ours, floor, len(recording.asked), recording.sql_ms, len(text.encode()))


def of_deed(visitor: Visitor, deed: Deed, number: int, recording: Recording, times: int) -> Figure:
    ours, floor, began, size = [], [], time.monotonic(), 0
    known: dict[int, dict[str, str]] = {}
    for turn, press in enumerate(islice(deed.presses(), WARM + times)):
        signed = known.setdefault(press.person.pk, cookies(press.person) if press.person.pk not in known else {})
        _spent, _status, text = visitor.ask("GET", press.page, signed)
        data = typed(text, press) | {"csrfmiddlewaretoken": token(text)}
        headers = signed | deed.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        headers["Cookie"] = f"{signed['Cookie']}; {settings.CSRF_COOKIE_NAME}={data['csrfmiddlewaretoken']}"
        spent, status, text = visitor.ask("POST", press.url, headers, urlencode(data, doseq=True))
        if status >= http.HTTPStatus.BAD_REQUEST:
            raise SystemExit(f"{deed.name}: {press.url} answers {status}")
        beneath, _status, _text = visitor.ask("GET", f"{FLOOR}{number}", {})
        size = len(text.encode())
        if turn >= WARM:
            ours.append(spent)
            floor.append(beneath)
        if ours and time.monotonic() - began > PATIENCE:
            break
    return Figure(deed.name, ours, floor, len(recording.asked), recording.sql_ms, size)


def token(text: str) -> str:
    """What a form of the page proves with that it comes from us."""
    return text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
