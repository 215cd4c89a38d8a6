import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import Role
from portal.accounts.permissions import can_change_preferences, can_deactivate, can_manage_people, require
from tests.factories.accounts import AdminFactory, UserFactory


def test_require_says_who_may():
    require(True, "nobody")
    with pytest.raises(PermissionDenied, match="Only the owner"):
        require(False, "Only the owner can do this.")


@pytest.mark.django_db
def test_who_may_do_what_with_people():
    admin, lead, gone = AdminFactory(), UserFactory(roles=[Role.LEAD]), AdminFactory(is_active=False)

    assert [can_manage_people(user) for user in (None, admin, lead, gone)] == [True, True, False, False]
    assert [can_deactivate(user, admin) for user in (None, admin, AdminFactory(), lead)] == [True, False, True, False]
    assert [can_change_preferences(user, lead) for user in (None, admin, lead, UserFactory(), gone)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert not can_change_preferences(gone, gone)
