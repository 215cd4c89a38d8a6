"""The week: the view of a department's meeting, the week of one project, and the report that is written already."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.models import Department
from portal.accounts.permissions import require
from portal.accounts.querysets import departments_below
from portal.common.dates import DayOutOfRangeError, in_range
from portal.common.forms import PortalForm
from portal.common.http import page
from portal.common.pace import costly
from portal.desk import weekly_rows
from portal.desk.summaries import whole_number
from portal.desk.weekly_facts import A_WEEK, Week
from projects.actions.weekly import TOLD, confirm_week, monday_of
from projects.enums import Health
from projects.models import Project, WeeklyStatus
from projects.permissions import can_run
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projects.querysets import ProjectQuerySet

#: More projects than this no meeting reads.
MOST_PROJECTS = 200


class WeekForm(PortalForm):
    """How the project stands, in a colour and one line."""

    health = forms.ChoiceField(label=gettext_lazy("How it stands"), choices=Health.choices, widget=forms.RadioSelect)
    line = forms.CharField(
        label=gettext_lazy("In one line"),
        max_length=300,
        error_messages={"required": gettext_lazy("Write how it stands, in one line.")},
    )
    wide = ("health", "line")


@require_safe
def weekly(request: PortalRequest) -> HttpResponse:
    week = week_asked(request)
    departments = list(Department.objects.order_by("name", "pk"))
    department = department_asked(request, departments)
    is_projected = request.GET.get("projector") == "1"
    projects = running(Project.objects.visible_to(request.user))
    if department is not None:
        projects = projects.filter(owner__department_id__in=departments_below(department))
    if is_projected:
        projects = projects.filter(is_restricted=False)  # everybody in the room reads it
    found = list(projects[:MOST_PROJECTS])
    rows, asks = weekly_rows.rows_of(found, week), weekly_rows.asks_of(found, request.user) if week.is_current else []
    context = {
        "week": week,
        "number": week.monday.isocalendar().week,
        "department": department,
        "departments": departments,
        "rows": [row for row in rows if row.is_read],
        "quiet": [row for row in rows if not row.is_read],
        "asks": asks,
        "heading": weekly_rows.heading(rows, asks),
        "answer": weekly_rows.answer(rows),
        "minutes": weekly_rows.report([row for row in rows if row.is_read], asks),
        "is_projected": is_projected,
        "links": links(week, department, is_projected=is_projected),
        "place": "weekly",
    }
    return page(request, "desk/weekly.html", context)


def running(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Those of which a week is told, with what their rows show."""
    return projects.filter(stage__in=TOLD).select_related("owner", "site").order_by("title", "pk")


def links(week: Week, department: Department | None, *, is_projected: bool) -> dict[str, str]:
    """The same page a week before or after, on the projector or off it."""
    kept = {"department": str(department.pk) if department else "all"}
    room = {"projector": "1"} if is_projected else {}

    def at(monday: date, **more: str) -> str:
        named = {} if monday == current_monday() else {"week": monday.isoformat()}
        return f"{reverse('weekly')}?{urlencode(kept | named | more)}"

    return {
        "before": at(week.monday - A_WEEK, **room),
        "after": "" if week.is_current else at(week.monday + A_WEEK, **room),
        "projector": at(week.monday, projector="1"),
        "leave": at(week.monday),
    }


def current_monday() -> date:
    return monday_of(timezone.localdate())


def week_asked(request: PortalRequest) -> Week:
    """The week that the address names by a day in it, else this one. Raises BadRequest."""
    now = timezone.now()
    text = request.GET.get("week", "")
    try:
        monday = monday_of(in_range(date.fromisoformat(text))) if text else current_monday()
        ends = datetime.combine(monday + A_WEEK, time(), timezone.get_current_timezone()).astimezone(UTC)
        return week_until(monday, min(ends, now), now)
    except (ValueError, DayOutOfRangeError) as error:
        raise BadRequest(text[:20]) from error


def week_until(monday: date, until: datetime, now: datetime) -> Week:
    return Week(monday, until - timedelta(days=7), until, is_current=monday == monday_of(timezone.localdate(now)))


def department_asked(request: PortalRequest, departments: Sequence[Department]) -> Department | None:
    """The one the address names, else the reader's own; all of them where he asks for all."""
    wanted = request.GET.get("department")
    if wanted == "all":
        return None
    pk = whole_number(wanted) if wanted else request.user.department_id
    return next((one for one in departments if one.pk == pk), None)


@require_safe
@costly
def weekly_report(request: PortalRequest) -> HttpResponse:
    """My projects in their week: each line drafted, to be confirmed, and the text to take along."""
    week = week_asked(request)
    found = list(running(Project.objects.filter(owner=request.user))[:MOST_PROJECTS])
    rows, asks = weekly_rows.rows_of(found, week), weekly_rows.asks_of(found, request.user)
    context = {
        "rows": [(row, WeekForm(initial={"health": row.health, "line": row.line}, auto_id=f"id_{row.project.pk}_%s")) for row in rows],
        "open_count": sum(row.is_draft for row in rows),
        "text": weekly_rows.report(rows, asks),
        "week": week,
        "number": week.monday.isocalendar().week,
        "place": "weekly",
    }  # fmt: skip
    return page(request, "desk/weekly_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def weekly_status(request: PortalRequest, pk: int) -> HttpResponse:
    """The week of one project: its text for every reader, its form for the owner, and the weeks before."""
    project = find_project(request, pk)
    now = timezone.now()
    may = can_run(request.user, project) and project.stage in TOLD
    row = weekly_rows.rows_of([project], week_until(current_monday(), now, now))[0]
    form = WeekForm(request.POST or None, initial={"health": row.health, "line": row.line})

    def deed() -> str:
        values: dict[str, Any] = form.cleaned_data
        confirm_week(project, health=Health(values["health"]), line=values["line"], by=request.user, now=now)
        messages.success(request, _("Confirmed for this week."))
        return reverse("weekly_report") if "back" in request.POST else reverse("weekly_status", args=[project.pk])

    if request.method == "POST":
        require(can_run(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    context = frame(request, project, "overview", row.line) | {
        "row": row,
        "form": form if may else None,
        "text": weekly_rows.report([row], weekly_rows.asks_of([project], request.user)),
        "before": WeeklyStatus.objects.filter(project=project).select_related("confirmed_by")[:26],
    }
    return page(request, "desk/weekly_status.html", context, status=status)
