from datetime import date
from decimal import Decimal

import pytest

from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from projects.actions.project import add_person, check_fields, check_person, lock, record_exposure
from projects.enums import Part, Stage
from projects.models import Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, ProjectFactory, verbs

pytestmark = pytest.mark.django_db


def test_lock_touches_the_sequence_and_reads_the_row_anew(django_assert_num_queries):
    project = ProjectFactory()
    Project.objects.update(stage=Stage.SUBMITTED, version=7)

    with django_assert_num_queries(2):
        current = lock(project)
        assert (current.stage, current.version, current.sequence) == (Stage.SUBMITTED, 7, 1)
        assert (current.site, current.owner) == (project.site, project.owner)


def test_a_part_is_given_once():
    project, person = ProjectFactory(), UserFactory()

    first = add_person(project, person, Part.ASSESSOR, by=project.owner, now=NOW)
    again = add_person(project, person, Part.ASSESSOR, by=project.owner, now=NOW + DAY)
    other = add_person(project, person, Part.MEMBER, by=None, now=NOW + DAY)

    assert (again, again.since, other.since) == (first, NOW, NOW + DAY)
    assert verbs(project) == ["project.person_added"] * 2
    assert list(AuditEntry.objects.values_list("actor", "after")) == [
        (project.owner.pk, {"person": person.pk, "part": "assessor"}),
        (None, {"person": person.pk, "part": "member"}),
    ]


def test_exposure_is_kept_beside_the_business_case():
    project = ProjectFactory(net_benefit_amount=Decimal("50000.00"))

    record_exposure(
        project, expected_loss=Decimal("12000.00"), p80=Decimal("30000.00"), mitigation_cost=Decimal("800.00"), now=NOW
    )

    project.refresh_from_db()
    assert (project.exposure_amount, project.exposure_p80_amount, project.mitigation_amount, project.exposure_at) == (
        Decimal("12000.00"),
        Decimal("30000.00"),
        Decimal("800.00"),
        NOW,
    )


def test_exposure_that_is_not_known_is_not_zero():
    project = ProjectFactory(net_benefit_amount=Decimal("50000.00"))

    record_exposure(project, expected_loss=None, p80=None, mitigation_cost=Decimal(0), now=NOW)

    project.refresh_from_db()
    assert (project.exposure_amount, project.exposure_p80_amount) == (None, None)


def test_fields_are_judged_by_the_model_under_the_name_they_came_by():
    wrong = Project(title="x" * 121, wanted_on=date(1, 1, 1))

    with pytest.raises(InvalidInputError) as refused:
        check_fields(wrong, ["title", "wanted_on"], given_as={"wanted_on": "day"})

    assert {name: [str(word) for word in words] for name, words in refused.value.errors.items()} == {
        "title": ["Ensure this value has at most 120 characters (it has 121)."],
        "day": ["Name a day from 2000 to 2100."],
    }
    check_fields(wrong, ["problem"])


def test_person_must_be_here_and_see_the_project():
    project = ProjectFactory(is_restricted=True)

    check_person(project, project.owner)
    for person, words in (
        (UserFactory(name="Gone", is_active=False), "Gone no longer works here."),
        (UserFactory(name="Stranger"), "Stranger cannot see this project: it is restricted to its people."),
    ):
        with pytest.raises(InvalidInputError) as refused:
            check_person(project, person, "who")
        assert {name: str(said) for name, said in refused.value.errors.items()} == {"who": words}
