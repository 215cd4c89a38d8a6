"""Risks and reviews. Rows as they stand after a deed; for a real history use the actions."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from portal.accounts.enums import Role
from portal.accounts.names import folded
from projects.enums import Stage
from risks.enums import EscalationDeed, EscalationState
from risks.exposure import expected_loss
from risks.models import (
    Acceptance,
    Escalation,
    EscalationEvent,
    Mitigation,
    PlanB,
    Review,
    ReviewInvitation,
    Risk,
)
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory

RAISED = datetime(2026, 11, 10, 2, tzinfo=UTC)


class RiskFactory(DjangoModelFactory):
    """A risk of an approved project; with chance and money its exposure follows."""

    class Meta:
        model = Risk

    project = factory.SubFactory(ProjectFactory, stage=Stage.APPROVED)
    event = factory.Sequence(lambda n: f"Hub {n} loses the network")
    cause = ""
    effect = ""
    search_text = factory.LazyAttribute(lambda made: folded(f"{made.event} {made.cause} {made.effect}"))
    owner = factory.SelfAttribute("project.owner")
    raised_by = factory.SelfAttribute("project.owner")
    raised_at = RAISED
    updated_at = RAISED
    probability: Decimal | None = None
    impact_amount: Decimal | None = None
    exposure_amount = factory.LazyAttribute(lambda made: expected_loss(made.probability, made.impact_amount))


class ReviewFactory(DjangoModelFactory):
    class Meta:
        model = Review

    project = factory.SubFactory(ProjectFactory, stage=Stage.APPROVED)
    called_by = factory.SelfAttribute("project.owner")
    called_at = RAISED
    reply_by = datetime(2026, 11, 12, 15, 59, 59, tzinfo=UTC)


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = ReviewInvitation

    review = factory.SubFactory(ReviewFactory)
    person = factory.SubFactory(UserFactory, roles=[Role.ENGINEER])


class MitigationFactory(DjangoModelFactory):
    class Meta:
        model = Mitigation

    risk = factory.SubFactory(RiskFactory)
    deed = "Order the first 20 terminals from stock"
    owner = factory.SelfAttribute("risk.owner")
    due_on = date(2026, 12, 4)
    added_by = factory.SelfAttribute("risk.owner")
    added_at = RAISED


class PlanBFactory(DjangoModelFactory):
    class Meta:
        model = PlanB

    risk = factory.SubFactory(RiskFactory)
    trigger = "Recognition below 90%"
    deed = "Count a sample by hand"
    decide_by = date(2026, 12, 4)
    owner = factory.SelfAttribute("risk.owner")
    cost_amount = Decimal(3200)
    days = Decimal(2)
    made_by = factory.SelfAttribute("risk.owner")
    made_at = RAISED


class AcceptanceFactory(DjangoModelFactory):
    class Meta:
        model = Acceptance

    risk = factory.SubFactory(RiskFactory)
    reason = "The hub closes in March anyway"
    signed_by = factory.SubFactory(UserFactory, roles=[Role.LEAD])
    signed_at = RAISED
    until = date(2027, 3, 31)


class EscalationFactory(DjangoModelFactory):
    """A question that waits for its decider."""

    class Meta:
        model = Escalation

    project = factory.SubFactory(ProjectFactory, stage=Stage.IN_DELIVERY)
    question = factory.Sequence(lambda n: f"May hub {n} wait?")
    state = EscalationState.WAITING
    decider = factory.SubFactory(UserFactory)
    asked_by = factory.SelfAttribute("project.owner")
    raised_at = RAISED
    asked_at = RAISED
    answer_by = datetime(2026, 11, 25, 15, 59, 59, tzinfo=UTC)
    updated_at = RAISED


class EscalationEventFactory(DjangoModelFactory):
    class Meta:
        model = EscalationEvent

    escalation = factory.SubFactory(EscalationFactory)
    deed = EscalationDeed.ASKED
    person = factory.SelfAttribute("escalation.decider")
    at = RAISED
