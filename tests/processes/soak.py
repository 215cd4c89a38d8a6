"""`make soak`: the portal under a crowd for an hour (MINUTES=60), its memory and its open files watched. By hand: it is long.

On a database and in a folder of its own, SQLite unless DATABASE_URL names an empty PostgreSQL. After the first quarter,
which warms it up, memory may grow by less than 5 MB in an hour, and open files not at all. Exit code 1 where they do.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tests.processes.crowd import Crowd, percentile
from tests.processes.running import children_of, environment, free_port, run, served, started, worker_command

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

MOST_GROWTH: Final = 5.0
#: A connection or a log more or less is no leak.
MOST_FILES: Final = 8
PEOPLE, WRITERS, PAUSE = 12, 4, 1.5
SAMPLE_EVERY = 10


@dataclass(frozen=True)
class Sample:
    """Of one process tree: megabytes that are its own, and open files."""

    at: float
    megabytes: float
    files: int


def sample(process: subprocess.Popen[bytes], began: float) -> Sample:
    pids = [process.pid, *children_of(process)]
    return Sample(time.monotonic() - began, sum(map(own_memory, pids)), sum(map(open_files, pids)))


def own_memory(pid: int) -> float:
    """What the process does not share with others, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def open_files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def growth(samples: Sequence[Sample]) -> float:
    """MB in an hour, by the straight line through them."""
    slope, _start = statistics.linear_regression([one.at / 3600 for one in samples], [one.megabytes for one in samples])
    return slope


def is_steady(name: str, samples: Sequence[Sample]) -> bool:
    """Print how it went, and say whether it stayed as it was once warm."""
    warm = [one for one in samples if one.at > samples[-1].at / 4]
    slope = growth(warm)
    third = max(len(warm) // 3, 1)
    files = statistics.median(one.files for one in warm[-third:]) - statistics.median(one.files for one in warm[:third])
    say(
        f"{name}: {warm[0].megabytes:.1f} MB when warm, {warm[-1].megabytes:.1f} MB at the end,"
        f" {slope:+.1f} MB an hour; open files {files:+.0f} (now {warm[-1].files})"
    )
    return slope < MOST_GROWTH and files <= MOST_FILES


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def watch(minutes: float, folder: Path) -> bool:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/foresight.sqlite3"
    variables = environment(folder, url, EMAIL_URL=f"filemail:///{folder}/mail")
    say("making tables and people")
    for command in (["migrate"], ["collectstatic", "--noinput"]):
        run(variables, "manage.py", *command, "--verbosity", "0")
    run(variables, "-m", "tests.processes.seed", "20", "2")
    sessions = json.loads(run(variables, "-m", "tests.processes.people", str(PEOPLE)))
    port, samples = free_port(), {"web": list[Sample](), "worker": list[Sample]()}
    with ExitStack() as stack:
        web = stack.enter_context(served(variables, folder, port))
        options = ("-B", "-P", "solo", "-s", str(folder / "schedule"))
        worker = stack.enter_context(started(worker_command("one", *options), variables, folder / "worker.log"))
        crowd = stack.enter_context(Crowd(port, sessions, writers=WRITERS, pause=PAUSE))
        say(f"{PEOPLE} people for {minutes:g} minutes on {url.partition(':')[0]}")
        began = time.monotonic()
        while time.monotonic() - began < minutes * 60:
            time.sleep(SAMPLE_EVERY)
            samples["web"].append(sample(web, began))
            samples["worker"].append(sample(worker, began))
    log = crowd.log
    say(f"answers {log.statuses()}, lost {len(log.lost)}")
    for name, answers in (("pages", log.reads), ("writes", log.writes)):
        say(f"{name}: {len(answers)}, p95 {percentile(answers, 0.95):.2f} s, p99 {percentile(answers, 0.99):.2f} s")
    steady = [is_steady(name, of_it) for name, of_it in samples.items()]
    return all(steady) and not log.lost and set(log.statuses()) <= {200, 302}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return 0 if watch(options.minutes, Path(folder)) else 1


if __name__ == "__main__":
    sys.exit(main())
