"""The same deed in two processes at the same moment, which share nothing but the database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from projects.enums import Stage, StepState
from projects.models import Project
from tests.factories.projects import NOW, cast, draft, pending_step, submitted
from tests.races.racing import MANY_ROUNDS, happened
from tests.races.test_decisions import mails_about

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.process,
    pytest.mark.proof,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

ROOT = Path(__file__).resolve().parents[2]
YES, NO = StepState.APPROVED, StepState.DECLINED


class Approver:
    """One of them, and how to talk to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.to: IO[str] = process.stdin  # type: ignore[assignment] # it has pipes
        self.out: IO[str] = process.stdout  # type: ignore[assignment] # as above

    def tell(self, step: int, moment: float, decision: StepState) -> None:
        self.to.write(f"{step} {moment} {NOW.isoformat()} {decision.value}\n")
        self.to.flush()

    def said(self) -> str:
        return self.out.readline().strip()


@pytest.fixture
def approvers() -> Iterator[list[Approver]]:
    """Two of them on the database of the test."""
    name = str(connection.settings_dict["NAME"])
    given = os.environ.get("DATABASE_URL", "")
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else urlsplit(given)._replace(path=f"/{name}").geturl()
    variables = os.environ | {
        "DATABASE_URL": url,
        "VAR_DIR": str(settings.VAR_DIR),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    with ExitStack() as stack:
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.races.approver"],
                cwd=ROOT,
                env=variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for process in processes:
            stack.enter_context(process)  # closes its pipes, at which it ends, and waits for it
        found = [Approver(process) for process in processes]
        assert [one.said() for one in found] == ["ready", "ready"]
        yield found


@pytest.mark.parametrize("decisions", [(YES, YES), (YES, NO)], ids=["yes and yes", "yes and no"])
def test_a_project_is_decided_once(approvers: list[Approver], decisions: tuple[StepState, StepState]) -> None:
    people, first = cast(), 0
    for number in range(MANY_ROUNDS):
        project = submitted(draft(people))
        step, moment = pending_step(project), time.monotonic() + 0.05
        turns = approvers if number % 2 else approvers[::-1]
        for approver, decision in zip(turns, decisions, strict=True):
            approver.tell(step.pk, moment, decision)
        said = [approver.said() for approver in turns]

        (won,) = (word for word in said if word != "IllegalStateError")
        project = Project.objects.get(pk=project.pk)
        is_yes = won == YES
        first += said[0] == won
        assert project.stage == (Stage.APPROVED if is_yes else Stage.DECLINED)
        assert happened(project, "approval.approved", "approval.declined") == [f"approval.{won}"]
        assert project.grants.count() == int(is_yes)
        assert project.stage_changes.count() == 2
        assert mails_about("decided", project) == 1
    assert 0 < first < MANY_ROUNDS or MANY_ROUNDS < 10  # neither was always the faster one
