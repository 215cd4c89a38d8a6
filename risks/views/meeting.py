"""A review as a meeting: moving it, agreeing on figures, concluding it, and its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common import formats
from portal.common.http import page
from risks.actions import meeting as actions
from risks.actions.review import leader_only
from risks.lines import language
from risks.models import Risk
from risks.permissions import can_lead_review
from risks.review_forms import AgreeForm, ConcludeForm, MeetingForm
from risks.reviews import agenda_of, conditions_of, may_see_answers
from risks.summaries import standing_of
from risks.views import review_sheet
from risks.views.deed import Words, posted
from risks.views.review import find_review

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.accounts.http import PortalRequest
    from portal.common.forms import PortalForm
    from risks.models import Review
    from risks.views.review_sheet import AgendaRow


@require_http_methods(["GET", "HEAD", "POST"])
def review_move(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    review = find_own_review(request, pk, review_pk)
    form = MeetingForm(posted(request), project=review.project, review=review)
    now = timezone.now()

    def deed() -> None:
        meeting = form.meeting()
        assert meeting is not None  # noqa: S101 -- the day is required here
        actions.move_review(review, meeting, by=request.user, now=now)

    words = Words(
        heading=_("When and where do you meet?"),
        hint=_("Everybody invited is told; who has not answered yet has until then."),
        button=_("Tell them"),
        done=_("Everybody invited is told."),
    )
    return review_deed_page(request, review, form, deed, words)


@require_http_methods(["GET", "HEAD", "POST"])
def review_agree(request: PortalRequest, pk: int, review_pk: int, risk_pk: int) -> HttpResponse:
    review = find_own_review(request, pk, review_pk)
    risk = get_object_or_404(Risk.objects.visible_to(request.user).filter(project_id=pk), pk=risk_pk)
    row = row_of(request, review, risk)
    form = AgreeForm(posted(request), initial=proposed(row))
    now = timezone.now()
    words = Words(
        heading=_("What do you agree on?"),
        hint=risk.event,
        button=_("Write it down"),
        done=_("The agreed figures stand beside what each had said."),
    )
    return review_deed_page(
        request,
        review,
        form,
        lambda: actions.agree_estimate(review, risk, **form.cleaned_data, by=request.user, now=now),
        words,
        row=row,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def review_conclude(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    review = find_own_review(request, pk, review_pk)
    invitations = standing_of(review).invitations
    form = ConcludeForm(posted(request), project=review.project, invitations=invitations)
    now = timezone.now()
    words = Words(
        heading=_("What did it come to?"),
        hint=_("Conditions become follow-ups of their owners; the conclusion then stands in the minutes."),
        button=_("Conclude the review"),
        done=_("The review is concluded; the minutes are ready."),
    )
    return review_deed_page(
        request,
        review,
        form,
        lambda: actions.conclude_review(review, form.outcome(), by=request.user, now=now),
        words,
    )


@require_safe
def review_minutes(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    """The minutes, to print and to copy. Names stand at who was there, never at a figure."""
    review = find_review(request, pk, review_pk)
    standing = standing_of(review)
    shows_answers = may_see_answers(review, standing.invitations, request.user)
    items = agenda_of(review, shows_answers=shows_answers, today=review.project.local_day(timezone.now()))
    context = {
        "review": review,
        "project": review.project,
        "standing": standing,
        "title": review_sheet.minutes_title(review),
        "answer": review_sheet.answer_line(standing),
        "rows": review_sheet.rows_of(items),
        "conditions": conditions_of(review),
    }
    return page(request, "risks/review_minutes.html", context)


def review_deed_page(
    request: PortalRequest,
    review: Review,
    form: PortalForm,
    deed: Callable[[], object],
    words: Words,
    *,
    row: AgendaRow | None = None,
) -> HttpResponse:
    """A page with one form and one button. Done, it leads back to the review; refused, it keeps what was typed."""

    def once() -> Review:
        deed()
        messages.success(request, words.done)
        return review

    status = post_once(request, form, once)
    if isinstance(status, HttpResponse):
        return status
    context = {"review": review, "project": review.project, "form": form, "words": words, "row": row}
    return page(request, "risks/review_deed.html", context, status=status)


def find_own_review(request: PortalRequest, pk: int, review_pk: int) -> Review:
    """A review that the person leads."""
    review = find_review(request, pk, review_pk)
    require(can_lead_review(request.user, review), leader_only(review))
    return review


def row_of(request: PortalRequest, review: Review, risk: Risk) -> AgendaRow | None:
    """What was said about the risk, as far as the person may see it."""
    shows_answers = may_see_answers(review, standing_of(review).invitations, request.user)
    items = agenda_of(review, shows_answers=shows_answers, today=review.project.local_day(timezone.now()))
    return next((row for row in review_sheet.rows_of(items) if row.item.risk.pk == risk.pk), None)


def proposed(row: AgendaRow | None) -> dict[str, Any]:
    """What the boxes start with: what was agreed before, else the middle of the answers."""
    if row is None:
        return {}
    agreed = row.item.agreed
    if agreed is not None:
        return boxes(agreed) | {"reason": agreed.reason}
    return boxes(row.item.spread.view.estimate) if row.item.spread is not None else {}


def boxes(figures: Any) -> dict[str, Any]:
    return {
        "probability": formats.percent(figures.probability, language()),
        "impact_days": formats.number(figures.impact_days),
    }
