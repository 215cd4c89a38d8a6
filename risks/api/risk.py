"""The register: its list, one risk, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from projects.views.frame import find_project
from risks.actions.occurrence import activate_plan_b, close_risk, occur, reporters, resolve, watch_risk
from risks.actions.risk import edit_risk, is_assessed, members_only, owner_only, raise_risk, tags_of
from risks.api.filters import RegisterFilter
from risks.api.shown import (
    AcceptanceShown,
    AgreedShown,
    EngineersShown,
    MitigationShown,
    PlanBShown,
    RiskRow,
    RiskShown,
    SpreadShown,
)
from risks.forms import CloseForm, OccurForm, RaiseForm, ResolveForm, RiskForm
from risks.models import Risk
from risks.permissions import can_keep_register, can_raise, can_report
from risks.reviews import agreed_of
from risks.summaries import engineers_view, lines_of
from risks.views.deed import find_risk

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from portal.common.forms import PortalForm
    from risks.summaries import EngineersView

router = Router(tags=["risks"])
REGISTER = "/projects/{code:pk}/risks"
RISK = REGISTER + "/{int:risk_pk}"


@router.get("/risks", **lists(_("List risks"), RegisterFilter, RiskRow))
def risks(request: ApiRequest) -> HttpResponse:
    rows = Risk.objects.visible_to(request.user).select_related("project", "owner")
    return listed(request, RegisterFilter, rows, RiskRow.of)


@router.post(
    REGISTER,
    **takes(
        _("Raise a risk"),
        RaiseForm,
        gives=RiskShown,
        status=201,
        example={"event": "Night hubs lose the network", "effect": "Scans come a day late"},
    ),
)
def risk_new(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_raise(request.user, project), members_only())
    form = bind(request, RaiseForm)
    return act(
        request,
        form,
        lambda: raise_risk(project, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda made: shown(request, pk, made.pk),
        status=201,
    )


@router.get(RISK, **gives(_("One risk"), RiskShown))
def risk(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    return reply(shown(request, pk, risk_pk))


@router.patch(
    RISK,
    **takes(
        _("Change a risk; where engineers gave chance and days, those two are theirs"),
        RiskForm,
        gives=RiskShown,
        is_partial=True,
        example={"impact_amount": "120000", "tags": "network, night hubs"},
    ),
)
def risk_edit(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, found.project), owner_only(found.project))
    form = bind(request, RiskForm, risk=found, is_assessed=is_assessed(found))

    def deed() -> Risk:
        version = form.cleaned_data["version"]
        return edit_risk(found, form.values(), version=version, by=request.user, now=timezone.now())

    return _done(request, found, form, deed)


@router.post(
    RISK + "/watched", **takes(_("Say that the answer is in place and the risk is watched"), None, gives=RiskShown)
)
def risk_watch(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    return _done(request, found, None, lambda: watch_risk(found, by=request.user, now=timezone.now()))


@router.post(
    RISK + "/occurred", **takes(_("Say that it happened"), OccurForm, gives=RiskShown, example={"note": "At hub 4."})
)
def risk_occur(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_report(request.user, found), reporters(found))
    form = bind(request, OccurForm)
    return _done(request, found, form, lambda: occur(found, **form.cleaned_data, by=request.user, now=timezone.now()))


@router.post(RISK + "/plan-b/used", **takes(_("Use plan B"), None, gives=RiskShown))
def plan_b_use(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    return _done(request, found, None, lambda: activate_plan_b(found, by=request.user, now=timezone.now()))


@router.post(
    RISK + "/resolved",
    **takes(
        _("Say what came of it; where plan B was used, also what it really took"),
        ResolveForm,
        gives=RiskShown,
        is_partial=True,
        example={"outcome": "A day was lost, no more."},
    ),
)
def risk_resolve(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_report(request.user, found), reporters(found))
    plan = getattr(found, "plan_b", None)
    form = bind(request, ResolveForm, has_used_plan=plan is not None and plan.activated_at is not None)
    return _done(request, found, form, lambda: resolve(found, **form.cleaned_data, by=request.user, now=timezone.now()))


@router.post(
    RISK + "/closed",
    **takes(
        _("Close it: it did not happen and no longer can"),
        CloseForm,
        gives=RiskShown,
        example={"outcome": "The hub has a second line now."},
    ),
)
def risk_close(request: ApiRequest, pk: int, risk_pk: int) -> HttpResponse:
    found = find_risk(request, pk, risk_pk)
    require(can_keep_register(request.user, found.project), owner_only(found.project))
    form = bind(request, CloseForm)
    return _done(
        request, found, form, lambda: close_risk(found, **form.cleaned_data, by=request.user, now=timezone.now())
    )


def _done(
    request: ApiRequest, found: Risk, form: PortalForm | None, deed: Callable[[], Any], *, status: int = 200
) -> HttpResponse:
    """Do it, and show the risk as it is then."""
    return act(request, form, deed, lambda _made: shown(request, found.project_id, found.pk), status=status)


def shown(request: ApiRequest, pk: int, risk_pk: int) -> RiskShown:
    """One risk whole. What engineers said is that of reviews that were held."""
    found = find_risk(request, pk, risk_pk)
    line = lines_of([found], today=found.project.local_day(timezone.now()))[0]
    agreed = agreed_of(found)
    own = {name: getattr(found, name) for name in ("occurred_at", "closed_at", "outcome")}
    return RiskShown(
        **dict(RiskRow.of(found)),
        **own,
        raised_by=PersonShown.of(found.raised_by),
        tags=tags_of(found),
        is_above=line.is_above,
        is_answered=line.is_answered,
        mitigations=[MitigationShown.of(one) for one in found.mitigations.select_related("owner")],
        plan_b=PlanBShown.of(found.plan_b) if line.has_plan else None,
        acceptance=AcceptanceShown.of(found.acceptance) if hasattr(found, "acceptance") else None,
        engineers=engineers(engineers_view(found)),
        agreed=AgreedShown.of(agreed) if agreed else None,
    )


def engineers(view: EngineersView | None) -> EngineersShown | None:
    """What they said together."""
    if view is None:
        return None
    estimate = view.estimate
    return EngineersShown(
        count=estimate.n,
        not_their_field=view.not_their_field,
        chance=SpreadShown.of(estimate.chance),
        days=SpreadShown.of(estimate.days),
        notes=list(view.notes),
    )
