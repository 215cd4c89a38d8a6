"""Calling a review, its page, finding one's part in it, and showing the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common.http import leave_to, page
from projects.views.frame import find_project, frame
from risks.actions import review as actions
from risks.actions.risk import owner_only
from risks.enums import InvitationState
from risks.models import Review, Risk
from risks.permissions import can_keep_register, can_lead_review
from risks.prompts import prompts_for
from risks.review_forms import ReviewForm
from risks.reviews import agenda_of, may_see_answers, traits_of
from risks.summaries import standing_of
from risks.views import board, review_sheet
from risks.views.deed import posted

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def review_call(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_keep_register(request.user, project), owner_only(project))
    form = ReviewForm(posted(request), project=project)
    now = timezone.now()

    def deed() -> Review:
        kind, meeting = form.cleaned_data["kind"], form.meeting()
        review = actions.call_review(project, form.invited(), kind=kind, meeting=meeting, by=request.user, now=now)
        messages.success(request, _("The engineers are asked."))
        return review

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    cards = Risk.objects.filter(project=project).open().order_by("pk")
    context = frame(request, project, "risks") | {
        "form": form,
        "cards": list(cards),
        "prompts": prompts_for(traits_of(project, str(form["kind"].value()))),
    }
    return page(request, "risks/review_call.html", context, status=status)


@require_safe
def review_detail(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    """The agenda with what was answered, as far as the reader may see it, and who is asked."""
    review = find_review(request, pk, review_pk)
    project = find_project(request, pk)
    standing = standing_of(review)
    shows_answers = may_see_answers(review, standing.invitations, request.user)
    today = project.local_day(timezone.now())
    items = agenda_of(review, shows_answers=shows_answers, today=today)
    may_lead = can_lead_review(request.user, review) and not board.is_over(project)
    context = frame(request, project, "risks", review_sheet.answer_line(standing)) | {
        "review": review,
        "standing": standing,
        "rows": review_sheet.rows_of(items),
        "shows_answers": shows_answers,
        "mine": board.own_invitation(standing, request.user),
        "may_show": may_lead and review.is_open,
        "may_conclude": may_lead and not review.is_open and review.concluded_at is None,
    }
    return page(request, "risks/review_detail.html", context)


@require_safe
def review_answer(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    """Where the news and the code in the room lead: to one's own cards while they wait, else to the review."""
    review = find_review(request, pk, review_pk)
    mine = review.invitations.filter(person=request.user, state=InvitationState.INVITED).first()
    return redirect(mine if review.is_open and mine is not None else review)


@require_POST
def review_close(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    review = find_review(request, pk, review_pk)
    actions.close_review(review, by=request.user, now=timezone.now())
    if "from_room" in request.POST:
        return leave_to(request, reverse("risks:review_room", args=[pk, review_pk]))
    messages.success(request, _("The answers are shown."))
    return leave_to(request, review)


def find_review(request: PortalRequest, pk: int, review_pk: int) -> Review:
    """A review of exactly this project."""
    visible = (
        Review.objects.visible_to(request.user)
        .filter(project_id=pk)
        .select_related("project__owner", "project__site", "called_by", "concluded_by", "facilitator")
    )
    return get_object_or_404(visible, pk=review_pk)
