"""Follow-ups: what was promised, moved along by who promised it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from projects.actions.follow_ups import carry_over, change_follow_up, require_change
from projects.api.shown import FollowUpRow
from projects.enums import FollowUpState
from projects.filters import FollowUpFilter
from projects.forms.delivery import CarryOverForm, FollowUpForm
from projects.models import FollowUp
from projects.views.follow_up import find_follow_up, next_states
from projects.views.frame import find_project

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["follow-ups"])
ONE = "/projects/{code:pk}/follow-ups/{int:follow_up_pk}"


@router.get("/follow-ups", **lists(_("List follow-ups"), FollowUpFilter, FollowUpRow))
def follow_ups(request: ApiRequest) -> HttpResponse:
    rows = FollowUp.objects.visible_to(request.user).select_related("project", "owner")
    return listed(request, FollowUpFilter, rows, FollowUpRow.of)


@router.get(ONE, **gives(_("One follow-up"), FollowUpRow))
def follow_up(request: ApiRequest, pk: int, follow_up_pk: int) -> HttpResponse:
    return reply(FollowUpRow.of(find_follow_up(find_project(request, pk), follow_up_pk)))


@router.post(
    ONE + "/state",
    **takes(
        _("Say how it went on: doing, done, effective, not_effective, dropped"),
        FollowUpForm,
        gives=FollowUpRow,
        is_partial=True,
        example={"state": "done", "note": "Counted again on Monday."},
    ),
)
def follow_up_move(request: ApiRequest, pk: int, follow_up_pk: int) -> HttpResponse:
    found = find_follow_up(find_project(request, pk), follow_up_pk)
    require_change(found, request.user)
    form = bind(request, FollowUpForm, states=next_states(found), initial={"note": found.note})

    def deed() -> FollowUp:
        state = FollowUpState(form.cleaned_data["state"])
        return change_follow_up(found, state, note=form.cleaned_data["note"], by=request.user, now=timezone.now())

    return act(request, form, deed, FollowUpRow.of)


@router.post(
    ONE + "/later",
    **takes(_("Take it along to a later day"), CarryOverForm, gives=FollowUpRow, example={"due_on": "2027-01-15"}),
)
def follow_up_carry(request: ApiRequest, pk: int, follow_up_pk: int) -> HttpResponse:
    found = find_follow_up(find_project(request, pk), follow_up_pk)
    require_change(found, request.user)
    form = bind(request, CarryOverForm)
    return act(
        request,
        form,
        lambda: carry_over(found, form.cleaned_data["due_on"], by=request.user, now=timezone.now()),
        FollowUpRow.of,
    )
