"""Answers to a risk: mitigation, plan B, acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.permissions import require
from portal.common.http import leave_to
from risks.actions import answer as actions
from risks.actions.risk import owner_only
from risks.forms import AcceptForm, MitigationForm, PlanBForm
from risks.permissions import can_accept, can_keep_register
from risks.views.deed import Words, deed_page, find_risk, posted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def risk_mitigate(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, risk.project), owner_only(risk.project))
    form = MitigationForm(posted(request), initial={"owner": risk.owner_id})
    now = timezone.now()
    return deed_page(
        request,
        risk,
        form,
        lambda: actions.mitigate(risk, **form.cleaned_data, by=request.user, now=now),
        Words(
            heading=_("What will make it smaller?"),
            hint=_("Done before it can happen: it lowers the chance, or what it costs."),
            button=_("Promise it"),
            done=_("The mitigation is on the list of its owner."),
        ),
    )


@require_POST
def mitigation_done(request: PortalRequest, pk: int, risk_pk: int, mitigation_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    mitigation = get_object_or_404(risk.mitigations.select_related("risk__project", "owner"), pk=mitigation_pk)
    actions.mitigation_done(mitigation, by=request.user, now=timezone.now())
    messages.success(request, _("Ticked off."))
    return leave_to(request, risk)


@require_http_methods(["GET", "HEAD", "POST"])
def risk_plan_b(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, risk.project), owner_only(risk.project))
    form = PlanBForm(posted(request), risk=risk, plan=getattr(risk, "plan_b", None))
    now = timezone.now()
    return deed_page(
        request,
        risk,
        form,
        lambda: actions.set_plan_b(risk, **form.cleaned_data, by=request.user, now=now),
        Words(
            heading=_("What do we do if it happens?"),
            hint=_(
                "A plan B is made while there is time to think: what is watched, who decides until when, what it takes."
            ),
            button=_("Save plan B"),
            done=_("Plan B is ready."),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def risk_accept(request: PortalRequest, pk: int, risk_pk: int) -> HttpResponse:
    risk = find_risk(request, pk, risk_pk)
    require(can_accept(request.user, risk), actions.signers(risk))
    form = AcceptForm(posted(request), acceptance=getattr(risk, "acceptance", None))
    now = timezone.now()
    return deed_page(
        request,
        risk,
        form,
        lambda: actions.accept(risk, **form.cleaned_data, by=request.user, now=now),
        Words(
            heading=_("Can we live with it?"),
            hint=_("You sign for the company: nothing is done about it until the day you name."),
            button=_("Sign"),
            done=_("Signed. It is looked at again on the day you named."),
        ),
    )
