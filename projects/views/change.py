"""Moving the launch date, and what was changed before."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.permissions import require
from portal.common.components import Difference
from portal.common.http import attempt, leave_to, page
from portal.common.written import date_short, money
from projects.actions.change import change_launch_date
from projects.actions.project import DELIVERING
from projects.enums import ChangeKind
from projects.forms.delivery import ChangeForm
from projects.models import Change
from projects.permissions import can_run
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from projects.models import Project


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    may = can_run(request.user, project)
    planned = {"launch_on": project.planned_launch_on, "version": project.version}
    form = ChangeForm(request.POST or None, initial=planned)
    status = None
    if request.method == "POST":
        require(may, _("Only the owner can do this. The owner is %s.") % project.owner)
        status = attempt(
            form,
            lambda: change_launch_date(project, **form.cleaned_data, by=request.user, now=timezone.now()),
            saved_by=last_changed_by,
        )
        if status is None:
            messages.success(request, _("The launch is moved; everybody concerned has heard it."))
            return leave_to(request, project)
    context = frame(request, project, "decisions", answer(project)) | {
        "form": form,
        "may": may and project.stage in DELIVERING and project.started_at is not None,
        "differences": [difference(row) for row in Change.objects.filter(project=project).select_related("made_by")],
    }
    return page(request, "projects/project_change.html", context, status=status or HTTPStatus.OK)


def last_changed_by(obj: Model) -> tuple[str, datetime] | None:
    """Who saved the project last, for the words of a conflict."""
    who, when = getattr(obj, "updated_by", None), getattr(obj, "updated_at", None)
    return (str(who), when) if who is not None and when is not None else None


def answer(project: Project) -> str:
    """When it launches, and how far that is from what was approved."""
    planned, base = project.planned_launch_on, project.baseline_launch_on
    if planned is None:
        return _("The launch date is set when delivery starts.")
    day = date_short(planned)
    if base is None or base == planned:
        return _("Launch is planned for %(day)s, as approved.") % {"day": day}
    late = project.site.calendar().working_days_between(base, planned)
    words = (
        ngettext("%(count)s working day later", "%(count)s working days later", late)
        if late > 0
        else ngettext("%(count)s working day earlier", "%(count)s working days earlier", -late)
    ) % {"count": abs(late)}
    return _("Launch is planned for %(day)s, %(drift)s than approved.") % {"day": day, "drift": words}


def difference(row: Change) -> Difference:
    """One recorded change as a line: what, from, to, why and by whom."""
    why = _("%(reason)s (%(who)s, %(day)s)") % {
        "reason": row.reason,
        "who": row.made_by,
        "day": date_short(row.made_at),
    }
    label = f"{row.number}. {row.get_kind_display()}"
    if row.kind == ChangeKind.BUDGET:
        return Difference(label, money(Decimal(row.before)), money(Decimal(row.after)), why)
    if row.kind != ChangeKind.DATE:
        return Difference(label, row.before, row.after, why)
    return Difference(label, day_of(row.before), day_of(row.after), why)


def day_of(text: str) -> str:
    return date_short(date.fromisoformat(text)) if text else ""
