"""What is recorded while a project is delivered: metric, figures used, dates moved, scope left out."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from metrics.actions.measurement import record as record_figures
from metrics.permissions import can_use
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.common.templatetags.ui import date_long
from portal.notifications.actions import announce, owe, settle
from portal.policy.store import value
from projects import policy
from projects.actions.changes import write_change
from projects.actions.early_start import check_early
from projects.actions.project import check_fields, check_person, lock
from projects.actions.renewal import void_if_moved
from projects.actions.stage import try_close
from projects.actions.submission import open_preparation
from projects.enums import ChangeKind, CostKind, Stage
from projects.models import BenefitLine, Change, CostActual, CostLine, DeferredItem, EarlyStart, MetricPledge, Project
from projects.permissions import BEFORE_APPROVAL, can_measure, can_run, can_settle_deferred, people_of
from projects.summaries import is_measured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from metrics.models import Measurement, Metric
    from portal.accounts.models import User
    from projects.lifecycle import Passage

BEFORE_START = frozenset({Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED})
DELIVERING = frozenset({Stage.IN_DELIVERY, Stage.ON_HOLD})
SPENDING = DELIVERING | {Stage.APPROVED, Stage.LAUNCHED}
MEASURED = DELIVERING | {Stage.LAUNCHED, Stage.CLOSED}
CENT = Decimal("0.01")
NOT_STARTED = _("Delivery has not started yet.")


def held(project: Project, stages: frozenset[Stage], *, by: User) -> Project:
    """The project under lock, if `by` runs it and it stands in one of `stages`."""
    require(can_run(by, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    current = lock(project)
    if current.stage not in stages:
        raise IllegalStateError(_("This is not possible now: the project is “%s”.") % current.get_stage_display())
    return current


def delivering(project: Project, *, by: User) -> Project:
    """The project under lock, if `by` runs it and its delivery has started, on hold or not."""
    current = held(project, DELIVERING, by=by)
    if current.started_at is None:
        raise IllegalStateError(NOT_STARTED)
    return current


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


@transaction.atomic
def change_launch_date(
    project: Project, *, launch_on: date, reason: str, version: int, by: User, now: datetime
) -> Change:
    """Move the launch, with a reason; the approved date stays beside it."""
    current = delivering(project, by=by)
    errors = {}
    if not reason.strip():
        errors["reason"] = _("Write why, in one sentence.")
    if launch_on < current.local_day(now):
        errors["launch_on"] = _("This day is past. Name a day from today on.")
    elif launch_on == current.planned_launch_on:
        errors["launch_on"] = _("This is the date it already has.")
    if errors:
        raise InvalidInputError(errors)
    check_fields(
        Project(planned_launch_on=launch_on), ["planned_launch_on"], given_as={"planned_launch_on": "launch_on"}
    )
    check_fields(Change(reason=reason), ["reason"])
    if current.version != version:
        raise StaleObjectError(current)
    old = current.planned_launch_on
    Project.objects.filter(pk=current.pk).update(
        planned_launch_on=launch_on, version=version + 1, updated_at=now, updated_by=by
    )
    change = record_change(
        current,
        ChangeKind.DATE,
        before="" if old is None else old.isoformat(),
        after=launch_on.isoformat(),
        reason=reason,
        by=by,
        now=now,
    )
    if current.stage == Stage.IN_DELIVERY:
        owe_launch_on(current, launch_on, now=now)
    announce("launch_moved", change.pk, people_of(current).exclude(pk=by.pk), now=now, project_id=current.pk)
    return change


def record_change(
    project: Project, kind: ChangeKind, *, before: str, after: str, reason: str, by: User, now: datetime
) -> Change:
    """One numbered row in the history of changes; it may take the ground from the approval. The caller holds the lock."""
    change = write_change(project, kind, before=before, after=after, reason=reason, by=by, now=now)
    void_if_moved(project, by=by, now=now)
    return change


def spending_stages(project: Project) -> frozenset[Stage]:
    """Where what is used may be written: from the approval on, and before it where an early start is allowed."""
    return SPENDING | BEFORE_APPROVAL if EarlyStart.objects.filter(project=project).exists() else SPENDING


@transaction.atomic
def record_actual(
    cost_line: CostLine,
    *,
    as_of: date,
    person_days: Decimal | None,
    amount: Decimal | None,
    by: User,
    now: datetime,
) -> CostActual:
    """What was used on a line up to a day. People are given in days and reckoned at the line's rate; else money.

    The figure of a day may be corrected; a total that falls from one day to the next is refused.
    """
    current = held(cost_line.project, spending_stages(cost_line.project), by=by)
    days, used = figures_used(cost_line, person_days, amount)
    if current.stage in BEFORE_APPROVAL:
        check_early(cost_line, as_of, days)
    if as_of > current.local_day(now):
        raise InvalidInputError({"as_of": _("A figure cannot be from the future.")})
    check_fields(CostActual(as_of=as_of), ["as_of"])
    check_rising(cost_line, as_of, used)
    known = CostActual.objects.filter(cost_line=cost_line, as_of=as_of).first()
    if known is not None and (known.person_days, known.amount) == (days, used):
        return known  # the same form once more
    actual, _new = CostActual.objects.update_or_create(
        cost_line=cost_line,
        as_of=as_of,
        defaults={
            "person_days": days,
            "amount": used,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    record(
        "cost.recorded",
        actual,
        by=by,
        now=now,
        project_id=current.pk,
        before=None if known is None else {"person_days": known.person_days, "amount": known.amount},
        after={"cost_line": cost_line.pk, "as_of": as_of, "person_days": days, "amount": used},
    )
    return actual


def figures_used(line: CostLine, person_days: Decimal | None, amount: Decimal | None) -> tuple[Decimal | None, Decimal]:
    """Days (of people only) and money of one record. Raises InvalidInputError."""
    if line.kind != CostKind.PEOPLE:
        if amount is None:
            raise InvalidInputError({"amount": _("Write the money spent so far, such as 12,000.")})
        check_fields(CostActual(amount=amount), ["amount"])
        return None, amount
    if person_days is None:
        raise InvalidInputError({"person_days": _("Write the person-days used so far, such as 6 person-days.")})
    check_fields(CostActual(person_days=person_days), ["person_days"])
    used = (person_days * (line.unit_amount or Decimal(0))).quantize(CENT)
    check_fields(CostActual(amount=used), ["amount"], given_as={"amount": "person_days"})
    return person_days, used


def check_rising(line: CostLine, as_of: date, used: Decimal) -> None:
    """A running total never falls. Raises InvalidInputError."""
    field = "person_days" if line.kind == CostKind.PEOPLE else "amount"
    others = CostActual.objects.filter(cost_line=line)
    more_before = others.filter(as_of__lt=as_of, amount__gt=used).order_by("-as_of").first()
    less_after = others.filter(as_of__gt=as_of, amount__lt=used).order_by("as_of").first()
    if more_before is not None:
        words = _("More was used by %s already. This is the total so far; correct the earlier figure if it was wrong.")
        raise InvalidInputError({field: words % date_long(more_before.as_of)})
    if less_after is not None:
        words = _("Less is recorded for %s. This is the total so far; correct the later figure if it was wrong.")
        raise InvalidInputError({field: words % date_long(less_after.as_of)})


@transaction.atomic
def defer_scope(  # noqa: PLR0913 -- what, who, when, and what it costs: each is asked for
    project: Project,
    *,
    title: str,
    owner: User,
    due_on: date,
    benefit_line: BenefitLine,
    share: Decimal,
    by: User,
    now: datetime,
) -> DeferredItem:
    """Leave something out, as a debt with an owner, a date, and the benefit it takes away."""
    current = delivering(project, by=by)
    item = DeferredItem(
        project=current,
        title=title.strip(),
        owner=owner,
        due_on=due_on,
        benefit_line=benefit_line,
        share=share,
        added_by=by,
        added_at=now,
    )
    check_fields(item, ["title", "due_on", "share"])
    check_person(current, owner)
    errors = {}
    if benefit_line.project_id != current.pk:
        errors["benefit_line"] = _("This benefit belongs to another project.")
    if due_on <= current.local_day(now):
        errors["due_on"] = _("Name a day after today.")
    missing = Q(settled_at__isnull=True) | Q(is_dropped=True)
    taken = DeferredItem.objects.filter(missing, benefit_line=benefit_line).aggregate(total=Sum("share"))[
        "total"
    ] or Decimal(0)
    if taken + share > 1:
        errors["share"] = _("Together the items would take away more than the whole benefit.")
    if errors:
        raise InvalidInputError(errors)
    item.save()
    Project.objects.filter(pk=current.pk).update(nothing_deferred_by=None)
    owe("deferred_scope", item.pk, owner, due_at=current.site.end_of_day(due_on), now=now, project_id=current.pk)
    record(
        "scope.deferred",
        item,
        by=by,
        now=now,
        project_id=current.pk,
        after={"title": item.title, "owner": owner.pk, "due_on": due_on, "share": share},
    )
    return item


@transaction.atomic
def settle_deferred(item: DeferredItem, *, by: User, now: datetime) -> DeferredItem:
    """The deferred scope came after all, or is no longer wanted."""
    require(can_settle_deferred(by, item), _("Only %s or the owner of the project settles it.") % item.owner)
    current = lock(item.project)
    won = DeferredItem.objects.filter(pk=item.pk, settled_at__isnull=True).update(settled_at=now)
    if not won:
        raise IllegalStateError(_("It was settled already."))
    settle("deferred_scope", item.pk, now=now)
    record("scope.settled", item, by=by, now=now, project_id=current.pk, after={"settled_at": now})
    item.settled_at = now
    return item


@transaction.atomic
def confirm_nothing_deferred(project: Project, *, by: User, now: datetime) -> Project:
    """Say that nothing was left out: launch asks for this or for the list."""
    current = delivering(project, by=by)
    if DeferredItem.objects.filter(project=current, settled_at__isnull=True).exists():
        raise IllegalStateError(_("Something is listed as left out; settle it first."))
    Project.objects.filter(pk=current.pk).update(nothing_deferred_by=by)
    record("scope.nothing_deferred", current, by=by, now=now, project_id=current.pk)
    current.nothing_deferred_by = by
    return current


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


def drop_deferred(passage: Passage) -> None:
    """Consequence of cancelling: nobody brings what was left out of it; the list stays as it was."""
    for item in DeferredItem.objects.filter(project=passage.project, settled_at__isnull=True):
        settle("deferred_scope", item.pk, now=passage.now)


def tell_people(passage: Passage) -> None:
    """Consequence of launch and of closing: the people of the project hear it, neutrally.

    The news is about the passage, not about the project: a project may be launched a second time.
    """
    hearers = people_of(passage.project)
    if passage.by is not None:
        hearers = hearers.exclude(pk=passage.by.pk)
    change = passage.project.stage_changes.latest("pk")
    announce(f"project_{passage.transition}", change.pk, hearers, now=passage.now, project_id=passage.project.pk)
