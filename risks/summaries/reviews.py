"""How a review stands, and what its engineers said, without their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from risks.enums import GOOD_CONCLUSIONS, Conclusion, InvitationState
from risks.exposure import combine
from risks.models import Assessment, Review

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from portal.accounts.models import User
    from projects.models import Project
    from risks.exposure import Estimate
    from risks.models import ReviewInvitation, Risk


@dataclass(frozen=True, slots=True)
class EngineersView:
    """What engineers said about a risk, without their names: the middle, the ends, how many, and their notes."""

    estimate: Estimate
    not_their_field: int
    notes: Sequence[str]

    @property
    def is_split(self) -> bool:
        """Whether there is a spread to show."""
        chance, days = self.estimate.chance, self.estimate.days
        return chance.low != chance.high or days.low != days.high


@dataclass(frozen=True, slots=True)
class ReviewStanding:
    """A review as everybody may see it: who is asked and who has answered, never a figure while it is open."""

    review: Review
    invitations: Sequence[ReviewInvitation]
    answered: int

    @property
    def waiting_for(self) -> Sequence[User]:
        return [each.person for each in self.invitations if each.state == InvitationState.INVITED]


def engineers_view(risk: Risk) -> EngineersView | None:
    """What the latest review says in which somebody gave an estimate; None while there is none that was held."""
    rows = list(
        Assessment.objects.filter(risk=risk, invitation__review__held_at__isnull=False)
        .order_by("-invitation__review")
        .values_list("invitation__review", "probability", "impact_days", "note")
    )
    latest = next((review for review, chance, _days, _note in rows if chance is not None), None)
    said = [(chance, days, note) for review, chance, days, note in rows if review == latest]
    estimate = combine([(chance, days) for chance, days, _note in said if chance is not None and days is not None])
    if estimate is None:
        return None
    # In the order of the alphabet: the order in which they came would tell who wrote them.
    return EngineersView(estimate, len(said) - estimate.n, sorted(note for _chance, _days, note in said if note))


def review_standing(project: Project) -> ReviewStanding | None:
    """The latest review of the project, open or held; None if none was called. Two queries."""
    review = Review.objects.filter(project=project).order_by("-pk").first()
    return None if review is None else standing_of(review)


def standing_of(review: Review) -> ReviewStanding:
    """Who is asked and who has answered, in one query."""
    invitations = list(review.invitations.select_related("person").order_by("pk"))
    answered = sum(each.state == InvitationState.ANSWERED for each in invitations)
    return ReviewStanding(review, invitations, answered)


def held_with_estimate(project: Project) -> int:
    """How many reviews were held in which at least one engineer gave an estimate; one that was not passed is none."""
    return estimated_reviews(project).exclude(conclusion=Conclusion.NOT_PASSED).count()


def estimated_reviews(project: Project) -> QuerySet[Review]:
    """The reviews that were held and in which at least one engineer gave an estimate."""
    given = Assessment.objects.filter(invitation__review=OuterRef("pk"), probability__isnull=False)
    return Review.objects.filter(Exists(given), project=project, held_at__isnull=False)


def passed_reviews(project: Project) -> int:
    """How many reviews were held and passed, with conditions or without."""
    return estimated_reviews(project).filter(conclusion__in=GOOD_CONCLUSIONS).count()
