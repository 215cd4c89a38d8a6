from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.models import Delivery, Obligation
from risks.actions.answer import accept, mitigate, mitigation_done, set_plan_b
from risks.enums import RiskState
from risks.models import Acceptance, Mitigation, PlanB, Risk
from tests.factories.accounts import UserFactory
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db

LATER = date(2026, 12, 4)
END_OF_LATER = datetime(2026, 12, 4, 15, 59, 59, 999999, tzinfo=UTC)


def mitigated(case, **changed):
    values = {"deed": "Order 20 from stock", "owner": case.engineer, "due_on": LATER, "cost_amount": Decimal(1500)}
    return mitigate(case.network, **(values | changed), by=changed.pop("by", case.owner), now=NOW)


def planned(case, **changed):
    values = {
        "trigger": "Two hubs offline at once",
        "deed": "Scan on paper",
        "decide_by": LATER,
        "owner": case.engineer,
        "cost_amount": Decimal(3200),
        "days": Decimal(2),
        "by": case.owner,
    }
    return set_plan_b(case.network, **(values | changed), now=NOW)


def accepted(case, **changed):
    values = {"reason": "The hub closes in March", "until": LATER, "by": case.lead}
    return accept(case.network, **(values | changed), now=NOW)


def test_a_mitigation_answers_the_risk_and_is_owed_by_its_owner(case):
    mitigation = mitigated(case)

    case.network.refresh_from_db()
    case.project.refresh_from_db()
    assert case.network.state == RiskState.PLANNED
    assert (mitigation.deed, mitigation.owner, mitigation.due_on) == ("Order 20 from stock", case.engineer, LATER)
    assert case.project.mitigation_amount == Decimal("1500.00")
    owed = Obligation.objects.get(kind="mitigation")
    assert (owed.person, owed.object_id, owed.due_at) == (case.engineer, mitigation.pk, END_OF_LATER)
    assert AuditEntry.objects.get(verb="risk.mitigation_added").after["owner"] == case.engineer.pk


def test_a_mitigation_may_cost_nothing_known(case):
    mitigated(case, cost_amount=None)

    case.project.refresh_from_db()
    assert case.project.mitigation_amount == Decimal("0.00")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"deed": " "}, "deed"),
        ({"deed": "x" * 301}, "deed"),
        ({"due_on": date(2026, 11, 22)}, "due_on"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
        ({"cost_amount": Decimal(-1)}, "cost_amount"),
    ],
)
def test_a_mitigation_that_cannot_be_is_refused(case, changed, field):
    with pytest.raises(InvalidInputError) as refusal:
        mitigated(case, **changed)

    assert list(refusal.value.errors) == [field]
    assert Mitigation.objects.count() == 0


def test_a_mitigation_is_ticked_off_once_by_its_owner_or_the_projects(case):
    mitigation = mitigated(case)
    with pytest.raises(PermissionDenied):
        mitigation_done(mitigation, by=case.second, now=NOW)

    done = mitigation_done(mitigation, by=case.engineer, now=NOW)

    assert done.done_at == NOW
    assert Obligation.objects.open().filter(kind="mitigation").count() == 0
    with pytest.raises(IllegalStateError):
        mitigation_done(mitigation, by=case.owner, now=NOW)


def test_a_plan_b_answers_the_risk_and_its_owner_decides_by_the_day(case):
    plan = planned(case)

    case.network.refresh_from_db()
    assert case.network.state == RiskState.PLANNED
    assert (plan.cost_amount, plan.days, plan.made_by, plan.activated_at) == (
        Decimal(3200),
        Decimal(2),
        case.owner,
        None,
    )
    owed = Obligation.objects.get(kind="plan_b_decision")
    assert (owed.person, owed.object_id, owed.due_at) == (case.engineer, case.network.pk, END_OF_LATER)


def test_a_plan_b_is_changed_in_place_and_the_duty_moves_with_it(case):
    planned(case)

    planned(case, owner=case.second, decide_by=date(2026, 12, 11), days=Decimal("2.5"))

    plan = PlanB.objects.get()
    assert (plan.owner, plan.days) == (case.second, Decimal("2.5"))
    owed = Obligation.objects.open().get(kind="plan_b_decision")
    assert (owed.person, owed.due_at) == (case.second, END_OF_LATER.replace(day=11))
    entry = AuditEntry.objects.filter(verb="risk.plan_b_set").last()
    assert (entry.before["days"], entry.after["days"]) == ("2.0", "2.5")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"trigger": ""}, "trigger"),
        ({"deed": ""}, "deed"),
        ({"decide_by": date(2026, 11, 22)}, "decide_by"),
        ({"cost_amount": Decimal("0.001")}, "cost_amount"),
        ({"days": Decimal(-1)}, "days"),
        ({"days": Decimal("NaN")}, "days"),
        ({"days": Decimal(100_000)}, "days"),
    ],
)
def test_a_plan_b_that_cannot_be_is_refused(case, changed, field):
    with pytest.raises(InvalidInputError) as refusal:
        planned(case, **changed)

    assert list(refusal.value.errors) == [field]
    assert PlanB.objects.count() == 0


@pytest.mark.parametrize("who", ["engineer", "lead", "colleague"])
def test_only_the_owner_of_the_project_writes_answers(case, who):
    with pytest.raises(PermissionDenied):
        planned(case, by=getattr(case, who))
    with pytest.raises(PermissionDenied):
        mitigate(case.network, deed="x", owner=case.engineer, due_on=LATER, by=getattr(case, who), now=NOW)
    assert Risk.objects.get(pk=case.network.pk).state == RiskState.IDENTIFIED


def test_a_lead_signs_and_the_owner_looks_again_at_the_end(case):
    acceptance = accepted(case)

    case.network.refresh_from_db()
    assert case.network.state == RiskState.PLANNED
    assert (acceptance.signed_by, acceptance.signed_at, acceptance.until) == (case.lead, NOW, LATER)
    owed = Obligation.objects.get(kind="acceptance_expiry")
    assert (owed.person, owed.object_id, owed.due_at) == (case.owner, case.network.pk, END_OF_LATER)
    assert {row.person for row in Delivery.objects.filter(event="risk_accepted")} == {case.owner}


def test_a_manager_without_the_role_signs_too(case):
    manager = UserFactory()
    type(case.owner).objects.filter(pk=case.owner.pk).update(manager=manager)

    case.network.refresh_from_db()
    assert accepted(case, by=manager).signed_by == manager


@pytest.mark.parametrize("who", ["owner", "engineer", "colleague"])
def test_others_do_not_sign(case, who):
    with pytest.raises(PermissionDenied):
        accepted(case, by=getattr(case, who))
    assert Acceptance.objects.count() == 0


def test_nobody_signs_for_a_risk_of_his_own(case):
    owner_and_lead = UserFactory(roles=[Role.PM, Role.LEAD])
    Risk.objects.filter(pk=case.network.pk).update(owner=owner_and_lead)
    case.network.refresh_from_db()

    with pytest.raises(PermissionDenied):
        accepted(case, by=owner_and_lead)


def test_signed_again_the_later_signature_counts(case):
    accepted(case)
    other = UserFactory(roles=[Role.LEAD])

    accepted(case, by=other, until=date(2027, 1, 29))

    acceptance = Acceptance.objects.get()
    assert (acceptance.signed_by, acceptance.until) == (other, date(2027, 1, 29))
    assert Obligation.objects.open().filter(kind="acceptance_expiry").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"reason": "  "}, "reason"), ({"reason": "x" * 501}, "reason"), ({"until": date(2026, 11, 22)}, "until")],
)
def test_an_acceptance_says_why_and_until_when(case, changed, field):
    with pytest.raises(InvalidInputError) as refusal:
        accepted(case, **changed)

    assert list(refusal.value.errors) == [field]


def test_a_risk_that_is_over_takes_no_answer(case):
    Risk.objects.filter(pk=case.network.pk).update(state=RiskState.CLOSED)

    for deed in (mitigated, planned, accepted):
        with pytest.raises(IllegalStateError):
            deed(case)


def test_the_last_missing_answer_settles_what_the_owner_owes(case):
    case.reviewed()
    Risk.objects.filter(pk=case.terminals.pk).update(impact_amount=Decimal(10), exposure_amount=Decimal(3))
    Risk.objects.filter(pk=case.network.pk).update(impact_amount=Decimal(420_000), exposure_amount=Decimal(126_000))
    assert Obligation.objects.open().filter(kind="value_risks").count() == 1

    planned(case)

    assert Obligation.objects.open().filter(kind="value_risks").count() == 0


@pytest.mark.parametrize("other", [mitigated, planned], ids=["mitigation", "plan B"])
def test_beside_another_answer_a_signature_is_not_looked_at_again(case, other):
    def owes():
        return Obligation.objects.open().filter(kind="acceptance_expiry").exists()

    accepted(case)
    assert owes()
    other(case)
    assert not owes()
    accepted(case)
    assert not owes()
