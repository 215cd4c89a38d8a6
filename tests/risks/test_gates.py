from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from risks.actions.meeting import Outcome, conclude_review
from risks.actions.occurrence import close_risk
from risks.actions.review import Answer, assess, close_review
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import Conclusion, ReviewKind
from risks.gates import go_live_passed, review_held, review_passed, risks_answered, two_reviews_passed
from risks.models import Review, Risk
from tests.factories.projects import ProjectFactory
from tests.factories.risks import AcceptanceFactory, MitigationFactory, PlanBFactory, RiskFactory
from tests.risks.conftest import NOW, TOMORROW

pytestmark = pytest.mark.django_db

ABOVE = {"probability": Decimal("0.3"), "impact_amount": Decimal(420_000)}
ON_THE_LINE = {"probability": Decimal("0.5"), "impact_amount": Decimal(40_000)}


def told(reasons):
    return [(reason.code, str(reason.words), reason.url) for reason in reasons]


def codes(gate, case):
    return [reason.code for reason in gate(case.project, case.owner, NOW)]


def test_without_a_risk_the_first_step_is_to_list_one():
    project = ProjectFactory()

    assert told(review_held(project, project.owner, NOW)) == [
        (
            "no_risks_listed",
            "No risk is listed yet: list the first one, then ask an engineer",
            reverse("risks:new", args=[project.pk]),
        )
    ]
    assert told(risks_answered(project, project.owner, NOW)) == []


def test_a_review_is_called_then_answered_then_held(case):
    call = reverse("risks:review_call", args=[case.project.pk])
    assert told(review_held(case.project, case.owner, NOW)) == [
        ("no_review", "No engineer has assessed the risks yet: call a review", call)
    ]

    case.call(case.engineer, case.second)
    case.answer_all()
    assert told(review_held(case.project, case.owner, NOW)) == [
        ("review_open", "The review waits for Wu Di", reverse("risks:project", args=[case.project.pk]))
    ]

    case.answer_all(person=case.second)
    assert told(review_held(case.project, case.owner, NOW)) == []


def test_a_review_in_which_it_was_nobodys_field_is_no_review(case):
    case.call()
    for risk in (case.network, case.terminals):
        assess(case.invitation(), risk, Answer(is_not_my_field=True), by=case.engineer, now=NOW)

    assert told(review_held(case.project, case.owner, NOW)) == [
        (
            "review_without_estimate",
            "The engineers said it is not their field: ask another one",
            reverse("risks:review_call", args=[case.project.pk]),
        )
    ]


def test_an_open_second_review_does_not_undo_the_first(case):
    case.reviewed()
    case.call(case.second)

    assert told(review_held(case.project, case.owner, NOW)) == []


def test_a_major_project_needs_two(case):
    assert codes(two_reviews_passed, case) == ["no_review"]
    case.passed(kind=ReviewKind.REQUIREMENTS)
    assert codes(two_reviews_passed, case) == ["one_review"]
    second = case.meet(case.second)
    assert codes(two_reviews_passed, case) == ["review_unconcluded"]
    conclude_review(second, Outcome(Conclusion.PASSED), by=case.owner, now=NOW)
    assert codes(two_reviews_passed, case) == []


def test_a_standard_project_needs_one_that_was_passed(case):
    assert codes(review_passed, case) == ["no_review"]
    case.call(case.engineer, meeting=TOMORROW)
    assert codes(review_passed, case) == ["review_open"]
    case.answer_all()
    assert codes(review_passed, case) == ["review_unheld"]
    review = close_review(Review.objects.get(), by=case.owner, now=NOW)
    # An engineer's answer is there: a light project may start with it.
    assert (codes(review_held, case), codes(review_passed, case)) == ([], ["review_unconcluded"])
    conclude_review(review, Outcome(Conclusion.NOT_PASSED, "The interface is open"), by=case.owner, now=NOW)
    assert (codes(review_held, case), codes(review_passed, case)) == (["review_not_passed"], ["review_not_passed"])
    case.passed(case.second)
    assert (codes(review_held, case), codes(review_passed, case)) == ([], [])


def test_a_go_live_review_that_was_called_is_passed_before_the_launch(case):
    assert codes(go_live_passed, case) == []
    case.passed()
    assert codes(go_live_passed, case) == []
    review = case.meet(case.second, kind=ReviewKind.GO_LIVE)
    assert codes(go_live_passed, case) == ["go_live_open"]
    conclude_review(review, Outcome(Conclusion.NOT_PASSED, "Not yet"), by=case.owner, now=NOW)
    assert codes(go_live_passed, case) == ["go_live_not_passed"]
    case.passed(case.second, kind=ReviewKind.GO_LIVE)
    assert codes(go_live_passed, case) == []


def test_one_answer_to_a_go_live_question_is_enough_for_a_light_project(case):
    case.call(kind=ReviewKind.GO_LIVE)
    assert codes(go_live_passed, case) == ["go_live_open"]
    case.answer_all()
    assert codes(go_live_passed, case) == []


def test_each_open_risk_says_which_figure_is_missing():
    project = ProjectFactory()
    both, money, chance = (
        RiskFactory(project=project, event="Both"),
        RiskFactory(project=project, event="Money", probability=Decimal("0.1")),
        RiskFactory(project=project, event="Chance", impact_amount=Decimal(1)),
    )

    assert told(risks_answered(project, project.owner, NOW)) == [
        (
            "risk_unknown",
            "“Chance” has no chance yet: an engineer gives it",
            reverse("risks:edit", args=[project.pk, chance.pk]),
        ),
        (
            "risk_unknown",
            "“Money” has no money yet: the owner gives it",
            reverse("risks:edit", args=[project.pk, money.pk]),
        ),
        ("risk_unknown", "“Both” has neither chance nor money yet", reverse("risks:edit", args=[project.pk, both.pk])),
    ]


def test_above_the_line_an_answer_is_due_and_on_the_line_not():
    project = ProjectFactory()
    above = RiskFactory(project=project, event="Hubs offline", **ABOVE)
    RiskFactory(project=project, **ON_THE_LINE)

    assert told(risks_answered(project, project.owner, NOW)) == [
        ("risk_unanswered", "“Hubs offline” is above the line and has no answer", above.get_absolute_url())
    ]


@pytest.mark.parametrize("answer", [MitigationFactory, PlanBFactory, AcceptanceFactory])
def test_each_kind_of_answer_answers(answer):
    risk = answer(risk=RiskFactory(**ABOVE)).risk

    assert told(risks_answered(risk.project, risk.project.owner, NOW)) == []


def test_an_acceptance_holds_through_its_last_day_at_the_site_and_no_longer():
    risk = AcceptanceFactory(risk=RiskFactory(**ABOVE), until=date(2026, 11, 23)).risk
    last_second = NOW.replace(hour=15, minute=59, second=59)

    assert told(risks_answered(risk.project, risk.project.owner, last_second)) == []
    reasons = risks_answered(risk.project, risk.project.owner, last_second + timedelta(seconds=1))
    assert [reason.code for reason in reasons] == ["risk_unanswered"]


def test_what_can_no_longer_happen_asks_for_nothing(case):
    case.reviewed()
    for risk in (case.network, case.terminals):
        close_risk(risk, outcome="No", by=case.owner, now=NOW)

    assert told(risks_answered(case.project, case.owner, NOW)) == []


def test_of_many_only_ten_are_named():
    project = ProjectFactory()
    RiskFactory.create_batch(13, project=project, **ABOVE)

    reasons = risks_answered(project, project.owner, NOW)

    assert [reason.code for reason in reasons] == ["risk_unanswered"] * 10 + ["risks_more"]
    assert str(reasons[-1].words) == "3 more risks lack a figure or an answer"


def test_a_review_opens_the_gates_with_money_and_an_answer(case):
    case.reviewed()
    for risk in (case.network, case.terminals):
        edit_risk(risk, {"impact_amount": Decimal(420_000)}, version=risk.version, by=case.owner, now=NOW)
    assert [reason.code for reason in risks_answered(case.project, case.owner, NOW)] == ["risk_unanswered"] * 2

    for risk in (case.network, case.terminals):
        PlanBFactory(risk=Risk.objects.get(pk=risk.pk))

    assert told([*review_held(case.project, case.owner, NOW), *risks_answered(case.project, case.owner, NOW)]) == []
    raise_risk(case.project, event="One more", by=case.colleague, now=NOW)
    assert [reason.code for reason in risks_answered(case.project, case.owner, NOW)] == ["risk_unknown"]
