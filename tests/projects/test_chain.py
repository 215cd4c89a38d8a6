"""Who decides: the line, a second one for what costs much, the heads of those whose people are asked for."""

from decimal import Decimal

import pytest

from portal.policy.store import change
from projects import policy
from projects.chain import chain_of
from projects.enums import StepWhy, Tier
from tests.factories.accounts import AdminFactory, DepartmentFactory, UserFactory
from tests.factories.projects import NOW, CostLineFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def chain(project):
    return [(one.person, one.why) for one in chain_of(project)]


def asks_for(project, skill):
    CostLineFactory(project=project, option=project.options.get(), position=7, skill=skill)


def test_the_line_says_why_each_is_asked(people):
    project = ProjectFactory(owner=people.pm, tier=Tier.STANDARD)

    assert chain(project) == [(people.lead, StepWhy.MANAGER), (people.boss, StepWhy.ABOVE)]


@pytest.mark.parametrize(("cost", "count"), [(None, 1), ("100000", 1), ("100000.01", 2)])
def test_a_light_project_that_costs_much_needs_two(people, cost, count):
    project = ProjectFactory(owner=people.pm, cost_amount=cost and Decimal(cost))

    assert len(chain_of(project)) == count


def test_the_threshold_is_policy(people):
    project = ProjectFactory(owner=people.pm, cost_amount=Decimal(5000))
    change(policy.SECOND_APPROVER_AMOUNT, Decimal(4000), by=AdminFactory(), now=NOW)

    assert len(chain_of(project)) == 2


def test_heads_whose_people_are_asked_for_decide_after_the_line(people):
    head = UserFactory()
    other = DepartmentFactory(head=head)
    for _ in range(2):
        UserFactory(department=other, skill="Data engineer")
    project = ProjectFactory(owner=people.pm)
    asks_for(project, "Data engineer")

    assert chain(project) == [(people.lead, StepWhy.MANAGER), (head, StepWhy.HEAD)]


@pytest.mark.parametrize("is_active", [True, False])
def test_nobody_decides_twice_and_nobody_who_left(people, is_active):
    """The head of the other department is the manager already, or gone; its people left, or it has no head."""
    head = people.lead if is_active else UserFactory(is_active=False)
    UserFactory(department=DepartmentFactory(head=head), skill="Tester")
    UserFactory(department=DepartmentFactory(head=None), skill="Tester")
    UserFactory(department=DepartmentFactory(head=UserFactory()), skill="Tester", is_active=False)
    UserFactory(department=people.pm.department, skill="Tester")
    project = ProjectFactory(owner=people.pm)
    asks_for(project, "Tester")

    assert chain(project) == [(people.lead, StepWhy.MANAGER)]


def test_the_owner_who_heads_the_other_department_does_not_decide_on_his_own(people):
    UserFactory(department=DepartmentFactory(head=people.pm), skill="Tester")
    project = ProjectFactory(owner=people.pm)
    asks_for(project, "Tester")

    assert [one.person for one in chain_of(project)] == [people.lead]
