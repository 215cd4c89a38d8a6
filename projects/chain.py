"""Who decides on a pitch, in which order, and why: computed from policy, shown before submission, copied onto it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from portal.accounts.models import Department
from portal.policy.store import value
from projects import policy
from projects.enums import CostKind, StepWhy, Tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from portal.accounts.models import User
    from projects.models import Project

#: How many managers up the line decide, by tier.
LEVELS: Mapping[Tier, int] = {Tier.LIGHT: 1, Tier.STANDARD: 2, Tier.MAJOR: 2}


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who decides, and why it is he."""

    person: User
    why: StepWhy


def chain_of(project: Project, *, cost: Decimal | None = None) -> list[Approver]:
    """The line above the owner, then the heads of other departments whose people are asked for.

    Each person once, never the owner himself, nobody who left. `cost` is that of another form of the project than its
    pitch has now.
    """
    chain: list[Approver] = []
    seen = {project.owner_id}
    for one in (*line(project, project.cost_amount if cost is None else cost), *heads(project)):
        if one.person.pk not in seen:
            seen.add(one.person.pk)
            chain.append(one)
    return chain


def line(project: Project, cost: Decimal | None) -> list[Approver]:
    """The owner's active managers, from the direct one up, as many as tier and cost ask."""
    active = (person for person in up_from(project.owner) if person.is_active)
    managers = islice(active, levels(project, cost))
    whys = (StepWhy.MANAGER, StepWhy.ABOVE)
    return [Approver(person, why) for person, why in zip(managers, whys, strict=False)]


def levels(project: Project, cost: Decimal | None) -> int:
    """One manager for a light project, two above it; two also for a light one that costs much."""
    costs_much = cost is not None and cost > value(policy.SECOND_APPROVER_AMOUNT)
    return max(LEVELS[Tier(project.tier)], 2 if costs_much else 1)


def up_from(person: User) -> Iterator[User]:
    """Managers above, the direct one first; a circle in the line ends it."""
    seen = {person.pk}
    above = person.manager
    while above is not None and above.pk not in seen:
        seen.add(above.pk)
        yield above
        above = above.manager


def heads(project: Project) -> list[Approver]:
    """Heads of the departments, other than the owner's, in which the skills it asks for are at work."""
    skills = {line.skill for line in project.cost_lines.all() if line.kind == CostKind.PEOPLE and line.skill}
    if not skills:
        return []
    departments = (
        Department.objects.filter(people__skill__in=skills, people__is_active=True, head__is_active=True)
        .exclude(pk=project.owner.department_id or 0)
        .select_related("head")
        .distinct()
        .order_by("name", "pk")
    )
    return [Approver(one.head, StepWhy.HEAD) for one in departments if one.head is not None]
