"""What a project is compared with from its start on, and the launch that is owed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum

from portal.common.amounts import CENT
from portal.notifications.actions import announce, owe
from projects.actions.duties import open_preparation
from projects.actions.pledge import settle_measurement
from projects.enums import CostKind, Stage
from projects.models import CostLine, MetricPledge, Project
from projects.permissions import people_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from projects.lifecycle import Passage


def freeze_baseline(passage: Passage) -> None:
    """Consequence of the start: dates, budget and pledge are what the project will be compared with."""
    project, now = passage.project, passage.now
    launch_on = project.planned_launch_on or project.wanted_on
    grants = project.grants.filter(released_at__isnull=True)
    given = grants.aggregate(days=Sum("person_days"), money=Sum("amount"))
    days = given["days"] or Decimal(0)
    cost = days * mean_rate(project) + (given["money"] or Decimal(0))
    Project.objects.filter(pk=project.pk).update(
        planned_launch_on=launch_on,
        baseline_launch_on=launch_on,
        baseline_effort_days=days,
        baseline_cost_amount=cost.quantize(CENT),
        baseline_benefit_amount=project.net_benefit_amount,
    )
    MetricPledge.objects.filter(project=project).update(locked_at=now)
    owe_launch_on(project, launch_on, now=now)


def mean_rate(project: Project) -> Decimal:
    """Money a person-day of the building costs, over the skills that are asked for."""
    people = [
        line for line in CostLine.objects.in_force(project) if line.kind == CostKind.PEOPLE and not line.is_monthly
    ]
    days = sum((line.person_days or Decimal(0) for line in people), Decimal(0))
    if len(people) == 1 or not days:
        return (people[0].unit_amount or Decimal(0)) if people else Decimal(0)
    paid = sum(((line.person_days or Decimal(0)) * (line.unit_amount or Decimal(0)) for line in people), Decimal(0))
    return paid / days


def owe_launch(passage: Passage) -> None:
    """Consequence of a roll-back: the launch is owed again on the date it has, and the number waits for the next one."""
    owe_launch_on(passage.project, passage.project.planned_launch_on, now=passage.now)
    settle_measurement(passage.project, now=passage.now)


def owe_again(passage: Passage) -> None:
    """Consequence of resuming: what the stage asks for is owed again."""
    if passage.project.stage == Stage.APPROVED:
        open_preparation(passage)
    else:
        owe_launch_on(passage.project, passage.project.planned_launch_on, now=passage.now)


def owe_launch_on(project: Project, day: date | None, *, now: datetime) -> None:
    """The owner owes the launch, or a new date for it."""
    if day is not None:
        owe(
            "launch",
            project.pk,
            project.owner,
            due_at=project.site.end_of_day(day),
            now=now,
            project_id=project.pk,
        )


def tell_people(passage: Passage) -> None:
    """Consequence of launch and of closing: the people of the project hear it, neutrally.

    The news is about the passage, not about the project: a project may be launched a second time.
    """
    hearers = people_of(passage.project)
    if passage.by is not None:
        hearers = hearers.exclude(pk=passage.by.pk)
    change = passage.project.stage_changes.latest("pk")
    announce(f"project_{passage.transition}", change.pk, hearers, now=passage.now, project_id=passage.project.pk)
