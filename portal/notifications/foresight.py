"""Which rungs come, when, and whom they will reach: from the same rows and the same arithmetic as the sweep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portal.notifications import registry
from portal.notifications.actions.reminders import planned_falls, rungs_of
from portal.notifications.enums import Reach
from portal.notifications.ladder import TELLS_PERSON, falls, next_morning, turn_of
from portal.notifications.models import Obligation
from portal.notifications.quiet import quiet_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import Q

    from portal.accounts.models import User
    from portal.common.dates import Calendar


AHEAD: Final = timedelta(days=14)
#: Nobody reads further; what comes first comes first.
MOST_AHEAD: Final = 300


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: when, in which way, whom it reaches (nobody, where the portal acts), and whether it is the next."""

    at: datetime | None
    reach: Reach
    person: User | None
    is_past: bool
    is_next: bool


def steps_of(owed: Obligation) -> list[Step]:
    """All rungs of what is owed, the used ones first, then those to come as the sweep will take them."""
    days = owed.person.calendar()
    planned = planned_falls(owed, days)
    past = range(min(owed.next_rung, len(planned)))
    return [*(_step(owed, number, planned[number], is_past=True) for number in past), *_steps_ahead(owed, days)]


def _steps_ahead(owed: Obligation, days: Calendar) -> Iterator[Step]:
    """One after the other: missed reminders fall together, a silence is waited for, the notice puts off the manager."""
    ladder, zone = rungs_of(owed), owed.person.zone
    number, at, noticed_at = owed.next_rung, owed.next_rung_at, owed.noticed_at
    while at is not None and number < len(ladder):
        planned = falls(ladder, owed.due_at, noticed_at, zone, days)
        at = max(at, planned[number] or at)
        if ladder[number].reach in TELLS_PERSON and not ladder[number].acts:
            at = quiet_until(owed.person, at) or at
        come = [n for n in range(number, len(ladder)) if (falls_at := planned[n]) is not None and falls_at <= at]
        used = turn_of(ladder, come or [number])
        yield _step(owed, used, at, is_next=number == owed.next_rung)
        if ladder[used].reach == Reach.NOTICE:
            noticed_at = at
            planned = falls(ladder, owed.due_at, noticed_at, zone, days)
        number = used + 1
        following = planned[number] if number < len(ladder) else None
        at = next_morning(at, zone, days) if following is not None and following <= at else following


def _step(owed: Obligation, number: int, at: datetime | None, *, is_past: bool = False, is_next: bool = False) -> Step:
    rung = rungs_of(owed)[number]
    reach = Reach.ACT if rung.acts else Reach(rung.reach)
    return Step(at, reach, _reached(owed, reach), is_past, is_next)


@dataclass(frozen=True, slots=True)
class Coming:
    """One message that will be sent, as things stand: a kind and a step, no words about the thing itself."""

    at: datetime
    kind: str
    reach: Reach
    person: User | None


def coming(now: datetime, *, of: Q) -> list[Coming]:
    """Who will be told what in the next days, the soonest first; `of` says of which obligations.

    One query, and one for each site.
    """
    end = now + AHEAD
    rows = (
        Obligation.objects.open()
        .filter(of, next_rung_at__lte=end, kind__in=registry.known_obligations())
        .select_related("person__site", "person__manager")
        .order_by("next_rung_at", "pk")[:MOST_AHEAD]
    )
    found = []
    for owed in rows:
        kind = str(registry.obligation_kind(owed.kind).label)
        steps = steps_of(owed)
        found += [
            Coming(step.at, kind, step.reach, step.person)
            for step in steps
            if not step.is_past and step.at is not None and step.at <= end and _is_told(step)
        ]
    return sorted(found, key=lambda one: one.at)[:MOST_AHEAD]


def _is_told(step: Step) -> bool:
    """Where nobody stands above, no word goes up."""
    return step.reach == Reach.ACT or step.person is not None


def _reached(owed: Obligation, reach: Reach) -> User | None:
    if reach == Reach.ACT:
        return None
    return owed.person.manager if reach == Reach.MANAGER else owed.person
