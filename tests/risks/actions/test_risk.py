from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.notifications.models import Delivery, Obligation
from projects.enums import Part, Stage
from projects.models import ProjectMember
from risks.actions.risk import edit_risk, raise_risk
from risks.enums import RiskState
from risks.models import Risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory
from tests.risks.conftest import NOW, make_case

pytestmark = pytest.mark.django_db


def test_one_line_is_enough_and_the_owner_of_the_project_owns_the_risk(case):
    risk = raise_risk(case.project, event="  The gateway\nthrottles ", by=case.owner, now=NOW)

    risk = Risk.objects.get(pk=risk.pk)
    assert (risk.event, risk.cause, risk.effect) == ("The gateway throttles", "", "")
    assert (risk.owner, risk.raised_by, risk.raised_at) == (case.owner, case.owner, NOW)
    assert (risk.state, risk.is_raised_in_flight, risk.version) == (RiskState.IDENTIFIED, False, 1)
    assert (risk.probability, risk.impact_amount, risk.exposure_amount) == (None, None, None)


def test_raising_is_recorded_and_tells_the_owner_when_another_did_it(case):
    risk = raise_risk(case.project, event="The gateway throttles", by=case.colleague, now=NOW)

    entry = AuditEntry.objects.get(verb="risk.raised", subject_id=risk.pk)
    assert (entry.actor, entry.project_id, entry.subject_type) == (case.colleague, case.project.pk, "risks.risk")
    assert entry.after == {"event": "The gateway throttles", "cause": "", "effect": "", "is_raised_in_flight": False}
    assert {row.person for row in Delivery.objects.filter(event="risk_raised")} == {case.owner}
    assert {row.object_id for row in Delivery.objects.filter(event="risk_raised")} == {risk.pk}


@pytest.mark.parametrize("stage", [Stage.APPROVED, Stage.IN_DELIVERY, Stage.LAUNCHED])
def test_any_colleague_who_sees_a_running_project_may_raise_a_risk(stage):
    case = make_case(stage)

    assert raise_risk(case.project, event="Late", by=case.colleague, now=NOW).raised_by == case.colleague


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.SUBMITTED])
def test_before_the_approval_only_its_people_raise_risks(stage):
    case = make_case(stage)
    ProjectMember.objects.create(project=case.project, person=case.engineer, part=Part.MEMBER, since=NOW)

    with pytest.raises(PermissionDenied):
        raise_risk(case.project, event="Late", by=case.colleague, now=NOW)
    assert raise_risk(case.project, event="Late", by=case.engineer, now=NOW).raised_by == case.engineer


def test_whoever_does_not_see_a_restricted_project_raises_nothing_there(case):
    hidden = ProjectFactory(owner=case.owner, stage=Stage.IN_DELIVERY, is_restricted=True)

    with pytest.raises(PermissionDenied):
        raise_risk(hidden, event="Late", by=case.colleague, now=NOW)
    assert Risk.objects.filter(project=hidden).count() == 0


@pytest.mark.parametrize("stage", [Stage.CLOSED, Stage.DECLINED, Stage.CANCELLED])
def test_a_project_that_is_over_keeps_its_register(stage):
    case = make_case()
    type(case.project).objects.filter(pk=case.project.pk).update(stage=stage, launched_at=NOW)

    with pytest.raises(IllegalStateError):
        raise_risk(case.project, event="Late", by=case.owner, now=NOW)
    assert Risk.objects.filter(project=case.project).count() == 2


@pytest.mark.parametrize("event", ["", "   ", "x" * 201])
def test_an_empty_or_endless_line_is_refused(case, event):
    with pytest.raises(InvalidInputError) as refusal:
        raise_risk(case.project, event=event, by=case.owner, now=NOW)

    assert list(refusal.value.errors) == ["event"]
    assert Risk.objects.filter(project=case.project).count() == 2


def test_a_risk_raised_in_flight_says_so_and_its_owner_is_asked_to_value_it():
    case = make_case(Stage.IN_DELIVERY)

    risk = raise_risk(case.project, event="Routers fail", by=case.colleague, now=NOW)

    assert risk.is_raised_in_flight is True
    owed = Obligation.objects.get(kind="value_risks")
    assert (owed.person, owed.object_id, owed.project_id) == (case.owner, case.project.pk, case.project.pk)


def test_before_the_review_a_risk_is_foreseen_and_after_it_in_flight(case):
    assert case.network.is_raised_in_flight is False
    case.reviewed()

    late = raise_risk(case.project, event="Routers fail", by=case.owner, now=NOW)

    assert late.is_raised_in_flight is True


def test_asked_again_while_it_is_owed_the_first_date_stands():
    case = make_case(Stage.IN_DELIVERY)
    owed = Obligation.objects.get(kind="value_risks")

    raise_risk(case.project, event="Routers fail", by=case.owner, now=NOW.replace(day=24))

    assert Obligation.objects.get(kind="value_risks").due_at == owed.due_at


def test_money_makes_the_exposure_and_goes_down_to_the_project(case):
    case.reviewed()

    risk = edit_risk(
        case.network, {"impact_amount": Decimal("419999.99")}, version=case.network.version, by=case.owner, now=NOW
    )

    case.project.refresh_from_db()
    assert (risk.probability, risk.impact_amount, risk.exposure_amount) == (
        Decimal("0.300000"),
        Decimal("419999.99"),
        Decimal("126000.00"),
    )
    assert risk.version == case.network.version + 1
    assert (case.project.exposure_amount, case.project.exposure_p80_amount) == (
        Decimal("126000.00"),
        Decimal("419999.99"),
    )
    assert (case.project.mitigation_amount, case.project.exposure_at) == (Decimal("0.00"), NOW)


def test_chance_and_days_are_given_by_hand_where_no_engineer_did(case):
    risk = edit_risk(
        case.network,
        {"probability": Decimal("0.25"), "impact_days": Decimal(4), "impact_amount": Decimal(1000)},
        version=1,
        by=case.owner,
        now=NOW,
    )

    assert (risk.probability, risk.impact_days, risk.exposure_amount) == (
        Decimal("0.25"),
        Decimal(4),
        Decimal("250.00"),
    )
    assert risk.state == RiskState.IDENTIFIED


def test_the_engineers_estimate_is_not_overwritten_by_hand(case):
    case.reviewed()

    with pytest.raises(InvalidInputError) as refusal:
        edit_risk(case.network, {"probability": Decimal("0.01")}, version=case.network.version, by=case.owner, now=NOW)

    assert list(refusal.value.errors) == ["probability"]
    case.network.refresh_from_db()
    assert case.network.probability == Decimal("0.3")


def test_what_is_not_known_any_more_is_empty_not_zero(case):
    edit_risk(
        case.network, {"probability": Decimal("0.5"), "impact_amount": Decimal(10)}, version=1, by=case.owner, now=NOW
    )

    risk = edit_risk(case.network, {"impact_amount": None}, version=2, by=case.owner, now=NOW)

    case.project.refresh_from_db()
    assert (risk.impact_amount, risk.exposure_amount) == (None, None)
    assert (case.project.exposure_amount, case.project.exposure_p80_amount) == (None, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("probability", Decimal("-0.01")),
        ("probability", Decimal("1.0000001")),
        ("probability", Decimal(100)),
        ("probability", Decimal("NaN")),
        ("impact_days", Decimal(-1)),
        ("impact_days", Decimal("1e400")),
        ("impact_amount", Decimal("-0.01")),
        ("impact_amount", Decimal("0.001")),
        ("impact_amount", Decimal("Infinity")),
        ("impact_amount", Decimal("sNaN")),
        ("impact_amount", Decimal("10000000000000.01")),
        ("cause", "x" * 301),
        ("event", ""),
    ],
)
def test_a_figure_that_cannot_be_is_refused_and_nothing_is_saved(case, field, value):
    with pytest.raises(InvalidInputError) as refusal:
        edit_risk(case.network, {field: value}, version=1, by=case.owner, now=NOW)

    assert list(refusal.value.errors) == [field]
    assert Risk.objects.get(pk=case.network.pk).version == 1
    assert AuditEntry.objects.filter(verb="risk.edited").count() == 0


def test_a_stale_edit_loses_and_says_what_is_stored(case):
    edit_risk(case.network, {"cause": "New routers"}, version=1, by=case.owner, now=NOW)

    with pytest.raises(StaleObjectError) as conflict:
        edit_risk(case.network, {"effect": "Nothing is scanned"}, version=1, by=case.owner, now=NOW)

    stored = Risk.objects.get(pk=case.network.pk)
    assert conflict.value.obj == stored
    assert (stored.cause, stored.effect) == ("New routers", "")


def test_saving_what_is_there_already_writes_nothing(case):
    risk = edit_risk(
        case.network, {"event": case.network.event, "probability": None}, version=1, by=case.owner, now=NOW
    )

    assert risk.version == 1
    assert AuditEntry.objects.filter(verb="risk.edited").count() == 0


def test_the_audit_row_holds_the_old_and_the_new(case):
    edit_risk(case.network, {"cause": "New routers", "impact_amount": Decimal(100)}, version=1, by=case.owner, now=NOW)

    entry = AuditEntry.objects.get(verb="risk.edited")
    assert entry.before == {"cause": "Old routers", "impact_amount": None}
    assert entry.after == {"cause": "New routers", "impact_amount": "100"}


def test_what_is_not_editable_is_passed_over(case):
    edit_risk(
        case.network,
        {"cause": "x", "state": RiskState.CLOSED, "project": None, "exposure_amount": Decimal(1), "version": 9},
        version=1,
        by=case.owner,
        now=NOW,
    )

    risk = Risk.objects.get(pk=case.network.pk)
    assert (risk.cause, risk.state, risk.project, risk.exposure_amount, risk.version) == (
        "x",
        RiskState.IDENTIFIED,
        case.project,
        None,
        2,
    )


@pytest.mark.parametrize("who", ["engineer", "lead", "colleague"])
def test_only_the_owner_of_the_project_edits(case, who):
    with pytest.raises(PermissionDenied) as refusal:
        edit_risk(case.network, {"cause": "x"}, version=1, by=getattr(case, who), now=NOW)

    assert str(refusal.value) == "Only the owner can do this. The owner is Lin Yue."
    assert Risk.objects.get(pk=case.network.pk).cause == "Old routers"


def test_a_risk_goes_to_no_one_who_left_or_may_not_see_it(case):
    gone = UserFactory(is_active=False)
    type(case.project).objects.filter(pk=case.project.pk).update(is_restricted=True)

    for person in (gone, UserFactory()):
        with pytest.raises(InvalidInputError) as refusal:
            edit_risk(case.network, {"owner": person}, version=1, by=case.owner, now=NOW)
        assert list(refusal.value.errors) == ["owner"]


def test_a_risk_that_is_closed_is_edited_no_more(case):
    Risk.objects.filter(pk=case.network.pk).update(state=RiskState.CLOSED)

    with pytest.raises(IllegalStateError):
        edit_risk(case.network, {"cause": "x"}, version=1, by=case.owner, now=NOW)
