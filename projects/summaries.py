"""Read-only aggregates of a project, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum

from metrics.enums import Direction
from metrics.models import Measurement, Metric
from projects.enums import ChangeKind, Stage, Tier
from projects.history import Past
from projects.models import (
    Change,
    CostActual,
    CostLine,
    DeferredItem,
    Document,
    DraftComment,
    Goal,
    KeyResult,
    MetricPledge,
    PastEstimate,
    Product,
    Project,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from portal.accounts.models import User

#: So many things left out a pitch of the same product shows.
MOST_LEFT_OUT = 5


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
    #: What the project is judged by, and the latest number of it, be it from before the launch.
    pledge: MetricPledge | None
    latest: Measurement | None


def cost_figures(project: Project) -> list[CostFigures]:
    """Every cost line with the latest figure used."""
    latest = CostActual.objects.filter(cost_line=OuterRef("pk")).order_by("-as_of")
    lines = CostLine.objects.in_force(project).annotate(
        used_days=Subquery(latest.values("person_days")[:1]),
        used_amount=Subquery(latest.values("amount")[:1]),
        used_as_of=Subquery(latest.values("as_of")[:1]),
    )
    return [CostFigures(line, line.used_days, line.used_amount, line.used_as_of) for line in lines]


def benefit_kept(project: Project) -> Decimal:
    """Share of the approved benefit that is left after deferred scope (0.72 for “launched with 72 %”)."""
    missing = Q(settled_at__isnull=True) | Q(is_dropped=True)
    taken = DeferredItem.objects.filter(missing, project=project).aggregate(total=Sum("share"))
    return max(Decimal(1) - (taken["total"] or Decimal(0)), Decimal(0))


def documents_of(project: Project) -> QuerySet[Document]:
    """Its links and files, by kind; those that were taken away are not among them."""
    return Document.objects.filter(project=project, dropped_at=None).select_related("added_by", "project")


def budget_of(project: Project) -> Decimal:
    """The approved cost with every change since."""
    last = Change.objects.filter(project=project, kind=ChangeKind.BUDGET).order_by("-number").first()
    return Decimal(last.after) if last is not None else project.baseline_cost_amount or Decimal("0.00")


def open_comments(project: Project, step: str = "") -> QuerySet[DraftComment]:
    """What colleagues say of the draft and nobody resolved yet: of one step and of the whole, or of everything."""
    comments = DraftComment.objects.filter(project=project, resolved_at=None).select_related("author")
    return comments.filter(step__in=["", step]) if step else comments


def left_out_of(project: Project, user: User) -> list[DeferredItem]:
    """What earlier projects of the same product left out and still owe, earliest first: the next pitch may bring it."""
    if project.product_id is None:
        return []
    items = DeferredItem.objects.visible_to(user).filter(project__product=project.product_id, settled_at=None)
    others = items.exclude(project=project).exclude(project__stage=Stage.CANCELLED)
    return list(others.select_related("project", "owner").order_by("due_on", "pk")[:MOST_LEFT_OUT])


def total_of(figures: list[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None if nothing is."""
    known = [figure for figure in figures if figure is not None]
    return sum(known, Decimal(0)) if known else None


def is_measured(project: Project, pledge: MetricPledge) -> bool:
    """Whether the pledged metric was measured on the launch day or later."""
    if project.launched_at is None:
        return False
    day = project.local_day(project.launched_at)
    return Measurement.objects.filter(metric=pledge.metric_id, segment="", period_on__gte=day).exists()


def planned_and_actual(project: Project) -> PlannedAndActual:
    """Effort, cost, date and benefit so far, beside what was approved."""
    figures = cost_figures(project)
    launched_on = project.local_day(project.launched_at) if project.launched_at else None
    drift = None
    if launched_on is not None and project.baseline_launch_on is not None:
        drift = project.site.calendar().working_days_between(project.baseline_launch_on, launched_on)
    pledge = pledge_of(project)
    latest = latest_of(pledge.metric) if pledge else None
    is_since_launch = latest is not None and launched_on is not None and latest.period_on >= launched_on
    last = latest if is_since_launch else None
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
        pledge=pledge,
        latest=latest,
    )


def pledge_of(project: Project) -> MetricPledge | None:
    """What the project is judged by, with its metric; asked for where it did not come with the project."""
    if Project.pledge.is_cached(project):
        return getattr(project, "pledge", None)
    return MetricPledge.objects.filter(project=project).select_related("metric").first()


def latest_of(metric: Metric) -> Measurement | None:
    """The latest number of a metric as a whole."""
    return Measurement.objects.filter(metric=metric, segment="").order_by("-period_on").first()


@dataclass(frozen=True, slots=True)
class Work:
    """How many projects a reader sees behind a product or goal, and how many of them are running."""

    running: int
    total: int


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product of the list."""

    product: Product
    work: Work


@dataclass(frozen=True, slots=True)
class ProductList:
    """A page of the products; `shown` counts those of the pages before too."""

    rows: Sequence[ProductRow]
    shown: int
    total: int
    aimless: int


@dataclass(frozen=True, slots=True)
class KeyResultRow:
    """A key result beside what its metric showed last; `latest` is None while nothing was measured."""

    key_result: KeyResult
    latest: Measurement | None

    @property
    def is_reached(self) -> bool:
        """Whether the last figure stands at the target or beyond it."""
        if self.latest is None:
            return False
        target = self.key_result.target
        is_down = self.key_result.metric.direction == Direction.DOWN
        return self.latest.value <= target if is_down else self.latest.value >= target


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal with its key results and the work that serves it."""

    goal: Goal
    key_results: Sequence[KeyResultRow]
    work: Work


def work_by(field: str, reader: User, pks: Iterable[int]) -> dict[int, Work]:
    """The projects that the reader sees, counted by their product or goal; one query."""
    running = Count("pk", filter=Q(pk__in=Project.objects.running().values("pk")))
    seen = Project.objects.visible_to(reader).filter(**{f"{field}__in": list(pks)}).order_by()
    counted = seen.values_list(field).annotate(running=running, total=Count("pk"))
    return {pk: Work(running=some, total=every) for pk, some, every in counted}


def product_list(reader: User, *, start: int, size: int) -> ProductList:
    """Products by name, each with the projects that the reader sees."""
    products = Product.objects.visible_to(reader)
    shown = list(products.select_related("owner", "goal")[start : start + size])
    work = work_by("product", reader, [product.pk for product in shown])
    counts = products.aggregate(total=Count("pk"), aimless=Count("pk", filter=Q(goal=None)))
    return ProductList(
        rows=[ProductRow(product, work.get(product.pk, Work(0, 0))) for product in shown],
        shown=start + len(shown),
        **counts,
    )


def goal_rows(reader: User, goals: Sequence[Goal]) -> list[GoalRow]:
    """The goals with key results and work; the same number of queries for one and for many."""
    pks = [goal.pk for goal in goals]
    work = work_by("goal", reader, pks)
    key_results: dict[int, list[KeyResultRow]] = {pk: [] for pk in pks}
    for row in key_result_rows(KeyResult.objects.filter(goal__in=pks)):
        key_results[row.key_result.goal_id].append(row)
    return [GoalRow(goal, key_results[goal.pk], work.get(goal.pk, Work(0, 0))) for goal in goals]


def key_result_rows(key_results: QuerySet[KeyResult]) -> list[KeyResultRow]:
    """Key results in their order, each beside the last measurement of the whole."""
    found = list(key_results.select_related("metric"))
    last = Metric.objects.filter(pk__in=[one.metric_id for one in found]).with_latest()
    by_metric = dict(last.values_list("pk", "latest_id"))
    latest = Measurement.objects.select_related("metric").in_bulk([pk for pk in by_metric.values() if pk is not None])
    return [KeyResultRow(one, latest.get(by_metric[one.metric_id] or 0)) for one in found]


def past_work(reader: User) -> list[Past]:
    """All finished work: what files told of, and the closed projects that the reader may see. Two queries."""
    told = PastEstimate.objects.order_by().values_list("estimated_days", "actual_days", "kind", "source")
    return [*(Past(*row) for row in told), *closed_projects(reader)]


def closed_projects(reader: User) -> list[Past]:
    """The days that were approved beside those that were used, by tier; where either is not known, nothing is said."""
    later = CostActual.objects.filter(cost_line=OuterRef("cost_line"), as_of__gt=OuterRef("as_of"))
    closed = Project.objects.visible_to(reader).filter(stage=Stage.CLOSED, baseline_effort_days__gt=0)
    sums = (
        CostActual.objects.filter(~Exists(later), cost_line__project__in=closed, cost_line__is_monthly=False)
        .order_by()
        .values("cost_line__project")
        .annotate(used=Sum("person_days"))
        .filter(used__gt=0)
    )
    rows = sums.values_list("cost_line__project__baseline_effort_days", "used", "cost_line__project__tier")
    return [Past(planned, used, str(Tier(tier).label)) for planned, used, tier in rows if planned is not None]
