"""An engineer's cards, one at a time, on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common.http import page
from risks.actions import review as actions
from risks.forms import AssessmentForm, PressForm, RaiseForm
from risks.models import ReviewInvitation
from risks.permissions import can_assess
from risks.reviews import prompts_of
from risks.summaries import hand_of
from risks.views.deed import posted

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest


@dataclass(frozen=True, slots=True)
class Places:
    """Where the pages of an invitation stand: in the portal, or behind a signed link that reaches nothing else."""

    cards: str
    add: str
    is_by_link: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: PortalRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    return cards_page(request, invitation, places_of(invitation))


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_add(request: PortalRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    return add_page(request, invitation, places_of(invitation))


def places_of(invitation: ReviewInvitation) -> Places:
    add = reverse("risks:assess_add", args=[invitation.review.project_id, invitation.pk])
    return Places(cards=invitation.get_absolute_url(), add=add)


def cards_page(request: PortalRequest, invitation: ReviewInvitation, places: Places) -> HttpResponse:
    hand = hand_of(invitation, shown=request.POST.get("risk") or request.GET.get("risk", ""))
    form = AssessmentForm(posted(request), hand=hand)
    now = timezone.now()

    def deed() -> str:
        write = actions.change_assessment if form.cleaned_data["is_change"] else actions.assess
        write(invitation, form.cleaned_data["risk"], form.answer(), by=request.user, now=now)
        return places.cards

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    project = invitation.review.project
    asked = [] if invitation.prompts_answered_at else prompts_of(invitation.review)
    context = {"invitation": invitation, "project": project, "hand": hand, "form": form, "places": places}
    context["questions"] = len(asked)
    return page(request, "risks/assess.html", context, status=status)


def add_page(request: PortalRequest, invitation: ReviewInvitation, places: Places) -> HttpResponse:
    wants_none = "none" in request.POST
    form = PressForm(posted(request)) if wants_none else RaiseForm(posted(request))
    now = timezone.now()

    def deed() -> str:
        if wants_none:
            actions.answer_prompts(invitation, by=request.user, now=now)
        else:
            actions.add_risk_while_assessing(invitation, **form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("One more card."))
        return places.cards

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    prompts = prompts_of(invitation.review)
    context = {
        "invitation": invitation,
        "project": invitation.review.project,
        "form": form,
        "places": places,
        "prompts": prompts,
    }
    return page(request, "risks/assess_add.html", context, status=status)


def find_invitation(request: PortalRequest, pk: int, invitation_pk: int) -> ReviewInvitation:
    """One's own invitation of exactly this project; another's is refused, an unseen one does not exist."""
    invitation = get_object_or_404(
        ReviewInvitation.objects.visible_to(request.user)
        .filter(review__project_id=pk)
        .select_related("review__project__owner", "review__project__site", "person"),
        pk=invitation_pk,
    )
    require(can_assess(request.user, invitation), actions.only_the_invited(invitation))
    return invitation
