import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from kombu.exceptions import OperationalError

from portal.accounts.tasks import mail_password_link
from portal.audit.models import AuditEntry
from portal.celery import app
from tests.factories.accounts import UserFactory

PASSWORD = "correct horse battery"
NEW = "three more quiet words"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RESET = "/password/reset/"
CHANGE = "/settings/password/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]


@pytest.fixture
def lin():
    return UserFactory(email="lin@example.com", name="Lin Yue", password=PASSWORD)


@pytest.fixture(autouse=True)
def _tasks_at_once():
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def mailed_path():
    (address,) = re.findall(r"http\S+", str(mail.outbox[-1].body))
    assert address.startswith(f"{django_settings.BASE_URL}{RESET}")
    return address.removeprefix(django_settings.BASE_URL)


def change(client, old=PASSWORD, new=NEW, again=NEW):
    return client.post(CHANGE, {"old_password": old, "new_password": new, "again": again})


# ── by a link ───────────────────────────────────────────────────────────


def test_the_page_is_the_same_for_an_address_nobody_has(client, lin):
    known = client.post(RESET, {"email": " LIN@example.com"})
    mails = len(mail.outbox)
    unknown = client.post(RESET, {"email": "nobody@example.com"})
    gone = client.post(RESET, {"email": UserFactory(is_active=False).email})

    bodies = {re.sub(rb'nonce="[^"]*"', b"", answer.content) for answer in (known, unknown, gone)}
    assert (known.status_code, len(bodies)) == (HTTPStatus.OK, 1)
    assert (mails, len(mail.outbox)) == (1, 1)


def test_the_link_sets_a_password_once(client, lin):
    client.post(RESET, {"email": lin.email})
    path = mailed_path()

    page = client.get(path, follow=True)
    assert page.redirect_chain == [(re.sub(r"[^/]+/$", "set-password/", path), HTTPStatus.FOUND)]
    where = page.redirect_chain[0][0]
    done = client.post(where, {"new_password": NEW, "again": NEW})
    assert done["Location"] == "/login/"
    lin.refresh_from_db()
    assert lin.check_password(NEW)
    assert list(AuditEntry.objects.values_list("verb", "actor")) == [("person.password_changed", lin.pk)]

    over = Client().get(path)
    assert over.status_code == HTTPStatus.GONE
    assert f'href="{RESET}"' in over.content.decode()
    assert client.get(where).status_code == HTTPStatus.GONE


def test_who_is_signed_in_may_use_the_link_too_and_signs_in_again(client, lin):
    client.force_login(lin)
    client.post(RESET, {"email": lin.email})
    where = client.get(mailed_path())["Location"]

    done = client.post(where, {"new_password": NEW, "again": NEW})

    assert (done.status_code, done["Location"]) == (HTTPStatus.FOUND, "/login/")
    assert "Your password is set." in client.get("/login/").content.decode()
    assert client.get(CHANGE).status_code == HTTPStatus.FOUND


def test_somebody_without_a_password_can_set_one(client):
    person = UserFactory(password=None)
    client.post(RESET, {"email": person.email})
    where = client.get(mailed_path())["Location"]
    client.post(where, {"new_password": NEW, "again": NEW})
    person.refresh_from_db()
    assert person.check_password(NEW)


@pytest.mark.parametrize(("after", "status"), [(timedelta(minutes=59), 302), (timedelta(minutes=61), 410)])
def test_the_link_is_good_for_an_hour(client, lin, after, status):
    with time_machine.travel(NOW, tick=False) as clock:
        client.post(RESET, {"email": lin.email})
        clock.shift(after)
        assert client.get(mailed_path()).status_code == status


@pytest.mark.parametrize(
    "path", ["MQ/set-password", "MQ/x-y", "%ff/x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OQ/x", "MQ/" + "x" * 2000]
)
def test_a_link_that_was_made_up_is_gone(client, lin, path):
    assert client.get(f"{RESET}{path}/").status_code == HTTPStatus.GONE


def test_a_link_to_somebody_deactivated_since_is_gone(client, lin):
    client.post(RESET, {"email": lin.email})
    type(lin).objects.filter(pk=lin.pk).update(is_active=False)
    assert client.get(mailed_path()).status_code == HTTPStatus.GONE


def test_the_link_leads_to_our_address_whatever_the_request_claimed(client, lin):
    assert client.post(RESET, {"email": lin.email}, headers={"host": "evil.test"}).status_code == HTTPStatus.BAD_REQUEST
    client.post(RESET, {"email": lin.email}, headers={"x-forwarded-host": "evil.test"})
    mailed_path()
    assert len(mail.outbox) == 1


def test_the_mail_is_in_the_language_of_its_reader(client, settings):
    reader = UserFactory(name="{{ 7|add:7 }}\u2028 %(x)s", language="en")
    client.post(RESET, {"email": reader.email}, headers={"accept-language": "zh-hans"})
    assert mail.outbox[0].subject == "Set your Foresight password"
    assert mail.outbox[0].body.startswith("{{ 7|add:7 }}")


def test_setting_by_link_ends_every_session(client, lin):
    elsewhere = Client()
    elsewhere.force_login(lin)
    client.post(RESET, {"email": lin.email})
    where = client.get(mailed_path())["Location"]
    client.post(where, {"new_password": NEW, "again": NEW})
    assert elsewhere.get("/settings/").status_code == HTTPStatus.FOUND


def test_a_queue_that_is_down_keeps_nobody_waiting(client, lin, monkeypatch):
    def down(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(mail_password_link, "delay", down)
    assert client.post(RESET, {"email": lin.email}).status_code == HTTPStatus.OK


# ── with the old one ────────────────────────────────────────────────────


def test_changing_keeps_this_session_under_a_new_id_and_ends_the_others(client, lin):
    elsewhere = Client()
    elsewhere.force_login(lin)
    stranger = Client()
    stranger.force_login(UserFactory())
    client.force_login(lin)
    before = client.session.session_key

    response = change(client)

    assert response["Location"] == "/settings/"
    lin.refresh_from_db()
    assert lin.check_password(NEW)
    assert client.get("/settings/").status_code == HTTPStatus.OK
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert elsewhere.get("/settings/").status_code == HTTPStatus.FOUND
    assert stranger.get("/settings/").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("new", "again", "where"),
    [
        ("short 7", "short 7", "new_password"),
        ("password123456", "password123456", "new_password"),
        ("x" * 129, "x" * 129, "new_password"),
        ("lin@example.com", "lin@example.com", "new_password"),
        (NEW, NEW + "!", "again"),
        ("", "", "new_password"),
    ],
)
def test_a_password_that_cannot_stand_is_refused_at_its_field(client, lin, new, again, where):
    client.force_login(lin)
    response = change(client, new=new, again=again)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert where in response.context["form"].errors
    lin.refresh_from_db()
    assert lin.check_password(PASSWORD)


def test_the_old_password_is_asked_and_too_many_wrong_ones_lock_the_door(client, lin):
    client.force_login(lin)
    for _ in range(4):
        response = change(client, old="wrong")
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert list(response.context["form"].errors) == ["old_password"]
    assert change(client, old="wrong").status_code == HTTPStatus.TOO_MANY_REQUESTS
    locked = change(client)
    assert (locked.status_code, locked["Retry-After"]) == (HTTPStatus.TOO_MANY_REQUESTS, "900")
    lin.refresh_from_db()
    assert lin.check_password(PASSWORD)


def test_the_two_doors_count_together(client, lin):
    client.force_login(lin)
    for _ in range(4):
        change(client, old="wrong")
    at_the_other = Client().post("/login/", {"email": lin.email, "password": "wrong"})
    assert at_the_other.status_code == HTTPStatus.TOO_MANY_REQUESTS


def test_what_was_typed_never_comes_back_on_the_page(client, lin):
    client.force_login(lin)
    response = change(client, old="wrong", new="another secret of mine", again="another secret of mine")
    assert "another secret" not in response.text
