import pytest

from portal.accounts.backends import PersonBackend
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories.accounts import SiteFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("roles", [[], [Role.PM, Role.ADMIN]])
def test_the_person_of_a_session_comes_with_site_and_roles_by_one_query(roles, django_assert_num_queries):
    site = SiteFactory()
    pk = UserFactory(roles=roles, site=site).pk
    with django_assert_num_queries(1):
        person = PersonBackend().get_user(pk)
        assert (person.pk, person.site, person.roles) == (pk, site, frozenset(roles))


def test_what_was_read_is_read_anew_once_it_is_forgotten():
    person = User.objects.of_session(UserFactory(roles=[Role.PM]).pk)
    person.groups.clear()
    person.forget_roles()
    assert person.roles == frozenset()


def test_nobody_is_behind_a_session_whose_person_left_or_never_was():
    left = UserFactory(is_active=False)
    assert [PersonBackend().get_user(left.pk), PersonBackend().get_user(left.pk + 1)] == [None, None]
