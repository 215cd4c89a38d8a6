"""What is owed, told as the desk tells it, and until when it is owed at all."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from portal.notifications.models import Obligation
from projects.models import Project
from risks.actions.answer import accept, mitigate, set_plan_b
from risks.actions.occurrence import occur
from risks.actions.review import Answer, assess, close_review
from risks.actions.risk import edit_risk
from risks.models import Mitigation, PlanB, Risk
from risks.obligations import KINDS
from tests.factories.risks import (
    AcceptanceFactory,
    EscalationFactory,
    InvitationFactory,
    MitigationFactory,
    PlanBFactory,
    RiskFactory,
)
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db

KIND = {kind.key: kind for kind in KINDS}
LATER = date(2026, 12, 4)


def owed(kind):
    return Obligation.objects.open().get(kind=kind)


def told(kind):
    return KIND[kind].describe([owed(kind)])[owed(kind).pk]


def test_the_kinds_are_these():
    assert list(KIND) == [
        "escalation_counterpart",
        "escalation_answer",
        "escalation_next",
        "assessment",
        "review_conclusion",
        "value_risks",
        "plan_b_decision",
        "acceptance_expiry",
        "mitigation",
    ]


def test_an_assessment_counts_the_cards_that_are_left(case):
    case.call()
    assert told("assessment").sentence == "Assess 2 risks of “Shelf placement check”"
    assess(case.invitation(), case.network, Answer(Decimal("0.3"), Decimal(5)), by=case.engineer, now=NOW)

    task = told("assessment")
    assert task.sentence == "Assess 1 risk of “Shelf placement check”"
    assert task.detail == f"{case.project.code} · Technical review · three taps a card. Not your field? Say so."
    assert (task.url, task.button) == (case.invitation().get_absolute_url(), "Assess")


def test_an_assessment_is_owed_until_it_is_answered_or_the_review_is_held(case):
    review = case.call(case.engineer, case.second)
    one, other = Obligation.objects.filter(kind="assessment").order_by("pk")
    assert KIND["assessment"].still_owed(one) is True
    case.answer_all()
    assert KIND["assessment"].still_owed(one) is False
    assert KIND["assessment"].still_owed(other) is True
    close_review(review, by=case.owner, now=NOW)
    assert KIND["assessment"].still_owed(other) is False


def test_values_are_owed_until_each_risk_has_money_and_an_answer(case):
    case.reviewed()
    task = told("value_risks")
    assert task.sentence == "Give money or an answer to 2 risks of “Shelf placement check”"
    assert task.url == reverse("risks:project", args=[case.project.pk])
    obligation = owed("value_risks")

    for risk in (case.network, case.terminals):
        assert KIND["value_risks"].still_owed(obligation) is True
        edit_risk(risk, {"impact_amount": Decimal(10)}, version=risk.version, by=case.owner, now=NOW)

    assert KIND["value_risks"].still_owed(obligation) is False
    assert Obligation.objects.open().filter(kind="value_risks").count() == 0


def test_a_plan_b_is_decided_and_more_urgently_once_it_happened(case):
    set_plan_b(
        case.network,
        trigger="Two hubs offline",
        deed="Paper",
        cost_amount=Decimal(1),
        days=Decimal(1),
        decide_by=LATER,
        owner=case.engineer,
        by=case.owner,
        now=NOW,
    )
    task = told("plan_b_decision")
    assert task.sentence == "Decide on plan B for “Night hubs lose the network”"
    assert task.detail == "Shelf placement check · trigger: Two hubs offline"
    obligation = owed("plan_b_decision")
    assert KIND["plan_b_decision"].still_owed(obligation) is True

    occur(case.network, by=case.owner, now=NOW)
    assert (
        told("plan_b_decision").sentence == "Decide: use plan B for “Night hubs lose the network”, which has happened?"
    )

    PlanB.objects.update(activated_at=NOW)
    assert KIND["plan_b_decision"].still_owed(obligation) is False


def test_an_acceptance_is_looked_at_again_unless_another_answer_came(case):
    accept(case.network, reason="Fine", until=LATER, by=case.lead, now=NOW)
    task = told("acceptance_expiry")
    assert task.sentence == "Look again at “Night hubs lose the network”: its acceptance ends on 4 Dec"
    assert task.detail == "Shelf placement check · signed by Zhou Min"
    assert KIND["acceptance_expiry"].still_owed(owed("acceptance_expiry")) is True

    MitigationFactory(risk=case.network)
    assert KIND["acceptance_expiry"].still_owed(owed("acceptance_expiry")) is False


def test_a_mitigation_is_owed_until_it_is_done(case):
    mitigate(case.network, deed="Spare routers", owner=case.engineer, due_on=LATER, by=case.owner, now=NOW)
    task = told("mitigation")
    assert (task.sentence, task.url) == ("Make a risk smaller: Spare routers", case.network.get_absolute_url())
    assert task.detail == "Shelf placement check · against “Night hubs lose the network”"
    assert KIND["mitigation"].still_owed(owed("mitigation")) is True
    Mitigation.objects.update(done_at=NOW)
    assert KIND["mitigation"].still_owed(owed("mitigation")) is False


def test_what_was_deleted_or_lost_is_not_told(case):
    ghost = Obligation(pk=1, kind="assessment", object_id=999, project_id=999, person=case.engineer)

    for kind in KINDS:
        assert kind.describe([ghost]) == {}
        assert kind.still_owed(ghost) is False
        assert kind.visible_to(ghost, case.engineer) is False


def test_a_person_who_no_longer_sees_the_project_is_not_told(case):
    case.call()
    obligation = owed("assessment")
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)

    assert KIND["assessment"].visible_to(obligation, case.engineer) is True
    case.project.members.all().delete()
    assert KIND["assessment"].visible_to(obligation, case.engineer) is False


def batch(kind, count):
    """So many of one kind, each about another thing."""
    make = {
        "assessment": InvitationFactory,
        "value_risks": lambda: RiskFactory().project,
        "plan_b_decision": lambda: PlanBFactory().risk,
        "acceptance_expiry": lambda: AcceptanceFactory().risk,
        "mitigation": MitigationFactory,
        "escalation_answer": EscalationFactory,
    }[kind]
    return [Obligation(pk=n, kind=kind, object_id=make().pk) for n in range(1, count + 1)]


@pytest.mark.parametrize(("kind", "queries"), [("assessment", 3), ("value_risks", 3), ("plan_b_decision", 1), ("acceptance_expiry", 1), ("mitigation", 1), ("escalation_answer", 1)])  # fmt: skip
@pytest.mark.parametrize("count", [1, 50])
def test_telling_costs_the_same_for_one_and_for_fifty(kind, queries, count, django_assert_num_queries):
    obligations = batch(kind, count)

    with django_assert_num_queries(queries):
        tasks = KIND[kind].describe(obligations)
    assert len(tasks) == count


def test_the_words_are_those_of_the_reader(case):
    Risk.objects.filter(pk=case.network.pk).update(event="夜间枢纽断网")
    accept(Risk.objects.get(pk=case.network.pk), reason="Fine", until=LATER, by=case.lead, now=NOW)
    with translation.override("zh-hans"):
        assert "12-04" in told("acceptance_expiry").sentence
