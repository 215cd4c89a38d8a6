import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.urls import reverse

from portal.accounts.actions.person import deactivate
from tests.factories.accounts import AdminFactory, UserFactory

PASSWORD = "correct horse battery"
LOGIN = "/login/"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]


@pytest.fixture
def lin():
    return UserFactory(email="lin@example.com", name="Lin Yue", password=PASSWORD)


def sign_in(client, email="lin@example.com", password=PASSWORD, **more):
    return client.post(LOGIN, {"email": email, "password": password, **more})


def without_tokens(response):
    return re.sub(rb'(csrfmiddlewaretoken" value|nonce)="[^"]*"', b"", response.content)


def test_unknown_person_wrong_password_and_deactivated_person_get_the_same_answer(client, lin):
    gone = UserFactory(email="gone@example.com", password=PASSWORD, is_active=False)
    answers = [
        sign_in(client, "nobody@example.com"),
        sign_in(client, lin.email, "not the password"),
        sign_in(client, gone.email),
    ]
    assert [answer.status_code for answer in answers] == [HTTPStatus.UNPROCESSABLE_ENTITY] * 3
    bodies = {
        without_tokens(answer).replace(email.encode(), b"")
        for answer, email in zip(answers, ["nobody@example.com", lin.email, gone.email], strict=True)
    }
    assert len(bodies) == 1


def test_unknown_person_takes_as_long_as_a_wrong_password(client, lin, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    settings.AXES_ENABLED = False
    lin.set_password(PASSWORD)
    lin.save()

    def seconds(email):
        began = time.perf_counter()
        sign_in(client, email, "not the password")
        return time.perf_counter() - began

    known, unknown = [], []
    for _ in range(9):
        known.append(seconds(lin.email))
        unknown.append(seconds("nobody@example.com"))
    # The hash takes most of the time; left out, the ratio would be a few percent.
    assert 0.6 < statistics.median(unknown) / statistics.median(known) < 1.6


def test_the_address_may_be_typed_in_any_case_and_width(client, lin):
    assert sign_in(client, " LIN@Example.com ").status_code == HTTPStatus.FOUND
    assert client.session[SESSION_KEY] == str(lin.pk)


@pytest.mark.parametrize("email", ["", "x" * 255, "lin\x00@example.com"])
def test_an_unreadable_address_is_refused_at_its_field(client, lin, email):
    response = sign_in(client, email)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert set(response.context["form"].errors) == {"email"}


def test_a_password_of_5000_characters_is_refused_unread(client, lin):
    began = time.perf_counter()
    response = sign_in(client, password="x" * 5000)
    assert time.perf_counter() - began < 0.5
    assert set(response.context["form"].errors) == {"password"}


def test_a_long_password_with_spaces_and_emoji_signs_in_untruncated(client):
    password = " correct horse 🐴 battery staple and a few words more, 64 in all "
    person = UserFactory(password=password)
    assert sign_in(client, person.email, password.strip()).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert sign_in(client, person.email, password).status_code == HTTPStatus.FOUND


def test_signing_in_changes_the_session_id(client, lin):
    session = client.session
    session["planted"] = "yes"
    session.save()
    before = session.session_key
    client.cookies["foresight-session"] = before
    sign_in(client)
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("//evil.test", "/"),
        ("/\\evil.test", "/"),
        ("https:evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("\t//evil.test", "/"),
        ("/\t/evil.test", "/"),
        ("%09//evil.test", "/"),
        ("https://evil.test/", "/"),
        ("", "/"),
        ("/ok?next=//evil.test", "/ok?next=//evil.test"),
    ],
)
@pytest.mark.parametrize("sent", ["in the form", "in the address"])
def test_signing_in_leads_to_our_own_pages_only(client, lin, wanted, led_to, sent):
    if sent == "in the form":
        response = sign_in(client, next=wanted)
    else:
        response = client.post(
            reverse("accounts:sign_in", query={"next": wanted}), {"email": lin.email, "password": PASSWORD}
        )
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, led_to)


def test_whoever_is_signed_in_already_is_led_on(client, lin):
    client.force_login(lin)
    assert client.get(LOGIN, {"next": "/notes/"})["Location"] == "/notes/"


def test_five_wrong_passwords_lock_the_door_even_to_the_right_one(client, lin):
    other = UserFactory(password=PASSWORD)
    for _ in range(4):
        assert sign_in(client, password="wrong").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    locked = sign_in(client, "LIN@example.com", "wrong")
    assert (locked.status_code, locked["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "900")
    assert sign_in(client).status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert sign_in(client, other.email).status_code == HTTPStatus.FOUND


def test_a_locked_door_opens_again_after_its_time(client, lin):
    with time_machine.travel(NOW) as clock:
        for _ in range(5):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == HTTPStatus.TOO_MANY_REQUESTS
        clock.shift(timedelta(minutes=15, seconds=1))
        assert sign_in(client).status_code == HTTPStatus.FOUND


def test_an_unknown_person_is_locked_out_alike(client, lin):
    answers = [sign_in(client, "nobody@example.com", "wrong").status_code for _ in range(6)]
    assert answers == [HTTPStatus.UNPROCESSABLE_ENTITY] * 4 + [HTTPStatus.TOO_MANY_REQUESTS] * 2


def test_signing_out_is_by_post_and_ends_the_session(client, lin):
    sign_in(client)
    key = client.session.session_key
    assert client.get("/logout/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    page = client.get("/settings/")
    assert page["Cache-Control"] == "no-store"

    response = client.post("/logout/")

    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, LOGIN)
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    client.cookies["foresight-session"] = key
    assert client.get("/settings/")["Location"] == "/login/?next=/settings/"


def test_a_deactivated_person_is_out_with_his_next_request(client, lin):
    sign_in(client)
    assert client.get("/settings/").status_code == HTTPStatus.OK
    deactivate(lin, by=AdminFactory(), now=NOW)
    assert client.get("/settings/")["Location"] == "/login/?next=/settings/"


@pytest.mark.parametrize(
    ("after", "status"), [(timedelta(hours=8, seconds=-1), 200), (timedelta(hours=8, seconds=1), 302)]
)
def test_an_idle_session_ends_after_eight_hours(client, lin, after, status):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        clock.shift(after)
        assert client.get("/settings/").status_code == status


@pytest.mark.parametrize(
    ("after", "status"), [(timedelta(days=7, seconds=-1), 200), (timedelta(days=7, seconds=1), 302)]
)
def test_a_busy_session_ends_after_seven_days(client, lin, after, status):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        for hours in range(7, 7 * 24, 7):
            clock.move_to(NOW + timedelta(hours=hours))
            assert client.get("/settings/").status_code == HTTPStatus.OK
        clock.move_to(NOW + after)
        assert client.get("/settings/").status_code == status


def test_being_active_keeps_an_idle_limit_away(client, lin):
    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(hours=6))
        client.get("/settings/")
        clock.shift(timedelta(hours=6))
        assert client.get("/settings/").status_code == HTTPStatus.OK


def test_where_nothing_can_be_written_pages_are_still_read(client, lin):
    def full(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with time_machine.travel(NOW, tick=False) as clock:
        sign_in(client)
        clock.shift(timedelta(hours=6))
        with connection.execute_wrapper(full):
            assert client.get("/settings/").status_code == HTTPStatus.OK
        clock.shift(timedelta(hours=3))
        assert client.get("/settings/").status_code == HTTPStatus.FOUND


def test_only_people_of_the_demo_are_let_in_by_one_click(client, lin):
    demo = UserFactory(is_demo=True)
    gone = UserFactory(is_demo=True, is_active=False)
    page = client.get(LOGIN)
    assert re.findall(r"/login/as/(\d+)/", page.text) == [str(demo.pk)]
    assert client.get(f"/login/as/{demo.pk}/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post(f"/login/as/{lin.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"/login/as/{gone.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"/login/as/{10**30}/").status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"/login/as/{demo.pk}/", {"next": "/notes/"})["Location"] == "/notes/"
    assert client.session[SESSION_KEY] == str(demo.pk)


def test_without_a_demo_nobody_is_offered(client, lin):
    assert "/login/as/" not in client.get(LOGIN).text


def test_a_post_without_a_session_comes_back_to_the_page_it_was_typed_on(client, lin):
    response = client.post("/settings/", headers={"referer": "http://testserver/notes/?a=1"})
    assert (response.status_code, response["Location"]) == (HTTPStatus.FOUND, "/login/?next=%2Fnotes%2F%3Fa%3D1")


@pytest.mark.parametrize("referer", ["http://evil.test/notes/", "", "javascript:alert(1)"])
def test_a_post_from_elsewhere_leads_to_the_desk_after_signing_in(client, lin, referer):
    assert client.post("/settings/", headers={"referer": referer})["Location"] == "/login/?next=%2F"


def test_htmx_without_a_session_is_led_away_as_a_whole_page(client, lin):
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/notes/"}
    response = client.get("/settings/", headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (HTTPStatus.OK, "/login/?next=%2Fnotes%2F")
