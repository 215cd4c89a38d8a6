"""What is done by the link in a message: an engineer answers the cards of one invitation, a decider one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.common.components import Link
from portal.common.http import leave_to
from portal.links.purposes import LinkPurpose
from risks.actions.escalation import RELATED
from risks.enums import EscalationState
from risks.models import Escalation, ReviewInvitation
from risks.permissions import can_answer_escalation, can_assess
from risks.views.assess import Places, add_page, cards_page
from risks.views.escalation_deed import DEEDS, deed_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from portal.accounts.models import User
    from portal.links.purposes import LinkRequest

ADD = "risk"


# -- the cards of an invitation ----------------------------------------------------------------------------------------


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


# -- the answer to a question ------------------------------------------------------------------------------------------


def find_question(pk: int, person: User) -> Escalation | None:
    """The question that waits for this person, as long as it has not moved on to another; none of a restricted project,
    where nothing is decided by link.
    """
    seen = Escalation.objects.visible_to(person).filter(project__is_restricted=False)
    found = seen.select_related(*RELATED, "risk", "agreed_with").filter(pk=pk, decider=person).first()
    return found if found is not None and can_answer_escalation(person, found) else None


def waits(found: Escalation) -> bool:
    """Until the decider has said his word, or confirmed what was written down in his name."""
    return found.state == EscalationState.WAITING or found.is_reported


def answer(deed: str, *, other: str) -> Callable[[LinkRequest], HttpResponse]:
    """The page of one deed of the decider; `other` is the part of the address where he says something else."""

    def shown(request: LinkRequest) -> HttpResponse:
        link = request.link
        if request.method != "POST" and link.found.is_reported != (deed in {"ratify", "dispute"}):
            return leave_to(request, link.url("ratify" if link.found.is_reported else ""))
        words = {"counter": _("Propose another way"), "dispute": _("It was not agreed")}.get(other, _("Back"))
        way = Link(words, link.url(other))
        return deed_page(request, link.found, DEEDS[deed], "risks/escalation_by_link.html", done=link.url(), other=way)

    return shown


PURPOSES = (
    LinkPurpose(key="risks.assess", find=find, still_owed=still_owed, pages={"": cards, ADD: add}),
    LinkPurpose(
        key="risks.answer",
        find=find_question,
        still_owed=waits,
        pages={
            "": answer("decide", other="counter"),
            "counter": answer("counter", other=""),
            "ratify": answer("ratify", other="dispute"),
            "dispute": answer("dispute", other="ratify"),
        },
    ),
)
