import pytest
from django.core.exceptions import PermissionDenied

from portal.audit.models import AuditEntry
from projects.enums import Stage
from projects.models import Project
from risks.actions.bulk import BulkChange, BulkRefusedError, change_risks
from risks.enums import RiskState
from risks.models import Risk
from tests.factories.accounts import UserFactory
from tests.factories.risks import MitigationFactory, RiskFactory
from tests.risks.conftest import NOW, make_case

pytestmark = pytest.mark.django_db


def bulk(case, *risks, versions=None, by=None, **change):
    seen = {risk.pk: risk.version for risk in risks} | (versions or {})
    change_risks(risks, BulkChange(**change), versions=seen, by=by or case.owner, now=NOW)


def stored(*risks):
    return [Risk.objects.get(pk=risk.pk) for risk in risks]


def test_owner_and_tags_of_all(case):
    bulk(case, case.network, case.terminals, owner=case.engineer, add_tags=["Night  Hubs", "cold"])

    for risk in stored(case.network, case.terminals):
        assert risk.owner == case.engineer
        assert [tag.name for tag in risk.tags.all()] == ["cold", "night hubs"]
    assert AuditEntry.objects.filter(verb="risk.edited").count() == 2


def test_tags_are_taken_away_and_the_others_stay(case):
    bulk(case, case.network, add_tags=["a", "b"])
    bulk(case, *stored(case.network), drop_tags=["A"], add_tags=["c"])

    assert [tag.name for tag in case.network.tags.all()] == ["b", "c"]


def test_closing_writes_the_same_reason_to_each(case):
    bulk(case, case.network, case.terminals, target=RiskState.CLOSED, outcome="The hubs got fibre")

    assert [(risk.state, risk.outcome) for risk in stored(case.network, case.terminals)] == [
        (RiskState.CLOSED, "The hubs got fibre")
    ] * 2


def test_watched_needs_an_answer_first_and_one_that_has_none_holds_all(case):
    answered = RiskFactory(project=case.project, state=RiskState.PLANNED)
    MitigationFactory(risk=answered)

    with pytest.raises(BulkRefusedError) as refused:
        bulk(case, answered, case.network, target=RiskState.MONITORING, owner=case.engineer)

    assert [*refused.value.reasons] == [case.network.pk]
    assert [(risk.state, risk.owner) for risk in stored(answered, case.network)] == [
        (RiskState.PLANNED, answered.owner),
        (RiskState.IDENTIFIED, case.owner),
    ]
    bulk(case, *stored(answered), target=RiskState.MONITORING)
    assert stored(answered)[0].state == RiskState.MONITORING


def test_one_that_was_changed_meanwhile_holds_all(case):
    with pytest.raises(BulkRefusedError) as refused:
        bulk(case, case.network, case.terminals, versions={case.terminals.pk: 7}, owner=case.engineer)

    assert [*refused.value.reasons] == [case.terminals.pk]
    assert {risk.owner for risk in stored(case.network, case.terminals)} == {case.owner}


def test_one_of_another_project_holds_all(case):
    other = make_case()

    with pytest.raises(PermissionDenied):
        bulk(case, case.network, other.network, owner=case.engineer)

    assert stored(case.network)[0].owner == case.owner


def test_risks_of_several_projects_of_mine_go_together(case):
    other = make_case()
    Project.objects.filter(pk=other.project.pk).update(owner=case.owner)
    theirs = Risk.objects.select_related("project").get(pk=other.network.pk)

    bulk(case, case.network, theirs, owner=case.engineer)

    assert {risk.owner for risk in stored(case.network, theirs)} == {case.engineer}


@pytest.mark.parametrize("tags", [["x" * 31], [f"t{n}" for n in range(9)], ["a\u200bb"]])
def test_tags_that_cannot_be(case, tags):
    with pytest.raises(BulkRefusedError):
        bulk(case, case.network, add_tags=tags)
    assert not case.network.tags.exists()


def test_nobody_is_given_what_he_cannot_see(case):
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)

    with pytest.raises(BulkRefusedError) as refused:
        bulk(case, case.network, owner=UserFactory(name="Ola"))

    assert "Ola cannot see this project" in str(refused.value.reasons[case.network.pk])


def test_the_register_of_a_project_that_is_over_stays(case):
    Project.objects.filter(pk=case.project.pk).update(stage=Stage.CANCELLED)

    with pytest.raises(BulkRefusedError):
        bulk(case, case.network, owner=case.engineer)
