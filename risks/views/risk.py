"""One risk: its page, and editing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.permissions import require
from portal.common.http import attempt, is_htmx, leave_to, page
from projects.views.change import difference
from risks.actions.risk import edit_risk, is_assessed, owner_only
from risks.forms import RiskForm, RiskLineForm
from risks.permissions import can_keep_register
from risks.reviews import agreed_of
from risks.summaries import engineers_view, lines_of, questions_of
from risks.views import sheet
from risks.views.deed import find_risk, posted

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from risks.models import Risk


@require_safe
def risk_detail(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    line = lines_of([risk], today=risk.project.local_day(timezone.now()))[0]
    view = engineers_view(risk)
    questions = questions_of(risk, request.user)
    context = {
        "risk": risk,
        "project": risk.project,
        "line": line,
        "answer": sheet.answer_line(line),
        "figures": sheet.figures(risk, view, agreed_of(risk)),
        "view": view,
        "deeds": sheet.deeds_of(line, request.user),
        "mitigations": list(risk.mitigations.select_related("owner")),
        "plan": risk.plan_b if line.has_plan else None,
        "acceptance": getattr(risk, "acceptance", None),
        "history": sheet.history(risk),
        "tags": list(risk.tags.all()),
        "questions": questions,
        "changes": [difference(change) for question in questions for change in question.changes.all()],
    }
    return page(request, "risks/risk_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_edit(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, risk.project), owner_only(risk.project))
    form = RiskForm(posted(request), risk=risk, is_assessed=is_assessed(risk))
    status = None
    if request.method == "POST":
        now = timezone.now()
        status = attempt(
            form,
            lambda: edit_risk(risk, form.values(), version=form.cleaned_data["version"], by=request.user, now=now),
            saved_by=last_saved,
        )
        if status is None:
            messages.success(request, _("Saved."))
            return leave_to(request, risk)
    context = {"risk": risk, "project": risk.project, "form": form}
    return page(request, "risks/risk_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_line(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    """The line of a risk in the list, to change there; without htmx it is a short page of its own."""
    risk = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, risk.project), owner_only(risk.project))
    now = timezone.now()
    form = RiskLineForm(posted(request), risk=risk, is_assessed=is_assessed(risk))
    status = None
    if request.method == "POST":
        status = attempt(
            form,
            lambda: edit_risk(risk, form.values(), version=form.cleaned_data["version"], by=request.user, now=now),
            saved_by=last_saved,
        )
        if status is None and not is_htmx(request):
            messages.success(request, _("Saved."))
            return leave_to(request, "risks:list")
    if request.GET.get("as") == "line" or (request.method == "POST" and status is None):
        line = lines_of([find_risk(request, pk, risk_pk)], today=timezone.localdate(now))[0]
        context = {"line": line, "names_project": True, "picks": True, "is_back": True}
        return page(request, "risks/_risk_row.html", context)
    context = {"risk": risk, "project": risk.project, "form": form, "is_line": True}
    return page(request, "risks/risk_edit.html", context, status=status, fragment="risks/_risk_line_form.html")


def last_saved(obj: Model) -> tuple[str, datetime] | None:
    """Who was faster, for the conflict."""
    risk: Risk = obj  # type: ignore[assignment] # the form's object
    return (str(risk.updated_by or _("The review")), risk.updated_at)
