from itertools import pairwise

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db.models import Q

from portal.accounts.enums import Role
from portal.accounts.models import Department, User
from portal.accounts.querysets import reports_of
from tests.factories.accounts import DepartmentFactory, UserFactory

pytestmark = pytest.mark.django_db


def reports(user):
    return set(User.objects.filter(Q(pk__in=reports_of(user))))


def chain(user):
    """The line above a person, told step by step: what `reports_of` tells from above, in one query."""
    found: set[User] = set()
    level = [user]
    while level:
        above = {pk for person in level for pk in (person.manager_id, person.dotted_manager_id) if pk}
        managers = set(User.objects.filter(pk__in=above)) - found - {user}
        found |= managers
        level = [person for person in managers if not Department.objects.filter(head=person).exists()]
    return found


def line(*people):
    """Each is managed by the next."""
    for person, manager in pairwise(people):
        User.objects.filter(pk=person.pk).update(manager=manager)
        person.refresh_from_db()


def test_reports_are_found_through_the_levels_by_both_lines():
    lead, manager, engineer, dotted, stranger = UserFactory.create_batch(5)
    line(engineer, manager, lead)
    User.objects.filter(pk=dotted.pk).update(dotted_manager=manager)

    assert reports(lead) == {manager, engineer, dotted}
    assert reports(manager) == {engineer, dotted}
    assert reports(stranger) == set()


def test_a_line_ends_with_the_first_head_of_a_department_who_still_belongs_to_it():
    chief, head, manager, engineer = UserFactory.create_batch(4)
    line(engineer, manager, head, chief)
    DepartmentFactory(head=head)

    assert reports(head) == {manager, engineer}
    assert reports(chief) == {head}
    assert chain(User.objects.get(pk=engineer.pk)) == {manager, head}
    assert chain(User.objects.get(pk=head.pk)) == {chief}


def test_a_dotted_line_goes_on_where_the_direct_one_ended():
    chief, head, manager, engineer = UserFactory.create_batch(4)
    line(engineer, head, chief)
    DepartmentFactory(head=head)
    User.objects.filter(pk=engineer.pk).update(dotted_manager=manager)
    line(manager, chief)

    assert reports(chief) == {head, manager, engineer}
    assert chain(User.objects.get(pk=engineer.pk)) == {head, manager, chief}


def test_a_ring_of_managers_ends():
    one, two, three = UserFactory.create_batch(3)
    line(one, two, three, one)

    assert reports(one) == {two, three}
    assert chain(User.objects.get(pk=one.pk)) == {two, three}


@pytest.mark.parametrize("seed", range(8))
def test_chain_and_reports_mirror_each_other(seed):
    people = UserFactory.create_batch(9)
    for number, person in enumerate(people):
        manager, dotted = people[(number * seed + 3) % 9], people[(number + seed) % 9]
        User.objects.filter(pk=person.pk).update(
            manager=manager if manager != person else None, dotted_manager=dotted if dotted != person else None
        )
    for head in people[:2]:
        DepartmentFactory(head=head)
    people = list(User.objects.all())

    down = {(above, below) for above in people for below in reports(above)}
    up = {(above, below) for below in people for above in chain(below)}
    assert down == up


def test_reports_cost_no_query_of_their_own(django_assert_num_queries):
    lead = UserFactory()
    with django_assert_num_queries(1):
        list(User.objects.filter(Q(pk=lead.pk) | Q(pk__in=reports_of(lead)) | Q(manager_id__in=reports_of(lead))))


def test_find_looks_in_name_address_and_number():
    lin = UserFactory(name="Lin Yue 林悦", email="lin.yue@example.com", staff_number="e17")
    jose = UserFactory(name="José García", email="jg@example.com")

    assert list(User.objects.find("yue LIN")) == [lin]
    assert list(User.objects.find("林")) == [lin]
    assert list(User.objects.find("E17")) == [lin]
    assert list(User.objects.find("GARCIA")) == [jose]
    assert list(User.objects.find("100%")) == []
    assert set(User.objects.find(" ")) == {lin, jose}


@pytest.mark.parametrize("q", ["lin\x00", "lin\u200b", "\ud800"])
def test_find_answers_nobody_to_what_cannot_be_seen(q):
    UserFactory(name="Lin")
    assert list(User.objects.find(q)) == []


def test_find_looks_at_a_few_words_only():
    lin = UserFactory(name="Lin")
    assert list(User.objects.find("lin " * 5000)) == [lin]


def test_active_with_role():
    lead = UserFactory(roles=[Role.LEAD, Role.PM])
    UserFactory(roles=[Role.LEAD], is_active=False)
    UserFactory(roles=[Role.PM])
    assert list(User.objects.active().with_role(Role.LEAD)) == [lead]


def test_roles_are_read_once(django_assert_num_queries):
    person = User.objects.get(pk=UserFactory(roles=[Role.PM]).pk)
    with django_assert_num_queries(1):
        assert [person.has_role(role) for role in Role] == [True, False, False, False]


def test_roles_come_from_a_prefetch(django_assert_num_queries):
    UserFactory(roles=[Role.PM])
    with django_assert_num_queries(2):
        assert [p.roles for p in User.objects.prefetch_related("groups")] == [frozenset({Role.PM})]


def test_a_group_of_another_name_is_no_role():
    person = UserFactory(roles=[Role.PM])
    person.groups.add(Group.objects.create(name="choir"))
    assert person.roles == frozenset({Role.PM})


def test_a_missing_group_is_made_again():
    Group.objects.all().delete()
    assert UserFactory(roles=[Role.LEAD]).has_role(Role.LEAD)


def test_sign_in_knows_every_spelling_of_the_address(rf):
    lin = UserFactory(email="lin@example.com", password="a long enough one")
    assert authenticate(rf.post("/login/"), username=" ＬＩＮ@Example.com", password="a long enough one") == lin


@pytest.mark.parametrize("typed", [None, "", "l\u0456n@example.com", "lin\u200b@example.com", "lin\x00@example.com"])
def test_sign_in_with_an_impossible_address_finds_nobody(typed):
    UserFactory(email="lin@example.com", password="a long enough one")
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(typed)


def test_createsuperuser_makes_an_administrator(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long enough one")
    call_command("createsuperuser", email="Chief@Example.com", name="Chief", interactive=False, verbosity=0)

    chief = User.objects.get(email="chief@example.com")
    assert (chief.is_admin, chief.check_password("a long enough one")) == (True, True)
    assert list(User.objects.find("chief")) == [chief]
