"""What else may lie in the queue, or happen to a worker that takes it: pickles, tasks that never end, a signal."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.processes.running import beat_command, run, started, wait_until, worker_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(240)]

#: Unpickling it would make the file.
PICKLE = """
import pickle, sys
from kombu import Producer
from portal.celery import app

class Bomb:
    def __reduce__(self):
        return (open, (sys.argv[1], "w"))

with app.connection_for_write() as connection:
    producer = Producer(connection.channel())
    queue = app.amqp.queues["celery"]
    for body in (pickle.dumps(((Bomb(),), {}, {})), b"\\x80\\x04 no pickle at all"):
        producer.publish(
            body, routing_key=queue.routing_key, exchange=queue.exchange, declare=[queue],
            content_type="application/x-python-serialize", content_encoding="binary",
            headers={"task": "portal.notifications.tasks.sweep", "id": "1", "lang": "py"},
        )
"""
SEND = "from portal.celery import app; app.send_task({!r}, args={!r})"
ASIDE = ("-I", "tests.processes.bad_tasks")


def test_a_pickle_in_the_queue_is_not_opened_and_the_worker_goes_on(
    variables: Variables, mail_sink: MailSink, tmp_path: Path
) -> None:
    run(variables, "-m", "tests.processes.seed", "2")
    run(variables, "-c", PICKLE, str(tmp_path / "opened"))
    log = tmp_path / "worker.log"

    with started(worker_command("one", "-P", "solo", "-B", "-s", str(tmp_path / "schedule")), variables, log):
        wait_until(lambda: len(mail_sink.kept.mails) == 2, lambda: log.read_text()[-3000:])

    assert not (tmp_path / "opened").exists()
    assert "ContentDisallowed" in log.read_text() or "Refusing to deserialize" in log.read_text()


def test_a_task_that_never_ends_is_ended_and_the_rest_goes_on(
    variables: Variables, mail_sink: MailSink, tmp_path: Path
) -> None:
    run(variables, "-m", "tests.processes.seed", "2")
    run(variables, "-c", SEND.format("tests.processes.bad_tasks.loop", []))
    log = tmp_path / "worker.log"
    options = ("-P", "prefork", "-c", "1", *ASIDE)

    with started(worker_command("one", *options, application="tests.processes.short_limits"), variables, log):
        wait_until((tmp_path / "looping").exists, lambda: log.read_text()[-3000:])
        with started(beat_command(tmp_path), variables, tmp_path / "beat.log"):
            wait_until(lambda: len(mail_sink.kept.mails) == 2, lambda: log.read_text()[-3000:])

    assert "Hard time limit (4s) exceeded" in log.read_text()


def test_a_worker_that_is_told_to_end_ends_what_it_does_first(variables: Variables, tmp_path: Path) -> None:
    run(variables, "-c", SEND.format("tests.processes.bad_tasks.slow", [6]))
    log = tmp_path / "worker.log"

    with started(worker_command("one", "-P", "prefork", "-c", "1", *ASIDE), variables, log) as worker:
        wait_until((tmp_path / "began").exists, lambda: log.read_text()[-3000:])
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=90) == 0, log.read_text()[-3000:]
        took = time.monotonic() - began

    assert (tmp_path / "ended").exists()
    assert took < 30
