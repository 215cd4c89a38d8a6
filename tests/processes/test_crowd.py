"""Many at once on one SQLite file, with worker and beat beside them; and clients that hold connections and say nothing."""

from __future__ import annotations

import json
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.processes.crowd import Crowd, percentile
from tests.processes.running import Browser, free_port, run, served, started, worker_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(300)]

WRITERS = READERS = 20
SECONDS = 40
#: Each of them does something every four seconds: more than people do, and as much as two cores answer.
PAUSE = 4.0


def test_forty_people_and_the_worker_share_one_file(variables: Variables, mail_sink: MailSink, tmp_path: Path) -> None:
    run(variables, "-m", "tests.processes.seed", "30", "5")
    sessions = json.loads(run(variables, "-m", "tests.processes.people", str(WRITERS + READERS)))
    port = free_port()
    worker = worker_command("one", "-B", "-P", "solo", "-s", str(tmp_path / "schedule"))
    with (
        served(variables, tmp_path, port),
        started(worker, variables, tmp_path / "worker.log"),
        Crowd(port, sessions, writers=WRITERS, pause=PAUSE) as crowd,
    ):
        time.sleep(SECONDS)

    log = crowd.log
    said = (tmp_path / "web.log").read_text() + (tmp_path / "worker.log").read_text()
    assert log.lost == []
    assert set(log.statuses()) == {200, 302}
    assert "database is locked" not in said
    assert "Traceback" not in said
    assert min(len(log.reads), len(log.writes)) > 50
    assert percentile(log.writes, 0.99) < 2
    assert len(mail_sink.kept.mails) == 150


def test_two_hundred_connections_that_say_nothing_keep_nobody_out(variables: Variables, tmp_path: Path) -> None:
    session = json.loads(run(variables, "-m", "tests.processes.people", "1"))[0]
    port = free_port()
    with served(variables, tmp_path, port), ExitStack() as stack:
        pm, slow = Browser(port, session), []
        for _ in range(200):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            one.sendall(b"GET /projects/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            slow.append(one)
        took = []
        for _ in range(5):
            for one in slow:
                one.sendall(b"a")
            alive, page = pm.get("/health/live"), pm.get("/projects/")
            assert (alive.status, page.status) == (200, 200)
            took.append(alive.seconds)
            time.sleep(0.5)

    assert max(took) < 1
