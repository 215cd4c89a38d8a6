"""What happened to projects in a week, read from every app in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from portal.audit.models import AuditEntry
from portal.desk.weekly_rules import Facts
from projects.enums import ChangeKind, Stage
from projects.models import Change, StageChange, WeeklyStatus
from risks.enums import EscalationState, RiskState
from risks.models import Escalation, Risk
from risks.summaries import unsettled_counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from projects.models import Project

#: How far back a row looks for since when it stands as it does.
WEEKS_BACK = 12
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days up to a moment; of the current week that moment is now."""

    monday: date
    since: datetime
    until: datetime
    is_current: bool


def facts_of(projects: Sequence[Project], week: Week) -> Mapping[int, Facts]:
    """The facts of each project, in a fixed number of queries; nothing that stands between two in private."""
    ids = [project.pk for project in projects]
    happened, plan_b = happened_of(ids)
    waiting, late = questions_of(ids, week)
    behind = behind_of(projects)
    unanswered = unsettled_counts(ids, week.monday)
    moved, staged, measured = moved_of(ids, week), staged_of(ids, week), measured_of(ids, week)
    return {
        project.pk: Facts(
            is_delivering=project.stage == Stage.IN_DELIVERY,
            is_on_hold=project.stage == Stage.ON_HOLD,
            today=project.local_day(week.until),
            launch_on=project.planned_launch_on,
            launch_before=moved.get(project.pk),
            behind=behind.get(project.pk, 0),
            happened=happened[project.pk],
            plan_b=plan_b[project.pk],
            unanswered=unanswered.get(project.pk, 0) if project.is_in_motion else 0,
            questions=waiting[project.pk],
            late_questions=late[project.pk],
            came_to_stage=staged.get(project.pk, ""),
            has_measured=project.pk in measured,
        )
        for project in projects
    }


def behind_of(projects: Sequence[Project]) -> Mapping[int, int]:
    """Working days between the launch as approved and as it is planned now. One query for each site."""
    dated = [row for row in projects if row.planned_launch_on is not None and row.baseline_launch_on is not None]
    calendars = {site.pk: site.calendar() for site in {row.site_id: row.site for row in dated}.values()}
    return {
        row.pk: calendars[row.site_id].working_days_between(row.baseline_launch_on, row.planned_launch_on)
        for row in dated
        if row.baseline_launch_on is not None and row.planned_launch_on is not None
    }


def happened_of(ids: Sequence[int]) -> tuple[Mapping[int, list[str]], Mapping[int, list[str]]]:
    """What came true and is not settled: without a plan B in use, and with one."""
    open_ones: dict[int, list[str]] = defaultdict(list)
    handled: dict[int, list[str]] = defaultdict(list)
    rows = Risk.objects.filter(project__in=ids, state=RiskState.OCCURRED).order_by("pk")
    for project, event, used in rows.values_list("project", "event", "plan_b__activated_at"):
        (open_ones if used is None else handled)[project].append(event)
    return open_ones, handled


def questions_of(ids: Sequence[int], week: Week) -> tuple[Mapping[int, list[str]], Mapping[int, list[str]]]:
    """Questions that wait for somebody, and of these those past their time. None that is private."""
    waiting: dict[int, list[str]] = defaultdict(list)
    late: dict[int, list[str]] = defaultdict(list)
    rows = Escalation.objects.filter(
        project__in=ids, asked_at__isnull=False, state__in=[EscalationState.WAITING, EscalationState.COUNTERED]
    ).order_by("answer_by", "pk")
    for row in rows:
        (late if row.is_late(week.until) else waiting)[row.project_id].append(row.question)
    return waiting, late


def moved_of(ids: Sequence[int], week: Week) -> Mapping[int, date]:
    """The launch date each project had before its first move of the week."""
    rows = Change.objects.filter(
        project__in=ids, kind=ChangeKind.DATE, made_at__gt=week.since, made_at__lte=week.until
    ).order_by("-project", "-number")
    return {row.project_id: date.fromisoformat(row.before) for row in rows if row.before}


def staged_of(ids: Sequence[int], week: Week) -> Mapping[int, str]:
    """The stage that each project came to in the week, its last."""
    rows = StageChange.objects.filter(project__in=ids, at__gt=week.since, at__lte=week.until).order_by("pk")
    return dict(rows.values_list("project", "to_stage"))


def measured_of(ids: Sequence[int], week: Week) -> set[int]:
    """Where a number of the metric came in."""
    rows = AuditEntry.objects.filter(project_id__in=ids, verb="metric.measured", at__gt=week.since, at__lte=week.until)
    return {pk for pk in rows.values_list("project_id", flat=True) if pk is not None}


def statuses_of(ids: Sequence[int], monday: date) -> Mapping[int, list[WeeklyStatus]]:
    """What was told of each project up to that week, latest first."""
    found: dict[int, list[WeeklyStatus]] = defaultdict(list)
    rows = WeeklyStatus.objects.filter(
        project__in=ids, week_on__lte=monday, week_on__gt=monday - WEEKS_BACK * A_WEEK
    ).order_by("-week_on")
    for row in rows:
        found[row.project_id].append(row)
    return found
