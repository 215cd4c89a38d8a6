"""A review as a meeting: moving it, agreeing on figures, concluding it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, takes
from risks.actions import meeting as actions
from risks.api.review import REVIEW, shown
from risks.api.shown import ReviewShown
from risks.models import Risk
from risks.review_forms import AgreeForm, ConcludeForm, MeetingForm, conditions_asked
from risks.summaries import standing_of
from risks.views.meeting import find_own_review, proposed, row_of

if TYPE_CHECKING:
    from django.http import HttpResponse

    from risks.models import Review

router = Router(tags=["reviews"])


@router.put(
    REVIEW + "/meeting",
    **takes(
        _("Say when and where people meet"),
        MeetingForm,
        gives=ReviewShown,
        is_partial=True,
        is_keyed=False,
        example={"meets_on": "2026-12-11", "meets_time": "14:30", "place": "Room 3.12"},
    ),
)
def review_move(request: ApiRequest, pk: int, review_pk: int) -> HttpResponse:
    found = find_own_review(request, pk, review_pk)
    form = bind(request, MeetingForm, project=found.project, review=found)

    def deed() -> Review:
        meeting = form.meeting()
        assert meeting is not None  # noqa: S101 -- the day is required here
        return actions.move_review(found, meeting, by=request.user, now=timezone.now())

    # The facilitator may have finished his own cards: no answer that shows what others said is kept before all may see it.
    return act(request, form, deed, lambda _moved: shown(request, pk, review_pk), is_keyed=False)


@router.put(
    REVIEW + "/agreed/{int:risk_pk}",
    **takes(
        _("Write down what was agreed on for a risk"),
        AgreeForm,
        gives=ReviewShown,
        is_partial=True,
        example={"probability": "30%", "impact_days": "5", "reason": "The pilot lost two days."},
    ),
)
def review_agree(request: ApiRequest, pk: int, review_pk: int, risk_pk: int) -> HttpResponse:
    found = find_own_review(request, pk, review_pk)
    risk = get_object_or_404(Risk.objects.visible_to(request.user).filter(project_id=pk), pk=risk_pk)
    form = bind(request, AgreeForm, initial=proposed(row_of(request, found, risk)))
    return act(
        request,
        form,
        lambda: actions.agree_estimate(found, risk, **form.cleaned_data, by=request.user, now=timezone.now()),
        lambda _agreed: shown(request, pk, review_pk),
    )


@router.post(
    REVIEW + "/conclusion",
    **takes(
        _("Conclude it: what it came to, who was there, up to three conditions"),
        ConcludeForm,
        gives=ReviewShown,
        is_partial=True,
        also=conditions_asked(),
        example={"conclusion": "conditions", "condition_1": "Measure the night hubs", "due_on_1": "2026-12-18"},
    ),
)
def review_conclude(request: ApiRequest, pk: int, review_pk: int) -> HttpResponse:
    found = find_own_review(request, pk, review_pk)
    form = bind(request, ConcludeForm, project=found.project, invitations=standing_of(found).invitations)
    return act(
        request,
        form,
        lambda: actions.conclude_review(found, form.outcome(), by=request.user, now=timezone.now()),
        lambda _concluded: shown(request, pk, review_pk),
    )
