"""Answers to a risk: what is done before, plan B, acceptance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, takes
from portal.accounts.permissions import require
from risks.actions import answer as actions
from risks.actions.risk import owner_only
from risks.api.risk import RISK, shown
from risks.api.shown import RiskShown
from risks.forms import AcceptForm, MitigationForm, PlanBForm
from risks.permissions import can_accept, can_keep_register
from risks.views.deed import find_risk

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["risks"])


@router.post(
    RISK + "/mitigations",
    **takes(
        _("Promise what makes it smaller"),
        MitigationForm,
        gives=RiskShown,
        status=201,
        is_partial=True,
        example={"deed": "Order the first 20 terminals now", "due_on": "2026-12-18"},
    ),
)
def mitigation_new(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, found.project), owner_only(found.project))
    form = bind(request, MitigationForm, initial={"owner": found.owner_id})
    return act(
        request,
        form,
        lambda: actions.mitigate(found, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _made: shown(request, pk, risk_pk),
        status=201,
    )


@router.post(RISK + "/mitigations/{int:mitigation_pk}/done", **takes(_("Tick it off"), None, gives=RiskShown))
def mitigation_done(request: ApiRequest, pk: int, risk_pk: int, mitigation_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    mitigation = get_object_or_404(found.mitigations.select_related("risk__project", "owner"), pk=mitigation_pk)
    return act(
        request,
        None,
        lambda: actions.mitigation_done(mitigation, by=request.user, now=timezone.now()),
        lambda _done: shown(request, pk, risk_pk),
    )


@router.put(
    RISK + "/plan-b",
    **takes(
        _("Say what is done if it happens"),
        PlanBForm,
        gives=RiskShown,
        is_partial=True,
        example={
            "trigger": "On 4 Dec recognition is below 90%",
            "deed": "Count a sample by hand for two weeks",
            "decide_by": "2026-12-04",
            "cost_amount": "3200",
            "days": "2",
        },
    ),
)
def plan_b(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, found.project), owner_only(found.project))
    form = bind(request, PlanBForm, risk=found, plan=getattr(found, "plan_b", None))
    return act(
        request,
        form,
        lambda: actions.set_plan_b(found, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _made: shown(request, pk, risk_pk),
    )


@router.put(
    RISK + "/acceptance",
    **takes(
        _("Sign that it is lived with until a day"),
        AcceptForm,
        gives=RiskShown,
        is_partial=True,
        example={"reason": "The hub closes in March anyway.", "until": "2027-03-31"},
    ),
)
def acceptance(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_accept(request.user, found), actions.signers(found))
    form = bind(request, AcceptForm, acceptance=getattr(found, "acceptance", None))
    return act(
        request,
        form,
        lambda: actions.accept(found, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _signed: shown(request, pk, risk_pk),
    )
