"""`migrate` is killed in the middle: each migration is there whole or not at all, and the next run does the rest."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.processes.running import ROOT, asked, environment, run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(900)]

APPLIED = """
import json
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
print(json.dumps(sorted(map(list, MigrationRecorder(connection).applied_migrations()))))
"""


def test_what_a_killed_migration_left_is_finished_by_the_next(empty_database_url: str, tmp_path: Path) -> None:
    variables, begun = environment(tmp_path, empty_database_url), []
    for number in range(3):
        before = set(map(tuple, asked(variables, APPLIED)))
        killed_while_migrating(variables, tmp_path / f"said-{number}", after=2 + 6 * number)
        begun.append(set(map(tuple, asked(variables, APPLIED))))
        assert before <= begun[-1]

    run(variables, "manage.py", "migrate", "--verbosity", "0")

    assert begun[-1] < set(map(tuple, asked(variables, APPLIED)))
    run(variables, "manage.py", "migrate", "--check")
    run(variables, "-m", "tests.processes.seed", "2")  # which uses what they have made


def killed_while_migrating(variables: Variables, log: Path, *, after: int) -> None:
    """Killed while one of them runs, once so many have been done in this run."""
    command = [sys.executable, "-u", "manage.py", "migrate", "--no-color"]
    with log.open("wb") as output, subprocess.Popen(command, cwd=ROOT, env=variables, stdout=output) as process:
        while process.poll() is None and log.read_text().count(" OK") < after:
            time.sleep(0.01)
        time.sleep(0.02)
        process.kill()
