"""Deeds against each other: each in a thread and a connection of its own, let go at the same moment."""

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from portal.audit.models import AuditEntry
from projects.models import Project

#: More of them find rarer orders: `make proof` sets more, RACE_ROUNDS=1000 is for a night.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "3"))
#: For the decisions that everything hangs on: a hundred in the proof.
MANY_ROUNDS = ROUNDS * 5 if ROUNDS >= 20 else ROUNDS
WAIT = 20

#: What every test here is: on committed rows, and with time for all its rounds.
RACES = [pytest.mark.race, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120 + 10 * ROUNDS)]


def race(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed returned, or the exception it raised, in the order in which they were given."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(WAIT)
            return deed()
        except Exception as error:  # noqa: BLE001 -- which one it is, is what the test asks
            return error
        finally:
            connection.close()

    with often_switched(), ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


@contextmanager
def often_switched() -> Iterator[None]:
    """Let the threads take turns after every few steps, so that they really run through each other."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def outcome(results: list[Any]) -> list[type[Exception] | None]:
    """Which kind of exception each deed ended with; None for those that were done."""
    return [type(result) if isinstance(result, Exception) else None for result in results]


def one_won(results: list[Any], loses_with: type[Exception]) -> Any:
    """The result of the only deed that was done, if all others were refused in that way."""
    winners = [result for result in results if not isinstance(result, Exception)]
    losers = [result for result in results if isinstance(result, Exception)]
    assert len(winners) == 1, results
    assert {type(loser) for loser in losers} == {loses_with}, results
    return winners[0]


def happened(project: Project, *verbs: str) -> list[str]:
    """Those of the verbs that the audit record has, in the order in which they were done."""
    return list(AuditEntry.objects.filter(project_id=project.pk, verb__in=verbs).values_list("verb", flat=True))
