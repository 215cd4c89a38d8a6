import re
from datetime import time
from http import HTTPStatus

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from portal.accounts.enums import Role
from tests.factories.accounts import DepartmentFactory, SiteFactory, UserFactory

PASSWORD = "correct horse battery"
SETTINGS = "/settings/"
QUIET = {"quiet_from": "18:30", "quiet_until": "08:15", "wants_inbox": "on", "is_quiet_at_noon": "on"}
WISHES = {"language": "zh-hans", "time_zone": "Europe/Berlin", "theme": "dark", "wants_mail": "on"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]


@pytest.fixture
def lin(client):
    person = UserFactory(
        name="Lin Yue", password=PASSWORD, department=DepartmentFactory(), site=SiteFactory(), roles=[Role.PM]
    )
    client.force_login(person)
    return person


def test_settings_save_how_the_portal_speaks(client, lin):
    response = client.post(SETTINGS, WISHES)
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, SETTINGS)
    lin.refresh_from_db()
    assert (lin.language, lin.time_zone, lin.theme, lin.wants_mail) == ("zh-hans", "Europe/Berlin", "dark", True)
    page = client.get(SETTINGS)
    assert '<html lang="zh-Hans" data-bs-theme="dark">' in page.text
    assert page["Content-Language"] == "zh-hans"


@pytest.mark.parametrize(
    ("field", "value"), [("language", "tlh"), ("time_zone", "Mars/Olympus"), ("theme", "plaid"), ("language", "")]
)
def test_a_wish_we_do_not_know_is_refused_at_its_field(client, lin, field, value):
    response = client.post(SETTINGS, WISHES | {field: value})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.context["form"].errors) == [field]
    lin.refresh_from_db()
    assert lin.language == "en"


def test_each_way_has_its_switch_and_the_evening_its_hours(client, lin):
    client.post(SETTINGS, WISHES | QUIET)
    lin.refresh_from_db()
    assert (lin.wants_inbox, lin.wants_mail, lin.is_quiet_at_noon) == (True, True, True)
    assert (lin.quiet_from, lin.quiet_until) == (time(18, 30), time(8, 15))
    client.post(SETTINGS, {"language": "en", "time_zone": "", "theme": "dark"})
    lin.refresh_from_db()
    assert (lin.wants_inbox, lin.wants_mail, lin.is_quiet_at_noon) == (False, False, False)
    assert (lin.quiet_from, lin.quiet_until) == (None, None)
    assert "With both off, what you owe still stands on your desk" in client.get(SETTINGS).text


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "field"),
    [
        ("18:30", "", "quiet_until"),
        ("", "09:00", "quiet_from"),
        ("09:00", "08:00", "quiet_until"),
        ("25:00", "09:00", "quiet_from"),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_field(client, lin, quiet_from, quiet_until, field):
    response = client.post(SETTINGS, WISHES | {"quiet_from": quiet_from, "quiet_until": quiet_until})
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["quiet_from"].value() == quiet_from


def test_nobody_changes_more_than_his_preferences(client, lin):
    forged = {
        "name": "Boss",
        "email": "boss@example.com",
        "roles": "admin",
        "groups": "1",
        "is_active": "",
        "is_demo": "on",
        "id": "1",
    }
    client.post(SETTINGS, WISHES | forged)
    before = (lin.name, lin.email, lin.roles)
    lin.refresh_from_db()
    lin.forget_roles()
    assert (lin.name, lin.email, lin.roles, lin.is_active, lin.is_demo) == (*before, True, False)


def test_times_are_those_of_the_reader(client, lin, probe):
    client.post(SETTINGS, WISHES)
    assert client.get(SETTINGS).context["TIME_ZONE"] == "Europe/Berlin"
    assert Client().get("/login/").context["TIME_ZONE"] == probe.TIME_ZONE


def test_a_zone_that_is_gone_falls_back_to_utc(client, lin):
    type(lin).objects.filter(pk=lin.pk).update(time_zone="Atlantis/Capital")
    page = client.get(SETTINGS)
    assert (page.status_code, page.context["TIME_ZONE"]) == (HTTPStatus.OK, "UTC")


def test_a_visitor_is_spoken_to_as_his_browser_asks(client):
    UserFactory()
    assert 'lang="zh-Hans"' in client.get("/login/", headers={"accept-language": "zh-CN,zh;q=0.9"}).text
    assert 'lang="en"' in client.get("/login/", headers={"accept-language": "tlh"}).text


def test_one_click_sets_language_and_theme_for_a_visitor(client):
    UserFactory()
    response = client.post("/look/", {"language": "zh-hans", "theme": "dark", "next": "/login/"})
    assert response["Location"] == "/login/"
    assert '<html lang="zh-Hans" data-bs-theme="dark">' in client.get("/login/").text


def test_one_click_sets_language_and_theme_for_a_person(client, lin):
    client.post("/look/", {"theme": "dark", "next": "/more/"})
    client.post("/look/", {"language": "zh-hans"})
    lin.refresh_from_db()
    assert (lin.theme, lin.language) == ("dark", "zh-hans")


@pytest.mark.parametrize("data", [{"language": "tlh"}, {"theme": "plaid"}, {}, {"next": "//evil.test"}])
def test_a_click_that_says_nothing_we_know_changes_nothing(client, lin, data):
    response = client.post("/look/", data)
    lin.refresh_from_db()
    assert (response["Location"], lin.theme, lin.language) == ("/", "auto", "en")


def test_the_device_tells_the_server_what_to_paint(client):
    UserFactory()
    client.cookies["foresight-device"] = "dark"
    assert '<html lang="en" data-bs-theme="dark" data-theme="auto">' in client.get("/login/").text
    client.cookies["foresight-device"] = '"><script>'
    assert 'data-bs-theme="light" data-theme="auto"' in client.get("/login/").text


def test_own_sessions_are_listed_and_ended_by_handle(client, lin):
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    elsewhere.post("/login/", {"email": lin.email, "password": PASSWORD})
    stranger = Client()
    stranger.force_login(UserFactory())

    page = client.get(SETTINGS)
    assert [one.device for one in page.context["sign_ins"]] == ["a device that gives no name", "Firefox on Linux"]
    keys = Session.objects.values_list("session_key", flat=True)
    assert [key for key in keys if key in page.text] == []

    (handle,) = re.findall(r'name="handle" value="(\w{16})"', page.text)
    assert client.post("/settings/sessions/end/", {"handle": handle})["Location"] == SETTINGS
    assert elsewhere.get(SETTINGS).status_code == HTTPStatus.FOUND
    assert client.get(SETTINGS).status_code == HTTPStatus.OK
    assert stranger.get(SETTINGS).status_code == HTTPStatus.OK


def test_all_other_sessions_end_at_once(client, lin):
    others = [Client(), Client()]
    for other in others:
        other.force_login(lin)
    client.post("/settings/sessions/end/", {"handle": "others"})
    assert [other.get(SETTINGS).status_code for other in others] == [HTTPStatus.FOUND] * 2
    assert client.get(SETTINGS).status_code == HTTPStatus.OK


def test_sessions_of_others_and_this_one_are_not_there_to_end(client, lin):
    stranger = Client()
    stranger.force_login(UserFactory())
    foreign = stranger.get(SETTINGS).context["sign_ins"][0].handle
    own = client.get(SETTINGS).context["sign_ins"][0].handle
    answers = [
        client.post("/settings/sessions/end/", {"handle": handle}).status_code for handle in (foreign, own, "", "x")
    ]
    assert answers == [HTTPStatus.NOT_FOUND] * 4
    assert stranger.get(SETTINGS).status_code == HTTPStatus.OK


def test_more_lists_every_page_that_exists(client, lin):
    page = client.get("/more/")
    assert [(stop.place.key, stop.url) for stop in page.context["places"]] == [("desk", "/"), ("people", "/people/")]
    assert 'href="/settings/"' in page.text
    assert 'action="/logout/"' in page.text


@pytest.mark.parametrize("sessions", [1, 4])
@pytest.mark.parametrize(("path", "queries"), [(SETTINGS, 6), ("/more/", 4)])
def test_query_count_is_flat(client, lin, django_assert_num_queries, path, queries, sessions):
    for _ in range(sessions):
        Client().force_login(lin)
    client.get(path)
    with django_assert_num_queries(queries):
        client.get(path)
