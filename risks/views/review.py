"""Calling a review, finding one's part in it, and closing it."""

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
from risks.forms import ReviewForm
from risks.models import Review, Risk
from risks.permissions import can_keep_register
from risks.views.deed import posted

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def review_call(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_keep_register(request.user, project), owner_only(project))
    form = ReviewForm(posted(request), project=project)
    now = timezone.now()

    def deed() -> str:
        actions.call_review(
            project, list(form.cleaned_data["persons"]), kind=form.cleaned_data["kind"], by=request.user, now=now
        )
        messages.success(request, _("The engineers are asked."))
        return reverse("risks:project", args=[project.pk])

    status = None
    if request.method == "POST":
        answer = post_once(request, form, deed)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    cards = Risk.objects.filter(project=project).open().order_by("pk")
    context = frame(request, project, "risks") | {"form": form, "cards": list(cards)}
    return page(request, "risks/review_call.html", context, status=status)


@require_safe
def review_open(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    """Where the news of a review lead: to one's own cards while they wait, else to the register."""
    review = find_review(request, pk, review_pk)
    mine = review.invitations.filter(person=request.user, state=InvitationState.INVITED).first()
    if review.is_open and mine is not None:
        return redirect(mine)
    return redirect("risks:project", pk)


@require_POST
def review_close(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    review = find_review(request, pk, review_pk)
    actions.close_review(review, by=request.user, now=timezone.now())
    messages.success(request, _("The review is held."))
    return leave_to(request, reverse("risks:project", args=[pk]))


def find_review(request: PortalRequest, pk: int, review_pk: int) -> Review:
    """A review of exactly this project."""
    visible = (
        Review.objects.visible_to(request.user).filter(project_id=pk).select_related("project__owner", "project__site")
    )
    return get_object_or_404(visible, pk=review_pk)
