"""Many people at once who each do one thing after the other, with the pauses of people; what they were answered is kept."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING, Self

from tests.processes.running import Answer, Browser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PAGES = ("/", "/projects/", "/projects/?q=writer", "/risks/", "/lessons/", "/search/?q=writer", "/inbox/", "/weekly/")


@dataclass
class Log:
    """What was asked and what came of it; threads only append."""

    reads: list[Answer] = field(default_factory=list)
    writes: list[Answer] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def statuses(self) -> dict[int, int]:
        counted: dict[int, int] = {}
        for answer in (*self.reads, *self.writes):
            counted[answer.status] = counted.get(answer.status, 0) + 1
        return counted


def percentile(answers: Sequence[Answer], share: float) -> float:
    """Seconds within which so large a share was answered."""
    times = sorted(answer.seconds for answer in answers)
    return times[min(int(len(times) * share), len(times) - 1)]


class Crowd:
    """Readers and writers, one thread and one session each, until the block ends."""

    def __init__(self, port: int, sessions: Sequence[str], *, writers: int, pause: float) -> None:
        self.port, self.pause, self.log = port, pause, Log()
        self.stopped = threading.Event()
        deeds = [self.write if who < writers else self.read for who in range(len(sessions))]
        self.threads = [
            threading.Thread(target=self.live, args=(who, session, deed))
            for who, (session, deed) in enumerate(zip(sessions, deeds, strict=True))
        ]

    def live(self, who: int, session: str, deed: Callable[[Browser, int, int], None]) -> None:
        browser, chance = Browser(self.port, session), random.Random(who)  # noqa: S311 -- a chance that repeats
        number = 0
        # They do not come all at the same moment.
        while not self.stopped.wait(chance.uniform(0.5, 1.5) * self.pause):
            number += 1
            try:
                deed(browser, who, number)
            except (OSError, HTTPException) as error:
                self.log.lost.append(f"{type(error).__name__}: {error}")

    def read(self, browser: Browser, who: int, number: int) -> None:
        self.log.reads.append(browser.get(PAGES[(who + number) % len(PAGES)]))

    def write(self, browser: Browser, who: int, number: int) -> None:
        title = f"Writer {who} number {number}"
        self.log.writes.append(browser.post("/projects/new/", title=title, _key=f"{time.time()}-{title}"))

    def __enter__(self) -> Self:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stopped.set()
        for thread in self.threads:
            thread.join()
