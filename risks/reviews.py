"""What the pages of a review show: its agenda, who may see what was answered, and how far the answers lie apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from risks.enums import OPEN_STATES, InvitationState
from risks.exposure import CHANCES, DAYS, combine
from risks.models import AgreedEstimate, Assessment, Risk
from risks.prompts import Traits, prompts_for
from risks.querysets import GREATEST_FIRST
from risks.spread import is_wide
from risks.summaries import EngineersView, for_lines, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from portal.accounts.models import User
    from projects.models import FollowUp, Project
    from risks.lines import RiskLine
    from risks.models import Review, ReviewInvitation
    from risks.prompts import Prompt

#: Fewer than so many answers are no spread: with one's own and another's figure both would be known.
FEWEST = 2


@dataclass(frozen=True, slots=True)
class RiskSpread:
    """What was answered about one risk, without names: the view, and each figure, sorted."""

    view: EngineersView
    chances: Sequence[Decimal]
    days: Sequence[Decimal]

    @property
    def is_chance_wide(self) -> bool:
        return is_wide(self.chances, CHANCES)

    @property
    def are_days_wide(self) -> bool:
        return is_wide(self.days, DAYS)

    @property
    def is_wide(self) -> bool:
        """Whether there is something to talk about."""
        return self.is_chance_wide or self.are_days_wide


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """A risk on the agenda: its line, what was answered (None while blind, or where nobody gave a figure), agreed."""

    number: int
    line: RiskLine
    spread: RiskSpread | None
    agreed: AgreedEstimate | None

    @property
    def risk(self) -> Risk:
        return self.line.risk


def may_see_answers(review: Review, invitations: Sequence[ReviewInvitation], user: User) -> bool:
    """Once they are shown everybody; before, only who has answered every card of his own and can change none."""
    if not review.is_open:
        return True
    finished = [each.person_id for each in invitations if each.state == InvitationState.ANSWERED]
    return user.pk in finished and len(finished) >= FEWEST


def spreads_of(review: Review) -> Mapping[int, RiskSpread]:
    """What was answered, by risk, in one query. While it is open, only what cannot change any more counts.

    The caller asks `may_see_answers` first.
    """
    answers = Assessment.objects.filter(invitation__review=review)
    if review.is_open:
        answers = answers.filter(invitation__state=InvitationState.ANSWERED)
    said = defaultdict(list)
    for risk, chance, days, note in answers.values_list("risk", "probability", "impact_days", "note"):
        said[risk].append((chance, days, note))
    found = {risk: spread_of(rows) for risk, rows in said.items()}
    return {risk: spread for risk, spread in found.items() if spread is not None}


def spread_of(rows: Sequence[tuple[Decimal | None, Decimal | None, str]]) -> RiskSpread | None:
    """The answers about one risk; sorted, so that their order says nothing of who gave them."""
    given = [(chance, days) for chance, days, _note in rows if chance is not None and days is not None]
    estimate = combine(given)
    if estimate is None:
        return None
    notes = sorted(note for _chance, _days, note in rows if note)
    return RiskSpread(
        EngineersView(estimate, len(rows) - estimate.n, notes),
        sorted(chance for chance, _days in given),
        sorted(days for _chance, days in given),
    )


def agreed_of(risk: Risk) -> AgreedEstimate | None:
    """What a review agreed on for the risk, as long as no later review said something else."""
    agreed = AgreedEstimate.objects.filter(risk=risk).order_by("-review").first()
    if agreed is None:
        return None
    later = Assessment.objects.filter(
        risk=risk,
        probability__isnull=False,
        invitation__review__gt=agreed.review_id,
        invitation__review__held_at__isnull=False,
    )
    return None if later.exists() else agreed


def prompts_of(review: Review) -> tuple[Prompt, ...]:
    """The questions that the traits of the project and the kind of the review raise."""
    return prompts_for(traits_of(review.project, review.kind))


def traits_of(project: Project, kind: str) -> Traits:
    return Traits(
        tier=project.tier,
        kind=kind,
        needs_permit=project.needs_permit,
        is_reversible=project.is_reversible,
        crosses_departments=project.crosses_departments,
        has_date=project.planned_launch_on is not None or project.wanted_on is not None,
    )


def conditions_of(review: Review) -> list[FollowUp]:
    """The follow-ups that its conclusion opened, in that very moment."""
    if review.concluded_at is None:
        return []
    return list(
        review.project.follow_ups.filter(origin="review", opened_at=review.concluded_at).select_related("owner")
    )


def agenda_of(review: Review, *, shows_answers: bool, today: date) -> list[AgendaItem]:
    """What is talked about: first what has no answer, then by expected loss. Once concluded, what was assessed."""
    assessed = Q(pk__in=Assessment.objects.filter(invitation__review=review).values("risk"))
    still_open = Q(state__in=OPEN_STATES)
    # While it is blind, which risks were answered is nobody's business.
    on_agenda = still_open if review.is_open else assessed if review.concluded_at else still_open | assessed
    risks = for_lines(Risk.objects.filter(on_agenda, project=review.project_id)).order_by(*GREATEST_FIRST)
    lines = lines_of(risks, today=today)
    lines.sort(key=lambda line: line.is_answered)
    spreads = spreads_of(review) if shows_answers else {}
    agreed = {each.risk_id: each for each in review.agreed.select_related("set_by")} if shows_answers else {}
    return [
        AgendaItem(number, line, spreads.get(line.risk.pk), agreed.get(line.risk.pk))
        for number, line in enumerate(lines, start=1)
    ]
