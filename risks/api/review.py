"""Reviews: calling one, its agenda as far as the reader may see it, and showing the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from projects.api.shown import FollowUpShown
from projects.views.frame import find_project
from risks.actions.review import call_review, close_review
from risks.actions.risk import owner_only
from risks.api.filters import ReviewFilter
from risks.api.risk import engineers
from risks.api.shown import AgendaShown, AgreedShown, AnswersShown, InvitedShown, ReviewRow, ReviewShown, RiskNamedShown
from risks.models import Review
from risks.permissions import can_keep_register
from risks.review_forms import ReviewForm
from risks.reviews import agenda_of, conditions_of, may_see_answers
from risks.summaries import standing_of
from risks.views.review import find_review

if TYPE_CHECKING:
    from django.http import HttpResponse

    from risks.reviews import AgendaItem, RiskSpread

router = Router(tags=["reviews"])
REVIEWS = "/projects/{code:pk}/reviews"
REVIEW = REVIEWS + "/{int:review_pk}"


@router.get(REVIEWS, **lists(_("Reviews of a project"), ReviewFilter, ReviewRow))
def reviews(request: ApiRequest, pk: int) -> HttpResponse:
    rows = Review.objects.visible_to(request.user).filter(project=find_project(request, pk))
    return listed(request, ReviewFilter, rows.select_related("called_by", "facilitator"), ReviewRow.of)


@router.post(
    REVIEWS,
    **takes(
        _("Ask engineers, and perhaps call a meeting"),
        ReviewForm,
        gives=ReviewShown,
        status=201,
        is_partial=True,
        example={"kind": "technical", "persons": [7, 9], "meets_on": "2026-12-11", "meets_time": "14:30"},
    ),
)
def review_call(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_keep_register(request.user, project), owner_only(project))
    form = bind(request, ReviewForm, project=project)

    def deed() -> Review:
        kind, meeting = form.cleaned_data["kind"], form.meeting()
        now = timezone.now()
        return call_review(project, form.invited(), kind=kind, meeting=meeting, by=request.user, now=now)

    return act(request, form, deed, lambda made: shown(request, pk, made.pk), status=201)


@router.get(REVIEW, **gives(_("One review: agenda, who is asked, answers once they are seen"), ReviewShown))
def review(request: ApiRequest, pk: int, review_pk: int) -> HttpResponse:
    return reply(shown(request, pk, review_pk))


@router.post(
    REVIEW + "/shown", **takes(_("Show the answers: who has not finished is asked no longer"), None, gives=ReviewShown)
)
def review_show(request: ApiRequest, pk: int, review_pk: int) -> HttpResponse:
    found = find_review(request, pk, review_pk)
    return act(
        request,
        None,
        lambda: close_review(found, by=request.user, now=timezone.now()),
        lambda _held: shown(request, pk, review_pk),
    )


def shown(request: ApiRequest, pk: int, review_pk: int) -> ReviewShown:
    """One review, with answers only where `may_see_answers` says so."""
    found = find_review(request, pk, review_pk)
    standing = standing_of(found)
    shows_answers = may_see_answers(found, standing.invitations, request.user)
    items = agenda_of(found, shows_answers=shows_answers, today=found.project.local_day(timezone.now()))
    return ReviewShown(
        **dict(ReviewRow.of(found)),
        summary=found.summary,
        concluded_by=PersonShown.of(found.concluded_by) if found.concluded_by else None,
        are_answers_shown=shows_answers,
        invitations=[InvitedShown.of(one) for one in standing.invitations],
        agenda=[_item(one) for one in items],
        conditions=[FollowUpShown.of(one) for one in conditions_of(found)],
    )


def _item(item: AgendaItem) -> AgendaShown:
    return AgendaShown(
        risk=RiskNamedShown.of(item.risk),
        exposure_amount=item.risk.exposure_amount,
        is_answered=item.line.is_answered,
        answers=None if item.spread is None else _answers(item.spread),
        agreed=None if item.agreed is None else AgreedShown.of(item.agreed),
    )


def _answers(spread: RiskSpread) -> AnswersShown:
    together = engineers(spread.view)
    assert together is not None  # noqa: S101 -- a spread has a view
    return AnswersShown(
        chances=list(spread.chances),
        days=list(spread.days),
        is_chance_wide=spread.is_chance_wide,
        are_days_wide=spread.are_days_wide,
        together=together,
    )
