"""The one run that finds whose reminder has come and writes it into the ledger.

Safe to run twice at once and to kill at any point: each obligation is one transaction, and a conditional update of its
rung decides which run has it. Nothing is remembered outside the rows.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.db.models import F

from portal.notifications import registry
from portal.notifications.enums import WhyNot
from portal.notifications.kinds import Rung
from portal.notifications.ladder import falls_at
from portal.notifications.ledger import rows_for, write
from portal.notifications.models import Obligation

if TYPE_CHECKING:
    from datetime import datetime

    from portal.common.dates import Calendar
    from portal.notifications.kinds import ObligationKind

logger = logging.getLogger(__name__)

BATCH: Final = 100
#: A run ends by itself well before the time limit of its task.
LONGEST_RUN: Final = 40.0
LONGEST_PAUSE: Final = timedelta(days=1)


class Outcome(Enum):
    """What a run did with one obligation."""

    REMINDED = auto()
    ACTED = auto()
    HELD_BACK = auto()
    SETTLED = auto()
    MOVED = auto()
    TAKEN = auto()
    FAILED = auto()


@dataclass(slots=True)
class Sweep:
    """One run: what it counts, and the calendars it has read."""

    now: datetime
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    calendars: dict[int | None, Calendar] = field(default_factory=dict)

    def calendar_of(self, obligation: Obligation) -> Calendar:
        site = obligation.person.site_id
        if site not in self.calendars:
            self.calendars[site] = obligation.person.calendar()
        return self.calendars[site]


def sweep(*, now: datetime, limit: int = 1000) -> dict[Outcome, int]:
    """Fire the rungs that have come, the oldest first, and say how it went.

    Rungs missed while nothing ran fall together into the last of them: one reminder, not one for each day.
    """
    run = Sweep(now)
    began = monotonic()
    left = limit
    while left > 0 and monotonic() - began < LONGEST_RUN:
        batch = list(Obligation.objects.ripe(now=now).select_related("person", "person__site")[: min(left, BATCH)])
        if not batch:
            break
        for obligation in batch:
            run.counts[_safely(run, obligation)] += 1
        left -= len(batch)
    return run.counts


def _safely(run: Sweep, obligation: Obligation) -> Outcome:
    """One that cannot be handled is put off, ever longer, and the others go on."""
    try:
        return _climb(run, obligation)
    except Exception:
        logger.exception("obligation %s could not be swept", obligation.pk)
        pause = min(timedelta(minutes=2 ** min(obligation.failures, 11)), LONGEST_PAUSE)
        _claim(obligation, next_rung_at=run.now + pause, failures=F("failures") + 1)
        return Outcome.FAILED


@transaction.atomic
def _climb(run: Sweep, obligation: Obligation) -> Outcome:
    falls = [
        falls_at(Rung(**rung), obligation.due_at, obligation.person.zone, run.calendar_of(obligation))
        for rung in obligation.ladder
    ]
    numbers = range(obligation.next_rung, len(falls))
    missed = [number for number in numbers if (at := falls[number]) is not None and at <= run.now]
    if not missed:
        # The calendar or the zone changed since the rung was planned, or its day cannot be reached any more.
        comes_at = falls[obligation.next_rung] if numbers else None
        return Outcome.MOVED if _claim(obligation, next_rung_at=comes_at) else Outcome.TAKEN
    rung = missed[-1]
    following = falls[rung + 1] if rung + 1 < len(falls) else None
    if not _claim(obligation, next_rung=rung + 1, next_rung_at=following, failures=0):
        return Outcome.TAKEN
    kind = registry.obligation_kind(obligation.kind)
    if not kind.still_owed(obligation):
        # An action settles what it ends; this is for what ended otherwise.
        Obligation.objects.open().filter(pk=obligation.pk).update(settled_at=run.now)
        return Outcome.SETTLED
    acts = any(obligation.ladder[number].get("acts") for number in missed)
    if acts and kind.act is not None and kind.act(obligation, run.now):
        return Outcome.ACTED
    why_not = why_not_remind(obligation, kind)
    write(
        rows_for(
            obligation.person,
            now=run.now,
            why_not=why_not,
            obligation=obligation,
            rung=rung,
            object_id=obligation.object_id,
            project_id=obligation.project_id,
        )
    )
    return Outcome.HELD_BACK if why_not else Outcome.REMINDED


def why_not_remind(obligation: Obligation, kind: ObligationKind) -> WhyNot | str:
    """Why the person may not be told, or nothing."""
    if not obligation.person.is_active:
        return WhyNot.DEACTIVATED
    if not kind.visible_to(obligation, obligation.person):
        return WhyNot.NOT_VISIBLE
    return ""


def _claim(obligation: Obligation, **changes: Any) -> bool:
    """Change the row if it is as it was read: another run, a new date or a settlement wins otherwise."""
    as_read = Obligation.objects.open().filter(
        pk=obligation.pk, next_rung=obligation.next_rung, next_rung_at=obligation.next_rung_at
    )
    return as_read.update(**changes) == 1
