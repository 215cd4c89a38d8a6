"""The web server is killed under writes: what it has answered is there, and nothing is there by half."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from contextlib import ExitStack
from http.client import HTTPException
from typing import TYPE_CHECKING, Self

import pytest

from tests.processes.running import Browser, asked, children_of, free_port, run, served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(600)]

KILLS = int(os.environ.get("SERVER_KILLS", "50"))
WRITERS = 4
#: Projects, what each of them must have beside it, and the rows that would belong to none.
STORED = """
import json
from django.db import connection
from portal.accounts.models import FormKey
from portal.audit.models import AuditEntry
from projects.models import BenefitLine, CostLine, Option, Project
begun = AuditEntry.objects.filter(verb="project.begun").values_list("project_id", flat=True)
damage = []
if connection.vendor == "sqlite":
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        damage += [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        damage += [repr(row) for row in cursor.fetchall()]
print(json.dumps({
    "damage": damage,
    "titles": sorted(Project.objects.values_list("title", flat=True)),
    "projects": sorted(Project.objects.values_list("pk", flat=True)),
    "begun": sorted(begun),
    "options": sorted(Option.objects.values_list("project", flat=True)),
    "keys": FormKey.objects.exclude(location="").count(),
    "open keys": FormKey.objects.filter(location="").count(),
}))
"""


class Writers:
    """People who begin projects one after the other, and note which of them the server has said yes to."""

    def __init__(self, port: int, sessions: list[str]) -> None:
        self.port, self.sessions = port, sessions
        self.sent: list[str] = []
        self.acknowledged: list[str] = []
        self.odd: list[tuple[int, str]] = []
        self.stopped = threading.Event()
        self.threads = [threading.Thread(target=self.write, args=(who,)) for who in range(len(sessions))]

    def write(self, who: int) -> None:
        browser, number = Browser(self.port, self.sessions[who], timeout=10), 0
        while not self.stopped.is_set():
            number += 1
            title = f"Writer {who} number {number}"
            self.sent.append(title)
            try:
                answer = browser.post("/projects/new/", title=title, _key=title)
            except (OSError, HTTPException):
                time.sleep(0.05)  # it was killed before it could answer
                continue
            if answer.status == 302:
                self.acknowledged.append(title)
            else:
                self.odd.append((answer.status, answer.text[:300]))

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()


class Server:
    """The web server; what is killed comes back: its worker by the master, the master by whoever watches over it."""

    def __init__(self, variables: Variables, folder: Path, port: int) -> None:
        self.arguments = (variables, folder, port)
        self.stack = ExitStack()

    def __enter__(self) -> Self:
        self.process = self.stack.enter_context(served(*self.arguments))
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stack.close()

    def kill(self, *, with_master: bool) -> None:
        if with_master:
            self.stack.close()
            self.__enter__()
        else:
            for pid in children_of(self.process):
                os.kill(pid, signal.SIGKILL)


def test_each_acknowledged_write_is_there_however_often_the_server_is_killed(
    web_variables: Variables, tmp_path: Path
) -> None:
    sessions = json.loads(run(web_variables, "-m", "tests.processes.people", str(WRITERS)))
    chance, port, since = random.Random(7), free_port(), 0  # noqa: S311 -- a chance that repeats

    server = Server(web_variables | {"WEB_CONCURRENCY": "1"}, tmp_path, port)
    with Writers(port, sessions) as writers, server:
        for number in range(KILLS):
            end = time.monotonic() + 30
            while len(writers.acknowledged) == since and time.monotonic() < end:
                time.sleep(0.01)
            assert len(writers.acknowledged) > since, (tmp_path / "web.log").read_text()[-3000:]
            time.sleep(chance.uniform(0, 0.3))
            server.kill(with_master=number % 5 == 4)
            since = len(writers.acknowledged)

    found = asked(web_variables, STORED)
    assert found["damage"] == []
    assert writers.odd == []
    assert set(writers.acknowledged) - set(found["titles"]) == set()
    assert set(found["titles"]) - set(writers.sent) == set()
    assert len(found["titles"]) == len(set(found["titles"]))
    assert found["projects"] == found["begun"] == sorted(set(found["options"]))
    assert (found["keys"], found["open keys"]) == (len(found["projects"]), 0)
