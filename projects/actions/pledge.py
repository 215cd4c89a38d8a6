"""The metric of a project: what it is to become, and what it became."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from metrics.actions.measurement import record as record_figures
from metrics.permissions import can_use
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import owe, settle
from portal.policy.store import value
from projects import policy
from projects.actions.project import DELIVERING, NOT_STARTED, check_fields, held, lock
from projects.actions.stage import try_close
from projects.enums import Stage
from projects.models import MetricPledge
from projects.permissions import can_measure
from projects.summaries import is_measured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from metrics.models import Measurement, Metric
    from portal.accounts.models import User
    from projects.lifecycle import Passage
    from projects.models import Project

BEFORE_START = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED})
MEASURED = DELIVERING | {Stage.LAUNCHED, Stage.CLOSED}


@transaction.atomic
def pledge_metric(
    project: Project,
    metric: Metric,
    *,
    baseline_numerator: Decimal,
    baseline_denominator: Decimal,
    target: Decimal,
    by: User,
    now: datetime,
) -> MetricPledge:
    """Name the metric, its baseline and target; may be changed until delivery starts, which locks it."""
    require(can_use(by, metric))
    current = held(project, BEFORE_START, by=by)
    figures = {
        "baseline_numerator": baseline_numerator,
        "baseline_denominator": baseline_denominator,
        "target": target,
    }
    check_fields(MetricPledge(**figures), figures)
    before = MetricPledge.objects.filter(project=current).values("metric", *figures).first()
    pledge, _new = MetricPledge.objects.update_or_create(
        project=current, defaults={"metric": metric, "metric_version": metric.version, **figures}
    )
    record(
        "metric.pledged",
        pledge,
        by=by,
        now=now,
        project_id=current.pk,
        before=before,
        after={"metric": metric.pk, **figures},
    )
    return pledge


def require_measure(project: Project, by: User) -> None:
    """Raise PermissionDenied unless the person may write the number."""
    require(
        can_measure(by, project),
        _("Only the owner or the business partner writes the number. The owner is %s.") % project.owner,
    )


@transaction.atomic
def measure(
    pledge: MetricPledge, *, period_on: date, numerator: Decimal, denominator: Decimal, by: User, now: datetime
) -> Measurement:
    """Record one pair of figures of the pledged metric; the first after launch may close a light project."""
    project = pledge.project
    require_measure(project, by)
    current = lock(project)
    if current.stage not in MEASURED:
        raise IllegalStateError(_("This is not possible now: the project is “%s”.") % current.get_stage_display())
    if current.started_at is None:
        raise IllegalStateError(NOT_STARTED)
    if period_on > current.local_day(now):
        raise InvalidInputError({"period_on": _("A figure cannot be from the future.")})
    measurement = record_figures(
        pledge.metric, period_on=period_on, numerator=numerator, denominator=denominator, by=by, now=now
    )
    record(
        "metric.measured",
        measurement,
        by=by,
        now=now,
        project_id=current.pk,
        after={"period_on": period_on, "numerator": numerator, "denominator": denominator},
    )
    if is_after_launch(current, period_on):
        settle("measurement", pledge.pk, now=now)
    try_close(current, now=now)
    return measurement


@transaction.atomic
def measure_all(
    pledge: MetricPledge, rows: Sequence[Mapping[str, Any]], *, place: str, by: User, now: datetime
) -> list[Measurement]:
    """Record many pairs of figures, all of them or none; a refusal names row and field, such as `place.3.numerator`."""
    kept: list[Measurement] = []
    errors: dict[str, Any] = {}
    for number, row in enumerate(rows):
        try:
            kept.append(measure(pledge, **row, by=by, now=now))
        except InvalidInputError as refused:
            errors |= {f"{place}.{number}.{field}": words for field, words in refused.errors.items()}
    if errors:
        raise InvalidInputError(errors)
    return kept


def is_after_launch(project: Project, day: date) -> bool:
    """Whether the day is the launch day at the project's site, or later."""
    return project.launched_at is not None and day >= project.local_day(project.launched_at)


def owe_measurement(passage: Passage) -> None:
    """Consequence of launch: one number some days after, unless that of this very day is in."""
    pledge = MetricPledge.objects.filter(project=passage.project).first()
    if pledge is None or is_measured(passage.project, pledge):
        return
    day = passage.project.local_day(passage.now) + timedelta(days=value(policy.MEASURE_AFTER_DAYS))
    owe(
        "measurement",
        pledge.pk,
        passage.project.owner,
        due_at=passage.project.site.end_of_day(day),
        now=passage.now,
        project_id=passage.project.pk,
    )


def settle_measurement(project: Project, *, now: datetime) -> None:
    """The number after launch is no longer waited for."""
    for pledge in MetricPledge.objects.filter(project=project):
        settle("measurement", pledge.pk, now=now)
