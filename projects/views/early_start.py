"""A lead lets work begin before the approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.permissions import require
from portal.common.forms import PortalForm
from portal.common.http import attempt, leave_to, page
from portal.common.written import date_short
from portal.policy.store import value
from projects import policy
from projects.actions.early_start import allow_early_start
from projects.permissions import can_allow_early_start
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def allow(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(
        can_allow_early_start(request.user, project),
        _("An early start is allowed by the manager of the owner, who is a lead."),
    )
    now = timezone.now()
    form = PortalForm(request.POST or None)
    status = None
    if request.method == "POST":
        form = PortalForm(request.POST)
        status = attempt(form, lambda: allow_early_start(project, by=request.user, now=now))
        if status is None:
            messages.success(request, _("Work may begin; the pitch is owed."))
            return leave_to(request, project)
    working_days = value(policy.EARLY_START_WORKING_DAYS)
    until = project.site.calendar().add_working_days(project.local_day(now), working_days)
    context = frame(request, project, "decisions", _("Work may begin before the approval, within limits.")) | {
        "form": form,
        "most_days": value(policy.EARLY_START_MOST_DAYS),
        "until": date_short(until),
    }
    return page(request, "projects/early_start.html", context, status=status)
