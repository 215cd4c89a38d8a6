"""Many at once, with worker and beat beside them: on one SQLite file, and on PostgreSQL as a company has it."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from tests.processes.crowd import Crowd, Log, percentile
from tests.processes.running import free_port, is_machine_free, run, served, started, wait_until, worker_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(300)]

SECONDS = 40
#: Who is reminded meanwhile, and of how much.
PEOPLE, MAILS = 30, 150
#: Each of them does something every six seconds: more than people do, and as much as two cores answer.
PAUSE = 6.0


def crowded(variables: Variables, mail_sink: MailSink, folder: Path, *, writers: int, readers: int) -> tuple[Log, str]:
    """What they were answered, and all that the processes said. Nobody is refused, and every mail arrives meanwhile."""
    run(variables, "-m", "tests.processes.seed", str(PEOPLE), str(MAILS // PEOPLE))
    sessions = json.loads(run(variables, "-m", "tests.processes.people", str(writers + readers)))
    port = free_port()
    worker = worker_command("one", "-B", "-P", "solo", "-s", str(folder / "schedule"))
    with served(variables, folder, port), started(worker, variables, folder / "worker.log"):
        with Crowd(port, sessions, writers=writers, pause=PAUSE) as crowd:
            time.sleep(SECONDS)
        wait_until(lambda: len(mail_sink.kept.mails) >= MAILS, lambda: f"{len(mail_sink.kept.mails)} mails arrived")

    said = (folder / "web.log").read_text() + (folder / "worker.log").read_text()
    assert crowd.log.lost == []
    assert set(crowd.log.statuses()) == {200, 302}
    assert "Traceback" not in said
    assert len(mail_sink.kept.mails) == MAILS
    return crowd.log, said


@pytest.mark.one_database
def test_forty_people_and_the_worker_share_one_file(
    web_variables: Variables, mail_sink: MailSink, tmp_path: Path
) -> None:
    log, said = crowded(web_variables, mail_sink, tmp_path, writers=20, readers=20)

    assert "database is locked" not in said
    assert min(len(log.reads), len(log.writes)) > 20
    assert percentile(log.writes, 0.99) < (2 if is_machine_free() else 20)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has its own")
def test_fifty_people_on_postgresql(web_variables: Variables, mail_sink: MailSink, tmp_path: Path) -> None:
    log, _said = crowded(web_variables, mail_sink, tmp_path, writers=5, readers=45)

    both = [*log.reads, *log.writes]
    found = f"p95 {percentile(both, 0.95):.2f} s, p99 {percentile(both, 0.99):.2f} s of {len(both)}"
    limits = (0.5, 1.5) if is_machine_free(0.5) else (20, 30)  # half a core is what the crowd itself may take
    assert (percentile(both, 0.95) < limits[0], percentile(both, 0.99) < limits[1]) == (True, True), found
