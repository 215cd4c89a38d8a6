"""What the API shows of risks, reviews and questions. Of figures that are blind it has no model but one's own."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import Shown
from projects.api.shown import FollowUpShown, ProjectNamedShown


class RiskNamedShown(Shown):
    """A risk, where a card or an agenda names it."""

    id: int
    cause: str
    event: str
    effect: str
    state: str


class RiskRow(RiskNamedShown):
    """A risk in the register; what is not known yet is null, never zero."""

    project: ProjectNamedShown
    owner: PersonShown
    probability: Decimal | None
    impact_days: Decimal | None
    impact_amount: Decimal | None
    exposure_amount: Decimal | None
    is_raised_in_flight: bool
    raised_at: datetime
    updated_at: datetime
    version: int


class MitigationShown(Shown):
    """What is done before, so that it becomes smaller."""

    id: int
    deed: str
    owner: PersonShown
    due_on: date
    cost_amount: Decimal | None
    done_at: datetime | None


class PlanBShown(Shown):
    """What is done if it happens, and what that really took."""

    trigger: str
    deed: str
    decide_by: date
    owner: PersonShown
    cost_amount: Decimal
    days: Decimal
    activated_at: datetime | None
    actual_amount: Decimal | None
    actual_days: Decimal | None
    verdict: str


class AcceptanceShown(Shown):
    """A signature: we live with it until a day."""

    reason: str
    signed_by: PersonShown
    signed_at: datetime
    until: date


class SpreadShown(Shown):
    """Several people's figures, without the people."""

    low: Decimal
    median: Decimal
    high: Decimal


class EngineersShown(Shown):
    """What engineers said, without their names."""

    count: int
    not_their_field: int
    chance: SpreadShown
    days: SpreadShown
    notes: list[str]


class AgreedShown(Shown):
    """What a review agreed on beside what each had said."""

    probability: Decimal
    impact_days: Decimal
    reason: str
    set_by: PersonShown
    set_at: datetime


class RiskShown(RiskRow):
    """A risk with its answers and what engineers said of it."""

    raised_by: PersonShown
    occurred_at: datetime | None
    closed_at: datetime | None
    outcome: str
    tags: list[str]
    is_above: bool
    is_answered: bool
    mitigations: list[MitigationShown]
    plan_b: PlanBShown | None
    acceptance: AcceptanceShown | None
    engineers: EngineersShown | None
    agreed: AgreedShown | None


class ReviewRow(Shown):
    """A review: what it is, when, and what it came to."""

    id: int
    kind: str
    called_by: PersonShown
    called_at: datetime
    reply_by: datetime
    meets_at: datetime | None
    place: str
    facilitator: PersonShown | None
    held_at: datetime | None
    conclusion: str
    concluded_at: datetime | None


class InvitedShown(Shown):
    """Who is asked, and whether he has finished."""

    id: int
    person: PersonShown
    state: str
    answered_at: datetime | None
    has_attended: bool | None


class AnswersShown(Shown):
    """Every figure that was given, sorted, so that their order says nothing."""

    chances: list[Decimal]
    days: list[Decimal]
    is_chance_wide: bool
    are_days_wide: bool
    together: EngineersShown


class AgendaShown(Shown):
    """A risk on the agenda; its answers are null while the reader may not see any."""

    risk: RiskNamedShown
    exposure_amount: Decimal | None
    is_answered: bool
    answers: AnswersShown | None
    agreed: AgreedShown | None


class ReviewShown(ReviewRow):
    """A review with its agenda, who is asked, and the conditions it came to."""

    summary: str
    concluded_by: PersonShown | None
    are_answers_shown: bool
    invitations: list[InvitedShown]
    agenda: list[AgendaShown]
    conditions: list[FollowUpShown]


class AssessmentRow(Shown):
    """One's own part in a review."""

    id: int
    project: ProjectNamedShown
    review: int
    kind: str
    reply_by: datetime
    state: str
    is_open: bool


class OwnAnswerShown(Shown):
    """What one has said oneself about a risk."""

    probability: Decimal | None
    impact_days: Decimal | None
    is_not_my_field: bool
    note: str


class CardShown(Shown):
    """A risk to assess, with one's own answer once it is given."""

    risk: RiskNamedShown
    answer: OwnAnswerShown | None


class HandShown(AssessmentRow):
    """One's own cards in a review, and the questions that such projects raise."""

    cards: list[CardShown]
    questions: list[str]
    prompts_answered_at: datetime | None


class WayShown(Shown):
    """A way out of a question, with what it changes."""

    id: int
    kind: str
    title: str
    days: int
    cost_amount: Decimal | None
    scope: str
    benefit_amount: Decimal | None


class DeedShown(Shown):
    """What was done with a question; without an actor the policy did it."""

    deed: str
    actor: PersonShown | None
    at: datetime
    note: str


class EscalationRow(Shown):
    """A question put to a decider; `waits_for` is whose word is wanted now."""

    id: int
    project: ProjectNamedShown
    question: str
    state: str
    is_reported: bool
    asked_by: PersonShown
    decider: PersonShown
    counterpart: PersonShown | None
    waits_for: PersonShown | None
    raised_at: datetime
    private_until: datetime | None
    asked_at: datetime | None
    answer_by: datetime


class EscalationShown(EscalationRow):
    """A question with its ways out and what was done with it."""

    background: str
    risk: int | None
    level: int
    ways: list[WayShown]
    chosen: int | None
    agreed_at: datetime | None
    agreed_with: PersonShown | None
    reported_by: PersonShown | None
    ratified_at: datetime | None
    closed_at: datetime | None
    why_withdrawn: str
    history: list[DeedShown]
