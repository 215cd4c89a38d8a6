from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from portal.audit.actions import record
from portal.audit.models import AuditEntry
from portal.notifications.actions import deliver
from risks.actions.answer import accept
from risks.actions.meeting import Condition, Outcome, agree_estimate, conclude_review
from risks.enums import Conclusion, EscalationDeed
from risks.models import Review, Risk
from risks.notifications import EVENTS
from tests.factories.risks import AcceptanceFactory, EscalationEventFactory, ReviewFactory, RiskFactory
from tests.risks.conftest import NOW
from tests.risks.test_obligations import LATER

pytestmark = pytest.mark.django_db

EVENT = {kind.key: kind for kind in EVENTS}


def test_the_events_are_these():
    assert list(EVENT) == [
        "escalation",
        "review_called",
        "review_held",
        "review_moved",
        "review_concluded",
        "risk_raised",
        "risk_occurred",
        "plan_b_used",
        "risk_accepted",
    ]


def test_a_review_is_told_without_figures_and_leads_to_ones_cards(case):
    review = case.call()

    called = EVENT["review_called"].describe([review.pk])[review.pk]
    assert called.sentence == "Lin Yue asks for your view on the risks of “Shelf placement check”"
    assert called.url == reverse("risks:review_answer", args=[case.project.pk, review.pk])

    case.answer_all()
    held = EVENT["review_held"].describe([review.pk])[review.pk]
    assert held.sentence == "The engineers have assessed the risks of “Shelf placement check”"
    assert not any(character.isdigit() for character in held.sentence + held.detail)


def test_minutes_are_in_the_mail_of_those_invited_and_no_figure_has_a_name(case):
    review = case.meet(case.engineer, case.second)
    figures: dict[str, Any] = {"probability": Decimal("0.25"), "impact_days": Decimal(4), "reason": "As last time"}
    agree_estimate(review, case.network, **figures, by=case.owner, now=NOW)
    condition = Condition("Try it for one night", case.engineer, NOW.date() + timedelta(days=3))
    outcome = Outcome(Conclusion.WITH_CONDITIONS, "Two hubs first.", [condition], [case.second.pk])
    conclude_review(review, outcome, by=case.owner, now=NOW)

    deliver(now=NOW.replace(hour=10))

    letters = [letter for letter in mail.outbox if "is concluded" in letter.subject]
    assert sorted(letter.to[0] for letter in letters) == sorted([case.engineer.email, case.second.email])
    lines = str(letters[0].body).splitlines()
    assert lines[2:14] == [
        "Passed with conditions",
        "",
        "Present: Wu Di",
        "",
        "Two hubs first.",
        "",
        "Conditions",
        "- Try it for one night (Chen Siyuan, Thu 26 Nov)",
        "",
        "Agreed figures",
        "- Night hubs lose the network: 25% and 4 working days: As last time",
        "",
    ]
    assert letters[0].message().as_string().count("Present: Wu Di") == 2  # as text, and as a page


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ("risk_raised", "Lin Yue raised a risk: Night hubs lose the network"),
        ("risk_occurred", "It happened: Night hubs lose the network"),
        ("plan_b_used", "Plan B is in use for: Night hubs lose the network"),
        ("risk_accepted", "Zhou Min signed: we live with “Night hubs lose the network”"),
    ],
)
def test_news_of_a_risk_name_it_and_lead_to_it(case, event, sentence):
    accept(case.network, reason="Fine", until=LATER, by=case.lead, now=NOW)

    news = EVENT[event].describe([case.network.pk])[case.network.pk]

    assert (news.sentence, news.url, news.detail) == (
        sentence,
        case.network.get_absolute_url(),
        "Shelf placement check",
    )


@pytest.mark.parametrize("deed", EscalationDeed.values)
def test_news_of_a_question_name_it_and_lead_to_it(case, deed):
    row = EscalationEventFactory(deed=deed, actor=case.owner)

    news = EVENT["escalation"].describe([row.pk])[row.pk]

    assert news.sentence.endswith(f": {row.escalation.question}")
    assert (news.url, news.detail) == (row.escalation.get_absolute_url(), row.escalation.project.title)


@pytest.mark.parametrize("event", [event for event in EVENT if event != "review_moved"])
@pytest.mark.parametrize("count", [1, 20])
def test_news_cost_one_query_however_many(event, count, django_assert_num_queries):
    if event.startswith("review"):
        ReviewFactory.create_batch(count)
        ids = list(Review.objects.values_list("pk", flat=True))
    elif event == "escalation":
        ids = [row.pk for row in EscalationEventFactory.create_batch(count)]
    else:
        for risk in RiskFactory.create_batch(count):
            AcceptanceFactory(risk=risk)
        ids = list(Risk.objects.values_list("pk", flat=True))

    with django_assert_num_queries(1):
        assert len(EVENT[event].describe(ids)) == count


@pytest.mark.parametrize("count", [1, 20])
def test_news_of_moves_cost_two_queries_however_many(count, django_assert_num_queries):
    for review in ReviewFactory.create_batch(count):
        kept = {"meets_at": NOW, "place": "Room 1"}
        record("review.moved", review, by=None, now=NOW, before=kept, after=kept | {"place": "Room 2"})
    ids = list(AuditEntry.objects.values_list("pk", flat=True))
    with django_assert_num_queries(2):
        assert len(EVENT["review_moved"].describe(ids)) == count
