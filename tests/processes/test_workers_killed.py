"""A sweep of many reminders, during which worker, its child and beat are killed at random; and a queue that is emptied.

On the queue of files and on a real Redis: rows are the truth on both.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import pytest

from tests.processes.running import (
    beat_command,
    children_of,
    free_port,
    run,
    started,
    wait_until,
    worker_command,
)
from tests.processes.test_reminders import COUNT, LAPSE
from tools import redis

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from tests.processes.mail_sink import MailSink
    from tests.processes.running import Variables

PEOPLE, EACH = 50, 10
REMINDERS = PEOPLE * EACH
KILLS = 10

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(600)]


@pytest.fixture
def redis_server() -> Iterator[redis.Server]:
    if redis.missing():
        words = f"no redis-server found: {redis.BY_HAND}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    with redis.Server(free_port()) as server:
        yield server


@pytest.fixture(params=["files", "redis"])
def queue(request: pytest.FixtureRequest, variables: Variables) -> Variables:
    """The environment with each of the two queues."""
    if request.param == "files":
        return variables
    return variables | {"CELERY_BROKER_URL": request.getfixturevalue("redis_server").url}


class Crew:
    """One worker with a child, and beat beside them; whoever is killed is started again, as a supervisor does."""

    def __init__(self, variables: Variables, folder: Path) -> None:
        self.variables, self.folder = variables, folder
        self.stacks = {"worker": ExitStack(), "beat": ExitStack()}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for name in self.stacks:
            self.start(name)
        return self

    def __exit__(self, *_exception: object) -> None:
        for stack in self.stacks.values():
            stack.close()

    def start(self, name: str) -> None:
        command = worker_command("one", "-P", "prefork", "-c", "1") if name == "worker" else beat_command(self.folder)
        log = self.folder / f"{name}.log"
        self.processes[name] = self.stacks[name].enter_context(started(command, self.variables, log))

    def kill(self, who: str) -> None:
        if who == "child":
            for pid in children_of(self.processes["worker"]):
                os.kill(pid, signal.SIGKILL)
            return
        self.processes[who].kill()
        # The orphan of a killed worker may go on for a moment: it is what really happens, and harms nobody.
        time.sleep(0.2)
        self.stacks[who].close()
        self.start(who)


def test_each_reminder_arrives_though_ten_times_somebody_is_killed(
    queue: Variables, mail_sink: MailSink, tmp_path: Path
) -> None:
    run(queue, "-m", "tests.processes.seed", str(PEOPLE), str(EACH))
    mails, chance = mail_sink.kept.mails, random.Random(11)  # noqa: S311 -- a chance that repeats
    victims = ["worker", "child", "beat", "worker", "child", "beat", "child", "worker", "child", "worker"]
    chance.shuffle(victims)
    assert len(victims) == KILLS

    with Crew(queue, tmp_path) as crew:
        for number, victim in enumerate(victims):
            enough = (number + 1) * REMINDERS // (KILLS + 4)
            wait_until(lambda: len(mails) >= enough, lambda: f"{len(mails)} mails, {victims}, {logs(tmp_path)}")  # noqa: B023 -- asked at once
            time.sleep(chance.uniform(0, 0.3))
            crew.kill(victim)
        lost = REMINDERS - KILLS
        wait_until(lambda: len(arrived(mails)) >= lost, lambda: f"{len(mails)} mails; {logs(tmp_path)}")
        time.sleep(5)
        run(queue, "-c", LAPSE)
        wait_until(
            lambda: len(arrived(mails)) == REMINDERS,
            lambda: f"{len(mails)} mails; {run(queue, '-c', COUNT)}; {logs(tmp_path)}",
        )
        time.sleep(3)  # more ticks: nothing may be sent again

    check(queue, mails)


def test_a_queue_that_is_emptied_costs_nothing(queue: Variables, mail_sink: MailSink, tmp_path: Path) -> None:
    few = 40
    run(queue, "-m", "tests.processes.seed", str(few))
    mails = mail_sink.kept.mails

    with Crew(queue, tmp_path):
        wait_until(lambda: len(mails) >= few // 4, lambda: logs(tmp_path))
        for _ in range(3):
            run(queue, "-m", "celery", "-A", "portal", "purge", "-f")
        wait_until(lambda: len(arrived(mails)) == few, lambda: f"{len(mails)} mails; {logs(tmp_path)}")

    assert len(mails) == few


def arrived(mails: list[tuple[str, str]]) -> set[str]:
    """The mails, told apart by their ids: one that comes twice counts once."""
    return {message_id for _person, message_id in list(mails)}


def check(variables: Variables, mails: list[tuple[str, str]]) -> None:
    """None is left out; what came twice was on its way when somebody was killed."""
    once = set(mails)
    assert Counter(person for person, _id in once) == {f"p{number}@demo.example": EACH for number in range(PEOPLE)}
    assert len(arrived(mails)) == REMINDERS
    assert len(mails) - REMINDERS <= KILLS
    assert run(variables, "-c", COUNT).strip() == str([("inbox", "sent", REMINDERS), ("mail", "sent", REMINDERS)])


def logs(folder: Path) -> str:
    return "\n".join(path.read_text()[-1500:] for path in sorted(folder.glob("*.log")))
