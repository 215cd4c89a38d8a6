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
from portal.notifications.enums import Pace, Reach, WhyNot
from portal.notifications.kinds import Rung, pace_of
from portal.notifications.ladder import falls, next_morning, turn_of
from portal.notifications.ledger import rows_for, write
from portal.notifications.models import Obligation
from portal.notifications.quiet import quiet_until

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User
    from portal.common.dates import Calendar
    from portal.notifications.kinds import ObligationKind

logger = logging.getLogger(__name__)

BATCH: Final = 100
#: What lies in the inbox whatever its reader switched off: the notice, because nobody else may hear of a thing before he
#: could, and the manager's step, because he is said to hear of it then.
CERTAIN: Final = frozenset({Reach.NOTICE, Reach.MANAGER})
#: A run ends by itself well before the time limit of its task.
LONGEST_RUN: Final = 40.0
LONGEST_PAUSE: Final = timedelta(days=1)


class Outcome(Enum):
    """What a run did with one obligation."""

    REMINDED = auto()
    TOLD_MANAGER = auto()
    ACTED = auto()
    HELD_BACK = auto()
    SETTLED = auto()
    MOVED = auto()
    TAKEN = auto()
    FAILED = auto()


@dataclass(slots=True)
class Sweep:
    """One run, and what it counts."""

    now: datetime
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))


def sweep(*, now: datetime, limit: int = 1000) -> dict[Outcome, int]:
    """Fire the rungs that have come, the oldest first, and say how it went.

    Rungs missed while nothing ran fall together into the last of them: one reminder, not one for each day.
    """
    run = Sweep(now)
    began = monotonic()
    left = limit
    while left > 0 and monotonic() - began < LONGEST_RUN:
        batch = list(
            Obligation.objects.ripe(now=now).select_related("person__site", "person__manager__site")[: min(left, BATCH)]
        )
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


def rungs_of(obligation: Obligation) -> list[Rung]:
    """The ladder that was copied onto it."""
    return [Rung(**rung) for rung in obligation.ladder]


def planned_falls(obligation: Obligation, calendar: Calendar) -> list[datetime | None]:
    """When each of its rungs falls, as things stand: what the sweep goes by, and what pages foretell."""
    return falls(rungs_of(obligation), obligation.due_at, obligation.noticed_at, obligation.person.zone, calendar)


@transaction.atomic
def _climb(run: Sweep, obligation: Obligation) -> Outcome:
    ladder, planned = rungs_of(obligation), planned_falls(obligation, obligation.person.calendar())
    numbers = range(obligation.next_rung, len(planned))
    come = [number for number in numbers if (at := planned[number]) is not None and at <= run.now]
    if not come:
        # The calendar or the zone changed since the rung was planned, or its day cannot be reached any more.
        comes_at = planned[obligation.next_rung] if numbers else None
        return Outcome.MOVED if _claim(obligation, next_rung_at=comes_at) else Outcome.TAKEN
    rung = turn_of(ladder, come)
    following = _following(run, obligation, planned, rung)
    kind = registry.obligation_kind(obligation.kind)
    acts = kind.act is not None and any(ladder[number].acts for number in come)
    if not acts and (end := _silent_until(run, obligation, ladder[rung], kind)):
        return Outcome.MOVED if _claim(obligation, next_rung_at=end) else Outcome.TAKEN
    if acts and obligation.project_id is not None:
        # In the order of every other action, the project before what is owed: two that wait for each other would fall.
        registry.directory().hold(obligation.project_id)
    if not _claim(obligation, next_rung=rung + 1, next_rung_at=following, failures=0):
        return Outcome.TAKEN
    return _fire(run, obligation, rung, kind, acts=acts)


def _fire(run: Sweep, obligation: Obligation, rung: int, kind: ObligationKind, *, acts: bool) -> Outcome:
    if not kind.still_owed(obligation):
        # An action settles what it ends; this is for what ended otherwise.
        Obligation.objects.open().filter(pk=obligation.pk).update(settled_at=run.now)
        return Outcome.SETTLED
    if acts and kind.act is not None and kind.act(obligation, run.now):
        return Outcome.ACTED
    if obligation.ladder[rung].get("reach") == Reach.MANAGER:
        return _tell_manager(run, obligation, rung, kind)
    return _tell_person(run, obligation, rung, kind)


def _silent_until(run: Sweep, obligation: Obligation, rung: Rung, kind: ObligationKind) -> datetime | None:
    """The end of the quiet hours of whom the rung reaches, if it has come in them."""
    person = obligation.person.manager if rung.reach == Reach.MANAGER else obligation.person
    if person is None or pace_of(kind, rung.reach) == Pace.AT_ONCE:
        return None
    return quiet_until(person, run.now)


def _following(run: Sweep, obligation: Obligation, planned: list[datetime | None], rung: int) -> datetime | None:
    """When the next rung comes; one that lies behind already waits for a morning of its own."""
    at = planned[rung + 1] if rung + 1 < len(planned) else None
    if at is None or at > run.now:
        return at
    return next_morning(run.now, obligation.person.zone, obligation.person.calendar())


def _tell_person(run: Sweep, obligation: Obligation, rung: int, kind: ObligationKind) -> Outcome:
    why_not = why_not_remind(obligation, kind, obligation.person)
    _tell(run, obligation, rung, obligation.person, why_not)
    if why_not:
        return Outcome.HELD_BACK
    if obligation.ladder[rung].get("reach") == Reach.NOTICE:
        Obligation.objects.filter(pk=obligation.pk).update(noticed_at=run.now)
    return Outcome.REMINDED


def _tell_manager(run: Sweep, obligation: Obligation, rung: int, kind: ObligationKind) -> Outcome:
    """The direct manager and nobody above him; nobody at all where the person had no private notice. Who stays untold is
    named in the ledger, with why: under the person where there is no manager.
    """
    manager = obligation.person.manager
    why_not: WhyNot | str = WhyNot.NO_MANAGER
    if manager is not None:
        told_before = obligation.noticed_at is not None
        why_not = why_not_remind(obligation, kind, manager) if told_before else WhyNot.NO_NOTICE
    _tell(run, obligation, rung, manager or obligation.person, why_not)
    return Outcome.HELD_BACK if why_not else Outcome.TOLD_MANAGER


def _tell(run: Sweep, obligation: Obligation, rung: int, person: User, why_not: WhyNot | str) -> None:
    reach = rungs_of(obligation)[rung].reach
    write(
        rows_for(
            person,
            now=run.now,
            pace=pace_of(registry.obligation_kind(obligation.kind), reach),
            is_certain=reach in CERTAIN,
            why_not=why_not,
            obligation=obligation,
            rung=rung,
            object_id=obligation.object_id,
            project_id=obligation.project_id,
        )
    )


def why_not_remind(obligation: Obligation, kind: ObligationKind, person: User) -> WhyNot | str:
    """Why the person, or his manager, may not be told; or nothing."""
    if not person.is_active:
        return WhyNot.DEACTIVATED
    if not kind.visible_to(obligation, person):
        return WhyNot.NOT_VISIBLE
    return ""


def _claim(obligation: Obligation, **changes: Any) -> bool:
    """Change the row if it is as it was read: another run, a new date or a settlement wins otherwise."""
    as_read = Obligation.objects.open().filter(
        pk=obligation.pk, next_rung=obligation.next_rung, next_rung_at=obligation.next_rung_at
    )
    return as_read.update(**changes) == 1
