import pytest

from portal.accounts.enums import Role
from projects.actions.project import add_person
from projects.enums import Part, Stage
from projects.lifecycle import Transition
from projects.models import FollowUp
from projects.permissions import (
    DECIDED,
    can_change_follow_up,
    can_decide,
    can_edit_pitch,
    can_move,
    can_pitch,
    can_run,
    is_owner,
    is_waiting_for,
    line_above,
    people_of,
)
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.projects import NOW, TODAY, ProjectFactory, cast, draft, pending_step, submitted

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("roles", "may"),
    [([], False), ([Role.ENGINEER], False), ([Role.ADMIN], False), ([Role.PM], True), ([Role.LEAD], True)],
)
def test_who_may_pitch(roles, may):
    assert can_pitch(UserFactory(roles=roles)) is may
    assert can_pitch(UserFactory(roles=roles, is_active=False)) is False


def test_a_project_is_edited_and_run_by_its_owner():
    people = cast()
    project = draft(people)

    for may in (is_owner, can_edit_pitch, can_run):
        assert may(people.pm, project) is True
        for person in (people.boss, people.lead, people.engineer, people.partner, AdminFactory()):
            assert may(person, project) is False
    assert is_owner(None, project) is False
    people.pm.is_active = False
    assert is_owner(people.pm, project) is False


def test_who_may_make_which_transition():
    people = cast()
    project = draft(people)
    by_themselves = set(Transition) - DECIDED

    assert {t for t in Transition if can_move(people.pm, project, t)} == by_themselves
    assert {t for t in Transition if can_move(people.lead, project, t)} == {Transition.CANCEL}
    for person in (people.boss, people.engineer, people.partner, UserFactory(roles=[Role.LEAD]), AdminFactory()):
        assert {t for t in Transition if can_move(person, project, t)} == set()


def test_manager_without_the_role_of_a_lead_cancels_nothing():
    people = cast()
    people.pm.manager = UserFactory()

    assert can_move(people.pm.manager, ProjectFactory(owner=people.pm), Transition.CANCEL) is False


def test_policy_itself_closes_and_nothing_else():
    project = ProjectFactory(stage=Stage.LAUNCHED)

    assert {t for t in Transition if can_move(None, project, t)} == {Transition.CLOSE}


def test_who_may_decide():
    people = cast()
    step = pending_step(submitted(draft(people)))

    assert (can_decide(people.lead, step), is_waiting_for(people.lead, step)) == (True, True)
    for person in (people.pm, people.boss, people.engineer, people.partner, AdminFactory()):
        assert (can_decide(person, step), is_waiting_for(person, step)) == (False, False)
    people.lead.is_active = False
    assert can_decide(people.lead, step) is False


def test_nobody_decides_on_his_own_even_if_he_is_named():
    people = cast()
    step = pending_step(submitted(draft(people)))
    step.approver = people.pm

    assert can_decide(people.pm, step) is False


def test_step_that_is_decided_waits_for_nobody():
    people = cast()
    step = pending_step(submitted(draft(people)))
    step.state = "approved"

    assert is_waiting_for(people.lead, step) is False


def test_line_above_is_direct_and_dotted():
    people = cast()
    assert line_above(ProjectFactory(owner=people.pm)) == {people.lead.pk}
    assert line_above(ProjectFactory()) == set()

    people.pm.dotted_manager = people.boss
    assert line_above(ProjectFactory(owner=people.pm)) == {people.lead.pk, people.boss.pk}


def test_people_of_a_project_are_named_once():
    people = cast()
    project = draft(people)
    project.sponsor = people.boss
    project.save()
    for part in Part:
        add_person(project, people.engineer, part, by=people.pm, now=NOW)
    add_person(ProjectFactory(), people.lead, Part.MEMBER, by=None, now=NOW)

    assert list(people_of(project).order_by("name")) == [people.boss, people.engineer, people.partner, people.pm]


def test_follow_up_is_moved_by_its_owner_or_that_of_the_project():
    people = cast()
    follow_up = FollowUp(project=draft(people), owner=people.engineer, due_on=TODAY)

    assert [can_change_follow_up(person, follow_up) for person in (people.engineer, people.pm)] == [True, True]
    for person in (people.lead, people.partner, AdminFactory()):
        assert can_change_follow_up(person, follow_up) is False
