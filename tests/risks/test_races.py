"""Two at once: one wins, the other is told; nothing is lost and nothing happens twice."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from portal.audit.models import AuditEntry
from portal.common.errors import StaleObjectError
from portal.notifications.models import Obligation
from risks.actions.occurrence import activate_plan_b, occur
from risks.actions.review import Answer, assess, call_review
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import RiskState
from risks.models import Assessment, Review, ReviewInvitation, Risk
from tests.factories.risks import PlanBFactory
from tests.risks.conftest import NOW, make_case

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*deeds):
    """Run the deeds in threads that start together; what each returned or raised, in order."""
    barrier = Barrier(len(deeds))

    def run(deed):
        try:
            barrier.wait()
            return deed()
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def outcomes(results):
    return sorted("done" if not isinstance(result, Exception) else type(result).__name__ for result in results)


def test_two_edits_of_one_risk_with_one_version_one_wins_and_nothing_is_lost():
    case = make_case()
    deeds = [
        lambda: edit_risk(case.network, {"cause": "New routers"}, version=1, by=case.owner, now=NOW),
        lambda: edit_risk(case.network, {"effect": "Nothing is scanned"}, version=1, by=case.owner, now=NOW),
    ]

    results = at_once(*deeds)

    assert outcomes(results) == ["StaleObjectError", "done"]
    risk = Risk.objects.get(pk=case.network.pk)
    assert [each.obj for each in results if isinstance(each, StaleObjectError)] == [risk]
    won = (risk.cause, risk.effect)
    assert won in {("New routers", ""), ("Old routers", "Nothing is scanned")}
    assert (risk.version, AuditEntry.objects.filter(verb="risk.edited").count()) == (2, 1)


def test_two_engineers_answer_their_last_card_at_once_and_the_review_is_held_once():
    case = make_case()
    case.call(case.engineer, case.second)
    invitations = {person: case.invitation(person) for person in (case.engineer, case.second)}
    for person, invitation in invitations.items():
        assess(invitation, case.network, Answer(Decimal("0.3"), Decimal(5)), by=person, now=NOW)

    results = at_once(
        *(
            lambda person=person, invitation=invitation: assess(
                invitation, case.terminals, Answer(Decimal("0.3"), Decimal(5)), by=person, now=NOW
            )
            for person, invitation in invitations.items()
        )
    )

    assert outcomes(results) == ["done", "done"]
    assert Assessment.objects.count() == 4
    assert Review.objects.get().held_at == NOW
    assert AuditEntry.objects.filter(verb="review.held").count() == 1
    assert list(Risk.objects.order_by("pk").values_list("state", flat=True)) == [RiskState.ASSESSED] * 2
    assert Obligation.objects.open().filter(kind="assessment").count() == 0
    assert Obligation.objects.open().filter(kind="value_risks").count() == 1


def test_one_card_sent_twenty_times_is_answered_once():
    case = make_case()
    case.call()
    invitation = case.invitation()

    results = at_once(
        *[
            lambda: assess(invitation, case.network, Answer(Decimal("0.3"), Decimal(5)), by=case.engineer, now=NOW)
            for _ in range(20)
        ]
    )

    assert outcomes(results) == ["IllegalStateError"] * 19 + ["done"]
    assert Assessment.objects.count() == 1
    assert AuditEntry.objects.filter(verb="risk.assessed").count() == 1


def test_two_reviews_called_at_once_are_one():
    case = make_case()

    results = at_once(
        *(
            lambda person=person: call_review(case.project, [person], by=case.owner, now=NOW)
            for person in (case.engineer, case.second)
        )
    )

    assert outcomes(results) == ["IllegalStateError", "done"]
    assert (Review.objects.count(), ReviewInvitation.objects.count()) == (1, 1)
    assert Obligation.objects.open().filter(kind="assessment").count() == 1


def test_a_risk_raised_while_the_last_card_is_answered_is_either_a_card_or_comes_after():
    case = make_case()
    case.call()
    invitation = case.invitation()
    assess(invitation, case.network, Answer(Decimal("0.3"), Decimal(5)), by=case.engineer, now=NOW)

    results = at_once(
        lambda: assess(invitation, case.terminals, Answer(Decimal("0.3"), Decimal(5)), by=case.engineer, now=NOW),
        lambda: raise_risk(case.project, event="Routers fail", by=case.owner, now=NOW),
    )

    assert outcomes(results) == ["done", "done"]
    raised = Risk.objects.get(event="Routers fail")
    assert (Review.objects.get().held_at is not None) == raised.is_raised_in_flight


def test_it_happens_once_and_plan_b_is_used_once():
    case = make_case()
    PlanBFactory(risk=case.network, owner=case.engineer)

    results = at_once(*[lambda: occur(case.network, by=case.owner, now=NOW) for _ in range(2)])
    assert outcomes(results) == ["IllegalStateError", "done"]

    results = at_once(
        *(
            lambda person=person: activate_plan_b(case.network, by=person, now=NOW)
            for person in (case.owner, case.engineer)
        )
    )
    assert outcomes(results) == ["IllegalStateError", "done"]
    assert AuditEntry.objects.filter(verb="risk.plan_b_used").count() == 1


def test_money_given_while_the_review_is_held_meets_the_estimate():
    case = make_case()
    case.call()
    invitation = case.invitation()
    assess(invitation, case.network, Answer(Decimal("0.5"), Decimal(5)), by=case.engineer, now=NOW)

    results = at_once(
        lambda: assess(invitation, case.terminals, Answer(Decimal("0.5"), Decimal(5)), by=case.engineer, now=NOW),
        lambda: edit_risk(case.network, {"impact_amount": Decimal(1000)}, version=1, by=case.owner, now=NOW),
    )

    risk = Risk.objects.get(pk=case.network.pk)
    case.project.refresh_from_db()
    if outcomes(results) == ["done", "done"]:
        assert (risk.probability, risk.exposure_amount) == (Decimal("0.5"), Decimal("500.00"))
        assert case.project.exposure_amount == Decimal("500.00")
    else:
        assert outcomes(results) == ["StaleObjectError", "done"]
        assert (risk.probability, risk.impact_amount, risk.exposure_amount) == (Decimal("0.5"), None, None)
