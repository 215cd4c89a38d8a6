"""The queue goes away while people work: nobody waits for it, nothing is lost, and what is owed arrives when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.processes.running import (
    Browser,
    beat_command,
    free_port,
    run,
    served,
    started,
    wait_until,
    worker_command,
)
from tests.processes.test_workers_killed import redis_server  # noqa: F401 -- a fixture

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables
    from tools import redis

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(240)]


def test_a_queue_that_is_gone_keeps_nobody_waiting_and_what_is_owed_arrives_when_it_is_back(
    web_variables: Variables,
    mail_sink: MailSink,
    tmp_path: Path,
    redis_server: redis.Server,  # noqa: F811 -- as above
) -> None:
    there = web_variables | {"CELERY_BROKER_URL": redis_server.url}
    port, log = free_port(), tmp_path / "worker.log"
    mails = mail_sink.kept.mails
    with (
        served(there, tmp_path, port),
        started(worker_command("one", "-P", "solo"), there, log),
        started(beat_command(tmp_path), there, tmp_path / "beat.log"),
    ):
        somebody = Browser(port)
        shown = [somebody.get("/password/reset/") for _ in range(3)][-1]
        redis_server.stop()
        run(there, "-m", "tests.processes.seed", "5")
        asked_for = somebody.post("/password/reset/", email="p1@demo.example")
        assert mails == []

        redis_server.start()
        wait_until(lambda: len(mails) == 5, lambda: f"{mails} {log.read_text()[-3000:]}", seconds=60)

    assert asked_for.status == 200
    assert asked_for.seconds < 1 + 3 * shown.seconds  # a second for the queue that is not there, the rest for the page
    assert len({message_id for _person, message_id in mails}) == 5
