"""The cards of one engineer in a review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from risks.enums import OPEN_STATES
from risks.models import Assessment, Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from risks.models import ReviewInvitation


@dataclass(frozen=True, slots=True)
class Card:
    """One risk in an engineer's hand, with his own answer once he gave it."""

    number: int
    risk: Risk
    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Hand:
    """The cards of one invitation. `current` is the one that lies open; none once all are answered."""

    invitation: ReviewInvitation
    cards: Sequence[Card]
    current: Card | None

    @property
    def answered(self) -> Sequence[Card]:
        return [card for card in self.cards if card.assessment is not None]

    @property
    def left(self) -> int:
        return len(self.cards) - len(self.answered)

    @property
    def minutes(self) -> int:
        """About how long the rest takes, at four cards a minute."""
        return -(-self.left // 4)

    @property
    def is_open(self) -> bool:
        """Whether anything can still be answered or changed."""
        return self.invitation.is_open


def hand_of(invitation: ReviewInvitation, *, shown: str = "") -> Hand:
    """The cards of an invitation in the order in which the risks were raised; `shown` asks for one of one's own again.

    Once it is finished or the review is held, only what was answered is left. Two queries.
    """
    own = {each.risk_id: each for each in Assessment.objects.filter(invitation=invitation)}
    hand = Hand(invitation, (), None)
    of_review = Q(state__in=OPEN_STATES) | Q(pk__in=own) if hand.is_open else Q(pk__in=own)
    risks = Risk.objects.filter(of_review, project=invitation.review.project_id).order_by("pk")
    cards = [Card(number, risk, own.get(risk.pk)) for number, risk in enumerate(risks, start=1)]
    if not hand.is_open:
        return Hand(invitation, cards, None)
    again = next((card for card in cards if card.assessment and card.risk.is_open and str(card.risk.pk) == shown), None)
    return Hand(invitation, cards, again or next((card for card in cards if card.assessment is None), None))
