from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Delivery, Obligation
from projects.enums import Stage
from risks.actions.answer import accept, mitigate, set_plan_b
from risks.actions.occurrence import activate_plan_b, close_risk, occur, resolve
from risks.actions.risk import edit_risk
from risks.enums import PlanVerdict, RiskState
from risks.models import PlanB, Risk, RiskEvent
from tests.risks.conftest import NOW, Case, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def running(db: None) -> Case:
    """In delivery, the network risk with a plan B of the engineer."""
    case = make_case(Stage.IN_DELIVERY)
    set_plan_b(
        case.network,
        trigger="Two hubs offline",
        deed="Scan on paper",
        decide_by=date(2026, 12, 4),
        owner=case.engineer,
        cost_amount=Decimal(3200),
        days=Decimal(2),
        by=case.owner,
        now=NOW,
    )
    case.network.refresh_from_db()
    return case


def test_what_happened_is_kept_with_its_history_and_told(running):
    risk = occur(running.network, note="Three hubs since 6:00", by=running.owner, now=NOW)

    assert (risk.state, risk.occurred_at) == (RiskState.OCCURRED, NOW)
    last = RiskEvent.objects.filter(risk=risk).last()
    assert (last.from_state, last.to_state, last.actor, last.note) == (
        RiskState.PLANNED,
        RiskState.OCCURRED,
        running.owner,
        "Three hubs since 6:00",
    )
    assert {row.person for row in Delivery.objects.filter(event="risk_occurred")} == {running.engineer}
    assert AuditEntry.objects.get(verb="risk.occurred").after == {"note": "Three hubs since 6:00"}


def test_the_owner_of_the_plan_decides_within_a_working_day(running):
    occur(running.network, by=running.owner, now=NOW)

    owed = Obligation.objects.open().get(kind="plan_b_decision")
    assert (owed.person, owed.due_at) == (running.engineer, datetime(2026, 11, 24, 15, 59, 59, 999999, tzinfo=UTC))


def test_what_happened_is_expected_no_more(running):
    edit_risk(
        running.network,
        {"probability": Decimal("0.5"), "impact_amount": Decimal(1000)},
        version=running.network.version,
        by=running.owner,
        now=NOW,
    )
    edit_risk(
        running.terminals,
        {"probability": Decimal("0.1"), "impact_amount": Decimal(200)},
        version=1,
        by=running.owner,
        now=NOW,
    )
    running.project.refresh_from_db()
    assert running.project.exposure_amount == Decimal("520.00")

    occur(running.network, by=running.owner, now=NOW)
    running.project.refresh_from_db()
    assert running.project.exposure_amount == Decimal("20.00")

    close_risk(running.terminals, outcome="They are here", by=running.owner, now=NOW)
    running.project.refresh_from_db()
    assert running.project.exposure_amount == Decimal("0.00")


def test_it_happens_once(running):
    occur(running.network, by=running.owner, now=NOW)

    with pytest.raises(IllegalStateError):
        occur(running.network, by=running.owner, now=NOW)
    assert RiskEvent.objects.filter(to_state=RiskState.OCCURRED).count() == 1


def test_the_owner_of_the_risk_may_say_so_and_others_not(running):
    Risk.objects.filter(pk=running.network.pk).update(owner=running.second)
    running.network.refresh_from_db()

    with pytest.raises(PermissionDenied):
        occur(running.network, by=running.colleague, now=NOW)
    assert occur(running.network, by=running.second, now=NOW).state == RiskState.OCCURRED


def test_plan_b_is_used_once_and_only_when_it_happened(running):
    with pytest.raises(IllegalStateError):
        activate_plan_b(running.network, by=running.owner, now=NOW)
    occur(running.network, by=running.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        activate_plan_b(running.network, by=running.colleague, now=NOW)

    plan = activate_plan_b(running.network, by=running.engineer, now=NOW)

    assert plan.activated_at == NOW
    assert Obligation.objects.open().filter(kind="plan_b_decision").count() == 0
    assert {row.person for row in Delivery.objects.filter(event="plan_b_used")} == {running.owner}
    with pytest.raises(IllegalStateError):
        activate_plan_b(running.network, by=running.owner, now=NOW)


def test_without_a_plan_there_is_nothing_to_use(running):
    occur(running.terminals, by=running.owner, now=NOW)

    with pytest.raises(IllegalStateError):
        activate_plan_b(running.terminals, by=running.owner, now=NOW)
    with pytest.raises(PermissionDenied):
        activate_plan_b(running.terminals, by=running.colleague, now=NOW)


def test_settled_with_what_plan_b_really_took(running):
    occur(running.network, by=running.owner, now=NOW)
    activate_plan_b(running.network, by=running.owner, now=NOW)

    risk = resolve(
        running.network,
        outcome="Two days on paper, nothing lost",
        actual_amount=Decimal("3450.50"),
        actual_days=Decimal("2.5"),
        verdict=PlanVerdict.GOOD,
        by=running.owner,
        now=NOW,
    )

    plan = PlanB.objects.get()
    assert (risk.state, risk.outcome, risk.closed_at) == (RiskState.RESOLVED, "Two days on paper, nothing lost", NOW)
    assert (plan.actual_amount, plan.actual_days, plan.verdict) == (
        Decimal("3450.50"),
        Decimal("2.5"),
        PlanVerdict.GOOD,
    )


def test_where_plan_b_was_used_all_three_are_asked(running):
    occur(running.network, by=running.owner, now=NOW)
    activate_plan_b(running.network, by=running.owner, now=NOW)

    with pytest.raises(InvalidInputError) as refusal:
        resolve(running.network, outcome="Done", by=running.owner, now=NOW)

    assert list(refusal.value.errors) == ["actual_amount", "actual_days", "verdict"]
    assert Risk.objects.get(pk=running.network.pk).state == RiskState.OCCURRED


@pytest.mark.parametrize(
    ("amount", "days"), [(Decimal(-1), Decimal(1)), (Decimal(1), Decimal(-1)), (Decimal("NaN"), Decimal(1))]
)
def test_actuals_that_cannot_be_are_refused(running, amount, days):
    occur(running.network, by=running.owner, now=NOW)
    activate_plan_b(running.network, by=running.owner, now=NOW)

    with pytest.raises(InvalidInputError):
        resolve(
            running.network,
            outcome="Done",
            actual_amount=amount,
            actual_days=days,
            verdict=PlanVerdict.POOR,
            by=running.owner,
            now=NOW,
        )
    assert PlanB.objects.get().verdict == ""


def test_without_plan_b_only_the_outcome_is_kept(running):
    occur(running.network, by=running.owner, now=NOW)

    with pytest.raises(InvalidInputError):
        resolve(running.network, outcome="Done", actual_amount=Decimal(1), by=running.owner, now=NOW)
    assert (
        resolve(running.network, outcome="It passed by itself", by=running.owner, now=NOW).state == RiskState.RESOLVED
    )
    assert Obligation.objects.open().filter(kind="plan_b_decision").count() == 0


def test_what_did_not_happen_is_not_settled_and_nothing_is_settled_twice(running):
    with pytest.raises(IllegalStateError):
        resolve(running.network, outcome="Done", by=running.owner, now=NOW)
    occur(running.network, by=running.owner, now=NOW)
    resolve(running.network, outcome="Done", by=running.owner, now=NOW)

    with pytest.raises(IllegalStateError):
        resolve(running.network, outcome="Done again", by=running.owner, now=NOW)
    assert Risk.objects.get(pk=running.network.pk).outcome == "Done"


def test_closing_says_why_and_lets_everybody_go(running):
    mitigate(
        running.network, deed="Spare routers", owner=running.second, due_on=date(2026, 12, 1), by=running.owner, now=NOW
    )
    accept(running.network, reason="Fine", until=date(2026, 12, 1), by=running.lead, now=NOW)

    with pytest.raises(InvalidInputError) as refusal:
        close_risk(running.network, outcome=" ", by=running.owner, now=NOW)
    assert list(refusal.value.errors) == ["outcome"]

    risk = close_risk(running.network, outcome="New routers are in", by=running.owner, now=NOW)

    assert (risk.state, risk.outcome, risk.closed_at, risk.occurred_at) == (
        RiskState.CLOSED,
        "New routers are in",
        NOW,
        None,
    )
    kinds = ["mitigation", "plan_b_decision", "acceptance_expiry"]
    assert Obligation.objects.open().filter(kind__in=kinds).count() == 0


def test_words_without_end_are_refused(running):
    with pytest.raises(InvalidInputError) as refusal:
        close_risk(running.network, outcome="x" * 501, by=running.owner, now=NOW)
    assert list(refusal.value.errors) == ["outcome"]


def test_a_closed_risk_is_neither_closed_again_nor_does_it_happen(running):
    close_risk(running.network, outcome="No", by=running.owner, now=NOW)

    for deed in (
        lambda: close_risk(running.network, outcome="No", by=running.owner, now=NOW),
        lambda: occur(running.network, by=running.owner, now=NOW),
    ):
        with pytest.raises(IllegalStateError):
            deed()


def test_only_the_owner_of_the_project_closes(running):
    for person in (running.engineer, running.lead):
        with pytest.raises(PermissionDenied):
            close_risk(running.network, outcome="No", by=person, now=NOW)
