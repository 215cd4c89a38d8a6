"""What an approval rests on, and how far that may move before the approval is void. Pure.

Day, money and scope are compared with what was approved last, not with the change before, so that many small steps
count as the one long step that they are. Earlier and cheaper is nothing that an approver would refuse.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from portal.common.dates import Calendar


class Ground(StrEnum):
    """What an approval rests on: the kinds of a recorded change."""

    DATE = "date"
    BUDGET = "budget"
    SCOPE = "scope"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an approval was given for, or what stands today. None is not known; `scope` are the changes of it, in words."""

    launch_on: date | None
    budget: Decimal | None
    scope: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far each may move: a share of the budget, working days, and whether scope may change at all."""

    budget_share: Decimal
    working_days: int
    scope_may_change: bool


def moved_beyond(approved: Terms, today: Terms, tolerance: Tolerance, calendar: Calendar) -> tuple[Ground, ...]:
    """The grounds that moved further than the approval bears; empty while it stands."""
    is_beyond = {
        Ground.DATE: is_late(approved.launch_on, today.launch_on, tolerance.working_days, calendar),
        Ground.BUDGET: is_dearer(approved.budget, today.budget, tolerance.budget_share),
        Ground.SCOPE: today.scope != approved.scope and not tolerance.scope_may_change,
    }
    return tuple(ground for ground, beyond in is_beyond.items() if beyond)


def is_late(approved: date | None, today: date | None, working_days: int, calendar: Calendar) -> bool:
    """Whether the launch lies more working days after the approved one than it may."""
    if approved is None or today is None or today <= approved:
        return False
    return calendar.working_days_between(approved, today) > working_days


def is_dearer(approved: Decimal | None, today: Decimal | None, share: Decimal) -> bool:
    """Whether the budget grew by more of the approved one than it may."""
    if approved is None or today is None:
        return False
    return today - approved > approved * share


class Place(StrEnum):
    """Where in a pitch a field stands."""

    FIGURE = "figure"
    PITCH = "pitch"
    SCREENING = "screening"
    CHANGED = "changed"
    OPTION = "option"
    BENEFIT = "benefit"
    COST = "cost"


#: The fields that an approval rests on. The empty name is an option or a line as a whole.
MATERIAL: Mapping[Place, frozenset[str]] = {
    Place.FIGURE: frozenset({"net_benefit", "benefit", "cost", "effort", "money"}),
    Place.PITCH: frozenset({"wanted_on", "needs_permit", "is_reversible"}),
    Place.SCREENING: frozenset(),
    Place.CHANGED: frozenset({"budget", "scope", "left_out"}),
    Place.OPTION: frozenset({"is_preferred", "gives_up"}),
    Place.BENEFIT: frozenset({"", "unit_benefit", "reach", "probability"}),
    Place.COST: frozenset({"", "person_days", "unit_amount", "amount", "is_monthly"}),
}


def is_material(place: Place, field: str) -> bool:
    """Whether an approval rests on this field: money, people, day, scope, and what the benefit is reckoned from."""
    return field in MATERIAL[place]
