"""What an invited engineer does by the link in his message: the cards of one invitation, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.links.purposes import LinkPurpose
from risks.models import ReviewInvitation
from risks.permissions import can_assess
from risks.views.assess import Places, add_page, cards_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.models import User
    from portal.links.purposes import LinkRequest

ADD = "risk"


def find(pk: int, person: User) -> ReviewInvitation | None:
    """The person's own invitation, as long as he sees its project."""
    invitation = (
        ReviewInvitation.objects.visible_to(person)
        .select_related("review__project__owner", "review__project__site", "person")
        .filter(pk=pk)
        .first()
    )
    return invitation if invitation is not None and can_assess(person, invitation) else None


def still_owed(invitation: ReviewInvitation) -> bool:
    """Until the last card is answered, or the review is held without him."""
    return invitation.is_open


def cards(request: LinkRequest) -> HttpResponse:
    return cards_page(request, request.link.found, places(request))


def add(request: LinkRequest) -> HttpResponse:
    return add_page(request, request.link.found, places(request))


def places(request: LinkRequest) -> Places:
    return Places(cards=request.link.url(), add=request.link.url(ADD), is_by_link=True)


PURPOSES = (LinkPurpose(key="risks.assess", find=find, still_owed=still_owed, pages={"": cards, ADD: add}),)
