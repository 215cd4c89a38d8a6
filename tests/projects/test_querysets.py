from typing import Any

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import User
from projects.actions.project import add_person
from projects.actions.stage import move
from projects.enums import Part, Stage
from projects.lifecycle import Transition
from projects.models import Change, Project
from tests.factories.accounts import AdminFactory, DepartmentFactory, UserFactory
from tests.factories.projects import NOW, ProjectFactory, cast, draft, submitted

pytestmark = pytest.mark.django_db


def sees(person: User, project: Project) -> bool:
    return Project.objects.visible_to(person).filter(pk=project.pk).exists()


def test_open_project_is_seen_by_every_colleague():
    project = ProjectFactory()

    for person in (UserFactory(), UserFactory(roles=[Role.ENGINEER]), AdminFactory()):
        assert sees(person, project) is True


def test_restricted_project_is_seen_by_its_people_only():
    owner, partner, sponsor, member, assessor = UserFactory.create_batch(5)
    project = ProjectFactory(owner=owner, business_partner=partner, sponsor=sponsor, is_restricted=True)
    add_person(project, member, Part.MEMBER, by=owner, now=NOW)
    add_person(project, assessor, Part.ASSESSOR, by=owner, now=NOW)

    for person in (owner, partner, sponsor, member, assessor):
        assert sees(person, project) is True
    for person in (UserFactory(), UserFactory(roles=[Role.LEAD]), UserFactory(roles=[Role.PM]), AdminFactory()):
        assert sees(person, project) is False


def test_member_of_one_restricted_project_does_not_see_another():
    member = UserFactory()
    mine, other = ProjectFactory.create_batch(2, is_restricted=True)
    add_person(mine, member, Part.MEMBER, by=None, now=NOW)

    assert list(Project.objects.visible_to(member)) == [mine]
    assert sees(member, other) is False


def test_approver_sees_what_he_was_asked_about_even_after_it_was_withdrawn():
    people = cast()
    approver = UserFactory(roles=[Role.LEAD])
    project = submitted(draft(people, is_restricted=True))
    assert sees(approver, project) is False

    project.submissions.get().steps.update(approver=approver)

    assert sees(approver, project) is True
    move(project, Transition.WITHDRAW, by=people.pm, now=NOW)
    assert sees(approver, project) is True


def test_line_of_the_owner_sees_it_up_to_the_first_head_of_a_department():
    top = UserFactory(name="Top")
    head = UserFactory(name="Head", manager=top)
    DepartmentFactory(head=head)
    lead = UserFactory(name="Lead", manager=head)
    owner = UserFactory(name="Owner", manager=lead)
    report = UserFactory(name="Report", manager=owner)
    project = ProjectFactory(owner=owner, is_restricted=True)

    assert {p.name for p in User.objects.all() if sees(p, project)} == {"Head", "Lead", "Owner"}
    assert sees(report, project) is False


def test_direct_manager_of_a_head_sees_what_the_head_owns():
    top = UserFactory()
    head = UserFactory(manager=top)
    DepartmentFactory(head=head)

    assert sees(top, ProjectFactory(owner=head, is_restricted=True)) is True


def test_dotted_lines_count_like_the_others():
    dotted_top = UserFactory()
    dotted = UserFactory(manager=dotted_top)
    manager = UserFactory()
    manager_dotted = UserFactory()
    manager.dotted_manager = manager_dotted
    manager.save()
    owner = UserFactory(manager=manager, dotted_manager=dotted)
    project = ProjectFactory(owner=owner, is_restricted=True)

    for person in (manager, dotted, dotted_top, manager_dotted):
        assert sees(person, project) is True


def test_line_of_a_member_sees_it_too_and_that_of_the_partner_does_not():
    line_of_member, line_of_partner, line_of_sponsor = UserFactory.create_batch(3)
    member = UserFactory(manager=line_of_member)
    project = ProjectFactory(
        is_restricted=True,
        business_partner=UserFactory(manager=line_of_partner),
        sponsor=UserFactory(manager=line_of_sponsor),
    )
    add_person(project, member, Part.MEMBER, by=None, now=NOW)

    assert sees(line_of_member, project) is True
    assert sees(line_of_partner, project) is False
    assert sees(line_of_sponsor, project) is False


def test_sight_follows_the_line_as_it_is_today():
    old, new = UserFactory.create_batch(2)
    owner = UserFactory(manager=old)
    project = ProjectFactory(owner=owner, is_restricted=True)

    owner.manager = new
    owner.save()

    assert (sees(old, project), sees(new, project)) == (False, True)


def test_ring_of_managers_ends():
    one = UserFactory()
    other = UserFactory(manager=one)
    one.manager = other
    one.save()

    assert sees(other, ProjectFactory(owner=one, is_restricted=True)) is True


def test_many_reasons_to_see_it_show_it_once():
    people = cast()
    project = submitted(draft(people, is_restricted=True))
    for part in Part:
        add_person(project, people.lead, part, by=people.pm, now=NOW)
        add_person(project, people.engineer, part, by=people.pm, now=NOW)

    assert list(Project.objects.visible_to(people.lead)) == [project]
    assert Project.objects.visible_to(people.lead).count() == 1


def test_rows_are_seen_with_their_project():
    owner = UserFactory()

    def changed(project: Project) -> Change:
        values: dict[str, Any] = {"number": 1, "kind": "date", "made_by": owner, "made_at": NOW}
        return Change.objects.create(project=project, **values)

    shown = changed(ProjectFactory())
    hidden = changed(ProjectFactory(is_restricted=True, owner=owner))

    assert list(Change.objects.visible_to(UserFactory())) == [shown]
    assert set(Change.objects.visible_to(owner)) == {shown, hidden}


def test_running_is_neither_over_nor_refused():
    projects = {stage: ProjectFactory(stage=stage) for stage in Stage}

    over = {Stage.CLOSED, Stage.CANCELLED, Stage.DECLINED}
    assert set(Project.objects.running()) == {project for stage, project in projects.items() if stage not in over}


@pytest.mark.parametrize("n", [1, 20])
def test_seeing_costs_one_query(django_assert_num_queries, n):
    people = cast()
    for _ in range(n):
        submitted(draft(people, is_restricted=True))

    with django_assert_num_queries(1):
        assert len(Project.objects.visible_to(people.boss)) == n
