from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connections

from portal.accounts.actions.person import (
    change_person,
    change_preferences,
    change_roles,
    create_person,
    deactivate,
    end_sessions,
    reactivate,
)
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.common.errors import InvalidInputError
from tests.factories.accounts import AdminFactory, DepartmentFactory, SiteFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)


def audited():
    """Verb, before and after of the last entry."""
    entry = AuditEntry.objects.latest("pk")
    return entry.verb, entry.before, entry.after


def test_create_person_keeps_one_spelling_of_everything():
    admin, site = AdminFactory(), SiteFactory()
    person = create_person(
        " Lin@Example.com",
        "Lin  Yue",
        by=admin,
        now=NOW,
        password="a long enough one",
        roles=[Role.PM],
        staff_number="e17",
        site=site,
        language="zh-hans",
    )

    person = User.objects.get(pk=person.pk)
    assert (person.email, person.name, person.staff_number) == ("lin@example.com", "Lin Yue", "E17")
    assert person.check_password("a long enough one")
    assert person.roles == frozenset({Role.PM})
    assert list(User.objects.find("yue e17")) == [person]
    verb, before, after = audited()
    assert (verb, before) == ("person.created", None)
    assert after == {"site": site.pk, "language": "zh-hans", "roles": ["pm"], "is_demo": False}


def test_without_a_password_nobody_signs_in_by_one():
    assert not create_person("lin@example.com", "Lin", by=None, now=NOW).has_usable_password()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"email": "LIN@example.com"}, "email"),
        ({"email": "no address"}, "email"),
        ({"email": "\u0430dmin@example.com"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Lin\u202eYue"}, "name"),
        ({"staff_number": " e17"}, "staff_number"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_create_person_refuses_beside_the_field(values, field):
    UserFactory(email="lin@example.com", staff_number="E17")
    with pytest.raises(InvalidInputError) as refusal:
        create_person(**({"email": "new@example.com", "name": "New"} | values), by=None, now=NOW)
    assert set(refusal.value.errors) == {field}
    assert (User.objects.count(), AuditEntry.objects.count()) == (1, 0)


@pytest.mark.parametrize("field", ["is_active", "groups", "is_superuser", "created_at", "pk"])
def test_no_other_field_can_be_set_through_the_details(field):
    others: dict[str, Any] = {field: "x"}
    for deed in (
        lambda: create_person("lin@example.com", "Lin", by=None, now=NOW, **others),
        lambda: change_person(UserFactory(), by=None, now=NOW, **others),
        lambda: change_preferences(UserFactory(), by=None, now=NOW, **others),
    ):
        with pytest.raises(TypeError, match=field):
            deed()


def test_only_administrators_change_people():
    lead, person = UserFactory(roles=[Role.LEAD]), UserFactory()
    for deed in (
        lambda: create_person("x@example.com", "X", by=lead, now=NOW),
        lambda: change_person(person, by=lead, now=NOW, name="X"),
        lambda: change_roles(lead, [Role.ADMIN], by=lead, now=NOW),
        lambda: change_preferences(person, by=lead, now=NOW, theme="dark"),
        lambda: deactivate(person, by=lead, now=NOW),
        lambda: reactivate(person, by=lead, now=NOW),
    ):
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            deed()
    assert AuditEntry.objects.count() == 0


def test_change_person_records_ids_and_not_names():
    person, manager, department = UserFactory(name="Lin"), UserFactory(), DepartmentFactory()
    admin = AdminFactory()

    change_person(person, by=admin, now=NOW, name="Lin Yue", manager=manager, department=department, site=None)

    person.refresh_from_db()
    assert (person.name, person.manager, person.department) == ("Lin Yue", manager, department)
    assert list(User.objects.find("lin yue")) == [person]
    assert audited() == (
        "person.changed",
        {"manager": None, "department": None},
        {"manager": manager.pk, "department": department.pk, "changed": ["department", "manager", "name"]},
    )


def test_a_change_to_the_same_is_no_change():
    person = UserFactory(name="Lin")
    change_person(person, by=None, now=NOW, name=" Lin ")
    assert AuditEntry.objects.count() == 0


def test_a_person_is_not_his_own_manager():
    person = UserFactory()
    with pytest.raises(InvalidInputError):
        change_person(person, by=None, now=NOW, manager=person)


def test_everybody_changes_his_own_preferences():
    person = UserFactory()
    change_preferences(person, by=person, now=NOW, theme="dark", time_zone="Europe/Berlin", wants_mail=False)
    person.refresh_from_db()
    assert (person.theme, person.time_zone, person.wants_mail) == ("dark", "Europe/Berlin", False)
    assert audited()[0] == "person.preferences_changed"


def test_roles_are_changed_by_another_administrator():
    admin, person = AdminFactory(), UserFactory(roles=[Role.PM])

    changed = change_roles(person, [Role.LEAD, Role.ENGINEER], by=admin, now=NOW)

    assert changed.roles == User.objects.get(pk=person.pk).roles == frozenset({Role.LEAD, Role.ENGINEER})
    assert audited() == ("person.roles_changed", {"roles": ["pm"]}, {"roles": ["engineer", "lead"]})
    with pytest.raises(PermissionDenied):
        change_roles(admin, [], by=admin, now=NOW)


def test_deactivation_ends_the_sessions_of_that_person_alone(client):
    admin, person, other = AdminFactory(), UserFactory(), UserFactory()
    for user in (person, person, other):
        client.session.flush()
        client.force_login(user)
        client.cookies.clear()
    assert Session.objects.count() == 3

    deactivate(person, by=admin, now=NOW)

    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(other.pk)]
    assert not User.objects.get(pk=person.pk).is_active
    assert audited() == ("person.deactivated", None, None)


def test_deactivating_twice_is_one_deed_and_can_be_undone():
    admin, person = AdminFactory(), UserFactory()
    deactivate(person, by=admin, now=NOW)
    deactivate(person, by=admin, now=NOW)
    assert reactivate(person, by=admin, now=NOW).is_active
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["person.deactivated", "person.reactivated"]
    with pytest.raises(PermissionDenied):
        deactivate(admin, by=admin, now=NOW)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_are_made_at_once_with_one_address_one_is():
    """R-05: the others hear it beside the field, as if they had come later."""
    together, answers = Barrier(8), []

    def make():
        together.wait()
        try:
            create_person("lin@example.com", "Lin", by=None, now=NOW)
            answers.append("made")
        except InvalidInputError as refusal:
            answers.append(",".join(refusal.errors))
        finally:
            connections.close_all()

    threads = [Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["email"] * 7 + ["made"]
    assert (User.objects.count(), AuditEntry.objects.count()) == (1, 1)


def test_ending_sessions_can_keep_this_one(client):
    person = UserFactory()
    client.force_login(person)
    assert end_sessions(person, keep=client.session.session_key) == 0
    assert end_sessions(person) == 1
