"""What was given, what is planned, and what is used so far."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.permissions import require
from portal.common.http import attempt, leave_to, page
from portal.common.written import days, listed, money
from projects.actions import actuals
from projects.enums import CostKind
from projects.forms.delivery import ActualForm
from projects.models import CostActual, CostLine, Grant
from projects.permissions import can_run
from projects.summaries import CostFigures, cost_figures
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from projects.models import Project


@dataclass(frozen=True, slots=True)
class LineRow:
    """A cost line with what was used, its latest figures, and the form for the next one."""

    figures: CostFigures
    history: Sequence[CostActual]
    form: ActualForm


@require_safe
def resources(request: PortalRequest, pk: int) -> HttpResponse:
    return show(request, find_project(request, pk))


@require_POST
def record_actual(request: PortalRequest, pk: int, line_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    line = get_object_or_404(CostLine.objects.select_related("project__owner"), project=project, pk=line_pk)
    require(can_run(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    form = ActualForm(request.POST, line=line)

    def deed() -> None:
        figures: dict[str, Any] = {"person_days": None, "amount": None} | form.cleaned_data
        actuals.record_actual(line, **figures, by=request.user, now=timezone.now())

    status = attempt(form, deed)
    if status is None:
        messages.success(request, _("Written down."))
        return leave_to(request, reverse("projects:resources", args=[project.pk]))
    return show(request, project, {line.pk: form}, status)


def show(
    request: PortalRequest,
    project: Project,
    bound: Mapping[int, ActualForm] | None = None,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    """The page; a form that was refused stands in its line as it was typed."""
    found = cost_figures(project)
    grants = list(Grant.objects.filter(project=project).select_related("granted_by", "submission"))
    context = frame(request, project, "resources", answer(found, grants)) | {
        "rows": rows_of(project, found, bound or {}),
        "grants": grants,
        "may": can_run(request.user, project) and project.stage in actuals.spending_stages(project),
    }
    return page(request, "projects/project_resources.html", context, status=status)


def rows_of(project: Project, found: Sequence[CostFigures], bound: Mapping[int, ActualForm]) -> list[LineRow]:
    history: dict[int, list[CostActual]] = {}
    for actual in CostActual.objects.filter(cost_line__project=project).order_by("-as_of"):
        history.setdefault(actual.cost_line_id, []).append(actual)
    today = {"as_of": project.local_day(timezone.now())}
    return [
        LineRow(
            figures,
            history.get(figures.line.pk, []),
            bound.get(figures.line.pk) or ActualForm(line=figures.line, initial=today),
        )
        for figures in found
    ]


def answer(found: Sequence[CostFigures], grants: Sequence[Grant]) -> str:
    """What was given, beside what is used."""
    given = [
        days(grant.person_days) if grant.kind == CostKind.PEOPLE else money(grant.amount)
        for grant in grants
        if grant.released_at is None
    ]
    if not given:
        return _("Nothing is granted yet; what is planned stands in the pitch.")
    spent = [
        days(figures.used_days) if figures.line.kind == CostKind.PEOPLE else money(figures.used_amount)
        for figures in found
        if figures.as_of is not None
    ]
    if not spent:
        return _("Granted: %(given)s. What is used is not written yet.") % {"given": listed(given)}
    return _("Granted: %(given)s. Used so far: %(spent)s.") % {"given": listed(given), "spent": listed(spent)}
