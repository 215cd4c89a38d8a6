"""An engineer's cards, one at a time, on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.http import post_once
from portal.accounts.permissions import require
from portal.common.http import page
from risks.actions import review as actions
from risks.forms import AssessmentForm, RaiseForm
from risks.models import ReviewInvitation
from risks.permissions import can_assess
from risks.summaries import hand_of
from risks.views.deed import posted

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest


@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: PortalRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    hand = hand_of(invitation, shown=request.POST.get("risk") or request.GET.get("risk", ""))
    form = AssessmentForm(posted(request), hand=hand)
    now = timezone.now()

    def deed() -> ReviewInvitation:
        write = actions.change_assessment if form.cleaned_data["is_change"] else actions.assess
        write(invitation, form.cleaned_data["risk"], form.answer(), by=request.user, now=now)
        return invitation

    status = None
    if request.method == "POST":
        answer = post_once(request, form, deed)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    context = {"invitation": invitation, "project": invitation.review.project, "hand": hand, "form": form}
    return page(request, "risks/assess.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def assessment_add(request: PortalRequest, pk: int, invitation_pk: int) -> HttpResponse:
    invitation = find_invitation(request, pk, invitation_pk)
    form = RaiseForm(posted(request))
    now = timezone.now()

    def deed() -> ReviewInvitation:
        actions.add_risk_while_assessing(invitation, **form.cleaned_data, by=request.user, now=now)
        messages.success(request, _("One more card."))
        return invitation

    status = None
    if request.method == "POST":
        answer = post_once(request, form, deed)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    context = {"invitation": invitation, "project": invitation.review.project, "form": form}
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
