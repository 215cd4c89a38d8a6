"""Measuring: the portal and its floor are asked in turn, in the same minute, so that a busy machine slows both."""

from __future__ import annotations

import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from portal.env import is_loopback
from tests.bench.floor import Floor, Recording, recorded
from tests.bench.pages import Ask, Deed, Press, asks, deeds, program, reader
from tests.bench.served import FLOOR, SPENT
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
class Answer:
    """What came back, and what it took: until the last byte, and of a processor in the server. Milliseconds."""

    status: int
    text: str
    took: float
    spent: float


@dataclass(frozen=True)
class Figure:
    """What was found of one page."""

    name: str
    ours: list[Answer]
    floor: list[Answer]
    recording: Recording

    def as_row(self) -> dict[str, Any]:
        """For the table."""
        p50, floor = statistics.median(one.took for one in self.ours), statistics.median(one.took for one in self.floor)
        cpu, floor_cpu = (statistics.median(one.spent for one in answers) for answers in (self.ours, self.floor))
        return {
            "name": self.name,
            "p50": p50,
            "p95": sorted(one.took for one in self.ours)[int(len(self.ours) * 0.95)],
            "floor": floor,
            "ratio": p50 / floor,
            "cpu": cpu,
            "floor_cpu": floor_cpu,
            "cpu_ratio": cpu / floor_cpu,
            "queries": len(self.recording.asked),
            "sql": self.recording.sql_ms,
            "kb": len(self.ours[-1].text.encode()) / 1000,
        }

    def __str__(self) -> str:
        return "{name}: {p50:.1f} ms, × {ratio:.2f}; CPU {cpu:.1f} ms, × {cpu_ratio:.2f}".format(**self.as_row())


def signed_in(person: User) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(person, backend=BACKEND)
    return client


# ── what stands beneath ─────────────────────────────────────────────────


def record(ask: Ask) -> Recording:
    """What the page asks and sends; of several times the quickest. What the first one alone does is not recorded."""
    client, found = Client(HTTP_HOST=HOST) if ask.headers else signed_in(ask.person), []
    client.get(ask.url, headers=ask.headers)
    for _time in range(WARM):
        with recorded() as recording:
            response = client.get(ask.url, headers=ask.headers)
        if response.status_code != http.HTTPStatus.OK:
            raise SystemExit(f"{ask.name}: {ask.url} answers {response.status_code}")
        recording.body = response.content.decode()
        found.append(recording)
    return min(found, key=lambda one: one.sql_ms)


def record_deed(deed: Deed) -> Recording:
    """The same of a form; nothing of it stays."""
    press = next(deed.presses(), None)
    if press is None:
        raise SystemExit(f"{deed.name}: nothing is left to be done; fill an empty database")
    client = signed_in(press.person) if press.page else Client(HTTP_HOST=HOST)
    data: Any = typed(client.get(press.page).content.decode(), press) if press.page else json.dumps(press.typed)
    kind: dict[str, Any] = {} if press.page else {"content_type": "application/json"}
    with transaction.atomic():
        if connection.vendor == "sqlite":
            # What is undone gives its ids back there: the floor goes on with ids that nobody else gets.
            with connection.cursor() as cursor:
                cursor.execute("UPDATE sqlite_sequence SET seq = seq + 1000000000")
        with recorded() as recording:
            response = client.post(press.url, data, headers=deed.headers, **kind)
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
    chosen = {
        one.name: value
        for one in form.controls
        for beginning, value in press.choices.items()
        if one.name.startswith(beginning)
    }
    return stands | chosen | press.typed


# ── the server ──────────────────────────────────────────────────────────


class Visitor:
    """A browser that keeps its connection; it counts from the question to the last byte."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=60)

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: str | None = None) -> Answer:
        began = time.perf_counter()
        self.connection.request(method, url, body, dict(headers))
        response = self.connection.getresponse()
        text = response.read().decode()
        took = 1000 * (time.perf_counter() - began)
        return Answer(response.status, text, took, float(response.headers.get(SPENT, 0)))


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
    token = program(person)
    pages, forms = asks(person, token), deeds(person, token)
    recordings = [*map(record, pages), *map(record_deed, forms)]
    floor = folder / "floor.pickle"
    Floor(recordings).save(floor)
    found = []
    with served(floor, port) as server:
        visitor = Visitor(port)
        for number, page in enumerate(pages):
            found.append(of_page(visitor, page, number, recordings[number], times))
            said(str(found[-1]))
        for number, deed in enumerate(forms, start=len(pages)):
            found.append(of_deed(visitor, deed, number, recordings[number], times))
            said(str(found[-1]))
        memory = memory_mb(server)
    return found, memory


def of_page(visitor: Visitor, page: Ask, number: int, recording: Recording, times: int) -> Figure:
    headers = page.headers or cookies(page.person)
    ours, floor, began = [], [], time.monotonic()
    for turn in range(WARM + times):
        answer = good(page.name, page.url, visitor.ask("GET", page.url, headers))
        beneath = good(page.name, "its floor", visitor.ask("GET", f"{FLOOR}{number}", {}))
        if turn >= WARM:
            ours.append(answer)
            floor.append(beneath)
        if ours and time.monotonic() - began > PATIENCE:
            break
    return Figure(page.name, ours, floor, recording)


def of_deed(visitor: Visitor, deed: Deed, number: int, recording: Recording, times: int) -> Figure:
    ours, floor, began = [], [], time.monotonic()
    known: dict[int, dict[str, str]] = {}
    for turn, press in enumerate(islice(deed.presses(), 1, 1 + WARM + times)):
        if press.page and press.person.pk not in known:
            known[press.person.pk] = cookies(press.person)
        headers, body = sent(visitor, press, known.get(press.person.pk, {}))
        answer = good(deed.name, press.url, visitor.ask("POST", press.url, {**headers, **deed.headers}, body))
        beneath = good(deed.name, "its floor", visitor.ask("GET", f"{FLOOR}{number}", {}))
        if turn >= WARM:
            ours.append(answer)
            floor.append(beneath)
        if ours and time.monotonic() - began > PATIENCE:
            break
    return Figure(deed.name, ours, floor, recording)


def good(name: str, url: str, answer: Answer) -> Answer:
    if answer.status >= http.HTTPStatus.BAD_REQUEST:
        raise SystemExit(f"{name}: {url} answers {answer.status}")
    return answer


def sent(visitor: Visitor, press: Press, signed: dict[str, str]) -> tuple[dict[str, str], str]:
    """What goes to the server: the form as it stands on its page, or what a program writes."""
    if not press.page:
        return {"Content-Type": "application/json"}, json.dumps(press.typed)
    text = visitor.ask("GET", press.page, signed).text
    data = typed(text, press) | {"csrfmiddlewaretoken": token(text)}
    cookie = f"{signed['Cookie']}; {settings.CSRF_COOKIE_NAME}={data['csrfmiddlewaretoken']}"
    return {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}, urlencode(data, doseq=True)


def token(text: str) -> str:
    """What a form of the page proves with that it comes from us."""
    return text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
