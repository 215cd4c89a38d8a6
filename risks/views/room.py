"""A review in the room: a code to scan, how many have answered, and, once the owner shows them, the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max
from django.http import HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.common.http import page
from portal.common.qr import code_of
from risks.permissions import can_lead_review
from risks.reviews import agenda_of
from risks.summaries import standing_of
from risks.views import board, review_sheet
from risks.views.review import find_review

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest
    from risks.models import Review
    from risks.summaries import ReviewStanding


@never_cache
@require_safe
def review_room(request: PortalRequest, pk: int, review_pk: int) -> HttpResponse:
    """For the projector: everybody in the room reads it, so it shows no answers before all may see them.

    The page asks for itself again every few seconds; nothing new since what it knows is 304.
    """
    review = find_review(request, pk, review_pk)
    standing = standing_of(review)
    pulse = pulse_of(review, standing)
    if request.GET.get("since") == pulse:
        return HttpResponseNotModified()
    shown = not review.is_open
    items = agenda_of(review, shows_answers=True, today=review.project.local_day(timezone.now())) if shown else []
    address = request.build_absolute_uri(reverse("risks:review_answer", args=[pk, review_pk]))
    may_lead = can_lead_review(request.user, review) and not board.is_over(review.project)
    context = {
        "review": review,
        "project": review.project,
        "standing": standing,
        "pulse": pulse,
        "rows": review_sheet.rows_of(items),
        "code": code_of(address) if review.is_open else None,
        "address": address,
        "may_show": may_lead and review.is_open and standing.answered > 0,
    }
    return page(request, "risks/review_room.html", context, fragment="risks/_room.html")


def pulse_of(review: Review, standing: ReviewStanding) -> str:
    """What the page shows, in short: while it is blind, counts alone."""
    if review.is_open:
        return f"{standing.answered}.{len(standing.invitations)}"
    agreed = review.agreed.aggregate(last=Max("set_at"))["last"]
    return f"shown.{agreed:%Y%m%d%H%M%S%f}" if agreed else "shown"
