"""A risk happens, is settled, or is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.permissions import require
from portal.common.http import leave_to
from risks.actions import occurrence as actions
from risks.actions.risk import owner_only
from risks.forms import CloseForm, OccurForm, ResolveForm
from risks.permissions import can_keep_register, can_report
from risks.views.deed import Words, deed_page, find_risk, posted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def risk_occur(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_report(request.user, risk), actions.reporters(risk))
    form = OccurForm(posted(request))
    now = timezone.now()
    plan = getattr(risk, "plan_b", None)
    hint = _("Then plan B can be used: %(deed)s.") % {"deed": plan.deed} if plan else _("There is no plan B for it.")
    return deed_page(
        request,
        risk,
        form,
        lambda: actions.occur(risk, **form.cleaned_data, by=request.user, now=now),
        Words(
            heading=_("It happened"),
            hint=hint,
            button=_("It happened"),
            done=_("Noted: it happened. Everybody concerned is told."),
        ),
    )


@require_POST
def plan_b_use(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    actions.activate_plan_b(risk, by=request.user, now=timezone.now())
    messages.success(request, _("Plan B is in use."))
    return leave_to(request, risk)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_resolve(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_report(request.user, risk), actions.reporters(risk))
    plan = getattr(risk, "plan_b", None)
    form = ResolveForm(posted(request), has_used_plan=plan is not None and plan.activated_at is not None)
    now = timezone.now()
    return deed_page(
        request,
        risk,
        form,
        lambda: actions.resolve(risk, **form.cleaned_data, by=request.user, now=now),
        Words(
            heading=_("What came of it?"),
            hint=_("The next plan learns from what this one really took."),
            button=_("Settle it"),
            done=_("Settled."),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def risk_close(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, risk.project), owner_only(risk.project))
    form = CloseForm(posted(request))
    now = timezone.now()
    return deed_page(
        request,
        risk,
        form,
        lambda: actions.close_risk(risk, **form.cleaned_data, by=request.user, now=now),
        Words(
            heading=_("Close it: it did not happen"),
            hint=_("It is expected no more, and its answers are let go."),
            button=_("Close the risk"),
            done=_("Closed."),
        ),
    )
