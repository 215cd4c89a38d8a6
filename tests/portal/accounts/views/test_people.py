import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.enums import Role
from portal.accounts.models import Department, Holiday, Site, User
from portal.audit.models import AuditEntry
from portal.celery import app
from tests.factories.accounts import AdminFactory, DepartmentFactory, SiteFactory, UserFactory

PEOPLE = "/people/"
NEW = "/people/new/"
ORGANISATION = "/people/organisation/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tasks_at_once():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def admin(client):
    person = AdminFactory(name="Ada Admin", manager=UserFactory(name="Bo Boss", manager=None))
    client.force_login(person)
    return person


@pytest.fixture
def lin(admin):
    return UserFactory(
        name="Lin Yue",
        email="lin@example.com",
        staff_number="E17",
        department=DepartmentFactory(name="Logistics"),
        manager=admin,
        site=SiteFactory(name="Shanghai"),
        roles=[Role.PM],
    )


def at(person):
    return f"/people/{person.pk}/"


def sent(client, url, **changes):
    """What a browser sends for the form of a page: the values shown, those that were seen, and what is typed."""
    form = client.get(url).context["form"]
    data: dict[str, Any] = {}
    for field in form:
        value = form.initial.get(field.name)
        sent_as = value if isinstance(value, list) else "" if value is None else value
        data |= {field.html_name: sent_as, field.html_initial_name: sent_as}
    return data | changes


def shown(page):
    return page.context["listing"].page.rows


def names(client, **asked):
    return [person.name for person in shown(client.get(PEOPLE, asked))]


def audited():
    return list(AuditEntry.objects.order_by("pk").values_list("verb", "after"))


# ── the list ────────────────────────────────────────────────────────────


def test_the_answer_says_how_many_and_who_has_no_manager(client, admin, lin):
    page = client.get(PEOPLE)
    assert page.context["heading"] == "3 people, 1 has no manager"
    assert [row.name for row in shown(page)] == ["Ada Admin", "Bo Boss", "Lin Yue"]
    assert names(client, view="no_manager") == ["Bo Boss"]


def test_one_finds_by_word_number_and_role_and_leaves_out_who_left(client, admin, lin):
    UserFactory(name="Lin Gone", is_active=False)
    assert names(client, q="lin") == ["Lin Yue"]
    assert names(client, q="e17") == ["Lin Yue"]
    assert names(client, q="lin", view="all") == ["Lin Gone", "Lin Yue"]
    assert names(client, role="admin") == ["Ada Admin"]
    assert client.get(PEOPLE, {"role": "pm"}).context["heading"] == "1 person fits"
    assert "Nobody fits this." in client.get(PEOPLE, {"q": "xyz"}).text


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "x"},
        {"role": "x"},
        {"after": "x"},
        {"department": "999999"},
        {"sort": "x"},
        {"q": "a\0"},
        {"shown": "-1"},
    ],
)
def test_an_address_that_is_not_understood_is_refused(client, admin, asked):
    assert client.get(PEOPLE, asked).status_code == HTTPStatus.BAD_REQUEST


def test_the_list_goes_on_after_the_last_name_and_tells_namesakes_apart(client, admin):
    UserFactory.create_batch(30, name="Same Name")
    first = client.get(PEOPLE).context["listing"].page
    assert (first.last, first.total) == (25, 32)
    rest = client.get(first.later_url).context["listing"].page
    assert (rest.first, rest.last, rest.later_url) == (26, 32, "")
    seen = [row.pk for row in [*first.rows, *rest.rows]]
    assert sorted(seen) == sorted(User.objects.values_list("pk", flat=True))


def test_a_department_is_shown_with_what_is_below_it(client, admin, lin):
    UserFactory(name="Chen", department=DepartmentFactory(name="Last mile", parent=lin.department))
    assert names(client, department=str(lin.department.pk)) == ["Chen", "Lin Yue"]


def test_a_list_costs_the_same_for_one_and_for_many(client, admin, lin):
    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == HTTPStatus.OK
        return len(queries)

    urls = (PEOPLE, at(lin), ORGANISATION)
    client.get(PEOPLE)  # writes down that the session was seen
    before = [cost(url) for url in urls]
    for _number in range(50):
        UserFactory(department=DepartmentFactory(head=admin, parent=lin.department), manager=lin, site=SiteFactory())
    assert [cost(url) for url in urls] == before


def test_a_colleague_reads_the_directory_and_finds_no_way_to_edit(client, lin):
    reader = Client()
    reader.force_login(UserFactory(roles=[Role.LEAD]))
    assert NEW not in reader.get(PEOPLE).text
    card = reader.get(at(lin))
    assert card.context["form"] is None
    assert all(words in card.text for words in ("Lin Yue", "Logistics", "Ada Admin", "Product manager", "Shanghai"))
    assert "E17" not in card.text
    assert ('method="post"' in card.text.split("<main")[1], "deactivate" in card.text) == (False, False)


# ── adding ──────────────────────────────────────────────────────────────


def test_a_new_person_is_mailed_the_link_that_sets_a_password(client, admin, django_capture_on_commit_callbacks):
    typed = {
        "name": "Mei  Chen",
        "email": "Mei@Example.com",
        "language": "zh-hans",
        "roles": ["pm", "lead"],
        "_key": "k",
    }
    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(NEW, typed) for _press in range(2)]
    mei = User.objects.get(email="mei@example.com")
    assert [answer["Location"] for answer in answers] == [at(mei), at(mei)]
    assert (mei.name, mei.roles, mei.has_usable_password()) == ("Mei Chen", {Role.PM, Role.LEAD}, False)
    assert [message.to for message in mail.outbox] == [["mei@example.com"]]
    assert [verb for verb, _after in audited()] == ["person.created"]


def test_what_cannot_stand_is_refused_at_its_field_and_stays_typed(client, admin, lin):
    typed = {"name": "Lin Two", "email": "LIN@example.com", "staff_number": "e99", "language": "en"}
    answer = client.post(NEW, typed)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == ["email"]
    assert all(f'value="{kept}"' in answer.text for kept in ("Lin Two", "LIN@example.com", "e99"))
    assert (User.objects.filter(name="Lin Two").exists(), mail.outbox) == (False, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "Lin\u200bYue"), ("email", "lin"), ("language", "tlh"), ("time_zone", "Mars/Base"),
     ("manager", "999999"), ("department", "x"), ("roles", ["boss"]), ("site", "0")],
)  # fmt: skip
def test_bad_values_are_refused(client, admin, field, value):
    typed = {"name": "Mei Chen", "email": "mei@example.com", "language": "en"} | {field: value}
    answer = client.post(NEW, typed)
    assert (answer.status_code, list(answer.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, [field])


# ── changing ────────────────────────────────────────────────────────────


def test_an_administrator_changes_place_roles_and_language(client, admin, lin):
    typed = sent(client, at(lin), name="Lin Yue-Li", roles=["pm", "lead"], language="zh-hans", manager="")
    answer = client.post(at(lin), typed)
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, at(lin))
    lin = User.objects.get(pk=lin.pk)
    assert (lin.name, lin.roles, lin.language) == ("Lin Yue-Li", {Role.PM, Role.LEAD}, "zh-hans")
    assert (lin.manager, lin.department.name, lin.staff_number) == (None, "Logistics", "E17")
    assert audited() == [
        ("person.changed", {"changed": ["manager", "name"], "manager": None}),
        ("person.preferences_changed", {"changed": ["language"], "language": "zh-hans"}),
        ("person.roles_changed", {"roles": ["lead", "pm"]}),
    ]


def test_two_administrators_who_change_different_fields_do_not_undo_each_other(client, admin, lin):
    mine = sent(client, at(lin), name="Lin Yue-Li")
    theirs = sent(client, at(lin), staff_number="E18", roles=[])
    client.post(at(lin), theirs)
    client.post(at(lin), mine)
    lin = User.objects.get(pk=lin.pk)
    assert (lin.name, lin.staff_number, lin.roles) == ("Lin Yue-Li", "E18", frozenset())


def test_a_manager_who_left_stays_until_another_is_chosen(client, admin, lin):
    gone = UserFactory(name="Old Boss", is_active=False)
    User.objects.filter(pk=lin.pk).update(manager=gone)
    client.post(at(lin), sent(client, at(lin), name="Lin Y."))
    lin.refresh_from_db()
    assert (lin.name, lin.manager) == ("Lin Y.", gone)


def test_nobody_becomes_his_own_manager(client, admin, lin):
    answer = client.post(at(lin), sent(client, at(lin), manager=lin.pk))
    assert (answer.status_code, list(answer.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["manager"])


def test_a_refused_change_keeps_what_was_typed(client, admin, lin):
    answer = client.post(at(lin), sent(client, at(lin), name="Lin Yue-Li", email=admin.email))
    assert (answer.status_code, list(answer.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["email"])
    assert 'value="Lin Yue-Li"' in answer.text
    lin.refresh_from_db()
    assert lin.name == "Lin Yue"


# ── who may, and access that ends ───────────────────────────────────────


@pytest.mark.parametrize("role", [Role.PM, Role.ENGINEER, Role.LEAD])
def test_nobody_promotes_himself(client, admin, role):
    climber = UserFactory(roles=[role])
    own = Client()
    own.force_login(climber)
    forged = {"name": climber.name, "email": climber.email, "language": "en", "roles": ["admin"]}
    for url in (at(climber), NEW, f"{at(admin)}deactivate/", f"{at(climber)}reactivate/", ORGANISATION + "sites/new/"):
        assert own.post(url, forged).status_code == HTTPStatus.FORBIDDEN
    assert own.get(NEW).status_code == HTTPStatus.FORBIDDEN
    assert User.objects.get(pk=climber.pk).roles == {role}
    assert audited() == []


def test_an_administrator_keeps_his_own_roles_and_access(client, admin):
    page = client.get(at(admin))
    assert ("roles" in page.context["form"].fields, "Deactivate" in page.text) == (False, False)
    client.post(at(admin), sent(client, at(admin), roles=["pm"]))
    assert User.objects.get(pk=admin.pk).roles == {Role.ADMIN}
    assert client.post(f"{at(admin)}deactivate/").status_code == HTTPStatus.FORBIDDEN


def test_a_session_ends_at_once_when_its_person_is_deactivated(client, admin, lin):
    own = Client()
    own.force_login(lin)
    assert own.get(PEOPLE).status_code == HTTPStatus.OK
    answer = client.post(f"{at(lin)}deactivate/")
    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, at(lin))
    refused = own.get(PEOPLE)
    assert (refused.status_code, refused["Location"]) == (HTTPStatus.FOUND, f"/login/?next={PEOPLE}")
    assert "Deactivated: cannot sign in" in client.get(at(lin)).text
    client.post(f"{at(lin)}reactivate/")
    assert User.objects.get(pk=lin.pk).is_active
    assert own.get(PEOPLE).status_code == HTTPStatus.FOUND
    assert [verb for verb, _after in audited()] == ["person.deactivated", "person.reactivated"]


def test_a_key_that_was_used_for_something_else_changes_nothing(client, admin, lin):
    client.post(f"{at(lin)}deactivate/", {"_key": "one"})
    answer = client.post(f"{at(lin)}reactivate/", {"_key": "one", "more": "1"})
    assert (answer.status_code, User.objects.get(pk=lin.pk).is_active) == (HTTPStatus.FOUND, False)


# ── departments, sites, days off ────────────────────────────────────────


def test_an_administrator_adds_a_department_and_names_its_head(client, admin, lin):
    answer = client.post(ORGANISATION + "departments/new/", {"name": "Shelves", "parent": lin.department.pk})
    assert answer["Location"] == ORGANISATION
    made = Department.objects.get(name="Shelves")
    assert (made.parent, made.head) == (lin.department, None)
    assert client.get(ORGANISATION).context["heading"] == "2 departments, 2 have no head"
    url = f"{ORGANISATION}departments/{made.pk}/"
    client.post(url, {"head": lin.pk})
    made.refresh_from_db()
    assert made.head == lin
    client.post(url, {"head": ""})
    made.refresh_from_db()
    assert made.head is None
    assert [verb for verb, _after in audited()] == [
        "department.created", "department.head_changed", "department.head_changed",
    ]  # fmt: skip


def test_a_second_department_of_the_name_is_refused_with_what_was_typed(client, admin, lin):
    answer = client.post(ORGANISATION + "departments/new/", {"name": "LOGISTICS"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["name"])
    assert 'value="LOGISTICS"' in answer.text


def test_an_administrator_adds_a_site_and_its_days_off(client, admin, time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 4, tzinfo=UTC), tick=False)
    typed = {"name": "Berlin", "country": "de", "time_zone": "Europe/Berlin"}
    answer = client.post(ORGANISATION + "sites/new/", typed)
    berlin = Site.objects.get(name="Berlin")
    url = f"{ORGANISATION}sites/{berlin.pk}/"
    assert (answer["Location"], berlin.country) == (url, "DE")
    assert client.get(url).context["heading"] == "Berlin has no day off listed ahead"
    client.post(url, {"day": "2026-12-25", "is_working": "no", "name": "Christmas"})
    client.post(url, {"day": "2026-12-19", "is_working": "yes"})
    days = list(Holiday.objects.values_list("day__day", "is_working", "name"))
    assert days == [(19, True, ""), (25, False, "Christmas")]
    assert re.sub(r"\s+", " ", client.get(url).context["heading"]) == "Next day off in Berlin: 25 Dec"
    assert [verb for verb, _after in audited()] == ["site.created", "site.holiday_set", "site.holiday_set"]


def test_a_day_nobody_means_is_refused(client, admin, lin):
    url = f"{ORGANISATION}sites/{lin.site.pk}/"
    answer = client.post(url, {"day": "1999-01-01", "is_working": "no", "name": "Long ago"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["day"])
    assert 'value="Long ago"' in answer.text


def test_colleagues_read_departments_and_sites_only(lin):
    reader = Client()
    reader.force_login(lin)
    assert "Add a site" not in reader.get(ORGANISATION).text
    url = f"{ORGANISATION}sites/{lin.site.pk}/"
    assert reader.get(url).context["form"] is None
    assert reader.post(url, {"day": "2026-12-25"}).status_code == HTTPStatus.FORBIDDEN
    assert reader.get(f"{ORGANISATION}departments/{lin.department.pk}/").status_code == HTTPStatus.FORBIDDEN
