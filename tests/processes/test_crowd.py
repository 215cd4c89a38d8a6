"""Many at once on one SQLite file, with worker and beat beside them."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from tests.processes.crowd import Crowd, percentile
from tests.processes.running import free_port, is_machine_free, run, served, started, worker_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(300)]

WRITERS = READERS = 20
SECONDS = 40
#: Each of them does something every six seconds: more than people do, and as much as two cores answer.
PAUSE = 6.0


def test_forty_people_and_the_worker_share_one_file(
    web_variables: Variables, mail_sink: MailSink, tmp_path: Path
) -> None:
    run(web_variables, "-m", "tests.processes.seed", "30", "5")
    sessions = json.loads(run(web_variables, "-m", "tests.processes.people", str(WRITERS + READERS)))
    port = free_port()
    worker = worker_command("one", "-B", "-P", "solo", "-s", str(tmp_path / "schedule"))
    with (
        served(web_variables, tmp_path, port),
        started(worker, web_variables, tmp_path / "worker.log"),
        Crowd(port, sessions, writers=WRITERS, pause=PAUSE) as crowd,
    ):
        time.sleep(SECONDS)

    log = crowd.log
    said = (tmp_path / "web.log").read_text() + (tmp_path / "worker.log").read_text()
    assert log.lost == []
    assert set(log.statuses()) == {200, 302}
    assert "database is locked" not in said
    assert "Traceback" not in said
    assert min(len(log.reads), len(log.writes)) > 20
    assert percentile(log.writes, 0.99) < (2 if is_machine_free() else 20)
    assert len(mail_sink.kept.mails) == 150
