"""The register of one project, and raising a risk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common.http import page
from portal.policy.store import value
from projects.views.frame import find_project, frame
from risks import policy
from risks.actions.risk import members_only, raise_risk
from risks.enums import ReviewKind
from risks.forms import LineForm, RaiseAnywhereForm, RaiseForm
from risks.permissions import can_keep_register, can_raise
from risks.prompts import prompts_for
from risks.reviews import traits_of
from risks.summaries import forecast_of, register_of, review_standing, risk_totals
from risks.views import board
from risks.views.deed import posted
from risks.views.register import heading

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest
    from risks.models import Risk

#: Where a line leads that is no risk: the page that asks for the rest.
BEGINS = {"question": "risks:escalate", "left_out": "projects:defer"}


@require_safe
def project_risks(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    now = timezone.now()
    today = project.local_day(now)
    totals = risk_totals(project, user=request.user, today=today)
    lines = register_of(project, today=today)
    standing = review_standing(project)
    may_keep = can_keep_register(request.user, project) and not board.is_over(project)
    context = frame(request, project, "risks", heading(totals) if lines else "") | {
        "lines": lines,
        "totals": totals,
        "appetite": value(policy.APPETITE),
        "figures": board.figures(forecast_of(project), lines),
        "standing": standing,
        "mine": board.own_invitation(standing, request.user),
        "may_keep": may_keep,
        "may_call": may_keep and totals.open > 0 and (standing is None or not standing.review.is_open),
        "prompts": prompts_for(traits_of(project, ReviewKind.TECHNICAL)) if may_keep and standing is None else (),
        "form": RaiseForm() if can_raise(request.user, project) and not board.is_over(project) else None,
    }
    return page(request, "risks/project_risks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_new(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_raise(request.user, project), members_only())
    form = RaiseForm(posted(request))
    now = timezone.now()

    def deed() -> Risk:
        risk = raise_risk(project, **form.cleaned_data, by=request.user, now=now)
        messages.success(request, _("The risk is on the register."))
        return risk

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return page(request, "risks/risk_new.html", frame(request, project, "risks") | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def raise_line(request: PortalRequest, pk: int) -> HttpResponse:
    """One line from any page of the project becomes a risk, or begins a question or something left out."""
    project = find_project(request, pk)
    require(can_raise(request.user, project), members_only())
    form = LineForm(posted(request), is_owner=can_keep_register(request.user, project))
    now = timezone.now()

    def deed() -> Risk | str:
        line, kind = form.cleaned_data["line"], form.cleaned_data["kind"]
        if kind in BEGINS:
            return f"{reverse(BEGINS[kind], args=[project.pk])}?{urlencode({'line': line})}"
        risk = raise_risk(project, event=line, by=request.user, now=now)
        messages.success(request, _("The risk is on the register."))
        return risk

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return page(request, "risks/raise_line.html", frame(request, project, "risks") | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_raise(request: PortalRequest) -> HttpResponse:
    """Raising a risk from anywhere: the project is chosen with it."""
    form = RaiseAnywhereForm(posted(request), user=request.user)
    now = timezone.now()

    def deed() -> Risk:
        risk = raise_risk(**form.cleaned_data, by=request.user, now=now)
        messages.success(request, _("The risk is on the register."))
        return risk

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return page(request, "risks/risk_raise.html", {"form": form}, status=status)
