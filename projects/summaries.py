"""Read-only aggregates of a project, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery, Sum

from metrics.models import Measurement
from projects.models import CostActual, CostLine, DeferredItem, MetricPledge, StageChange

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from projects.enums import Stage
    from projects.models import Project


@dataclass(frozen=True, slots=True)
class CostFigures:
    """One cost line: planned beside used. `used_*` is None while no figure is in: not zero."""

    line: CostLine
    used_days: Decimal | None
    used_amount: Decimal | None
    as_of: date | None


@dataclass(frozen=True, slots=True)
class PlannedAndActual:
    """Promised beside what came. Everything is None while it is not known."""

    launch_planned: date | None
    launch_actual: date | None
    launch_drift_days: int | None
    effort_planned: Decimal | None
    effort_actual: Decimal | None
    cost_planned: Decimal | None
    cost_actual: Decimal | None
    benefit_planned: Decimal | None
    benefit_kept: Decimal
    baseline: Decimal | None
    target: Decimal | None
    measured: Decimal | None
    measured_on: date | None


def cost_figures(project: Project) -> list[CostFigures]:
    """Every cost line with the latest figure used."""
    latest = CostActual.objects.filter(cost_line=OuterRef("pk")).order_by("-as_of")
    lines = CostLine.objects.filter(project=project).annotate(
        used_days=Subquery(latest.values("person_days")[:1]),
        used_amount=Subquery(latest.values("amount")[:1]),
        used_as_of=Subquery(latest.values("as_of")[:1]),
    )
    return [CostFigures(line, line.used_days, line.used_amount, line.used_as_of) for line in lines]


def benefit_kept(project: Project) -> Decimal:
    """Share of the approved benefit that is left after deferred scope (0.72 for “launched with 72 %”)."""
    taken = DeferredItem.objects.filter(project=project, settled_at__isnull=True).aggregate(total=Sum("share"))
    return max(Decimal(1) - (taken["total"] or Decimal(0)), Decimal(0))


def total_of(figures: list[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None if nothing is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def planned_and_actual(project: Project) -> PlannedAndActual:
    """Effort, cost, date and benefit so far, beside what was approved."""
    figures = cost_figures(project)
    launched_on = project.local_day(project.launched_at) if project.launched_at else None
    drift = None
    if launched_on is not None and project.baseline_launch_on is not None:
        drift = project.site.calendar().working_days_between(project.baseline_launch_on, launched_on)
    pledge = MetricPledge.objects.filter(project=project).first()
    last = None
    if pledge is not None and launched_on is not None:
        last = (
            Measurement.objects.filter(metric=pledge.metric_id, segment="", period_on__gte=launched_on)
            .order_by("-period_on")
            .first()
        )
    return PlannedAndActual(
        launch_planned=project.baseline_launch_on,
        launch_actual=launched_on,
        launch_drift_days=drift,
        effort_planned=project.baseline_effort_days,
        effort_actual=total_of([figure.used_days for figure in figures]),
        cost_planned=project.baseline_cost_amount,
        cost_actual=total_of([figure.used_amount for figure in figures]),
        benefit_planned=project.baseline_benefit_amount,
        benefit_kept=benefit_kept(project),
        baseline=pledge.baseline if pledge else None,
        target=pledge.target if pledge else None,
        measured=last.value if last else None,
        measured_on=last.period_on if last else None,
    )


def stage_dates(project: Project) -> Mapping[Stage, datetime]:
    """When each stage was last reached."""
    return {change.to_stage: change.at for change in StageChange.objects.filter(project=project)}  # type: ignore[misc]
