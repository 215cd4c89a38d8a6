from http import HTTPStatus

import pytest
from django.core.management import call_command
from django.test import Client

from portal.accounts import setup
from portal.accounts.enums import Role
from portal.accounts.models import User
from tests.factories.accounts import UserFactory

PASSWORD = "correct horse battery"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]


def filled(**changes):
    fields = {
        "code": setup.code(),
        "name": "He Jing",
        "email": "He@Example.com",
        "new_password": PASSWORD,
        "again": PASSWORD,
    }
    return fields | changes


def test_a_first_start_has_nobody_and_leads_to_the_setup(client):
    assert User.objects.count() == 0
    assert client.get("/")["Location"] == "/login/?next=/"
    assert client.get("/login/")["Location"] == "/setup/"
    assert client.get("/setup/").status_code == HTTPStatus.OK


def test_the_code_makes_one_administrator_and_opens_nothing_after(client):
    response = client.post("/setup/", filled())
    assert response["Location"] == "/login/"
    (person,) = User.objects.all()
    assert (person.email, person.name, person.roles) == ("he@example.com", "He Jing", frozenset({Role.ADMIN}))
    assert person.check_password(PASSWORD)

    assert client.get("/setup/").status_code == HTTPStatus.NOT_FOUND
    assert client.post("/setup/", filled(email="second@example.com")).status_code == HTTPStatus.NOT_FOUND
    assert User.objects.count() == 1


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_the_code_may_be_typed_in_any_grouping(client, typed):
    client.post("/setup/", filled(code=typed(setup.code())))
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "AAAAA-AAAAA-AAAAA-AAAAA"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "密" * 20}, "code"),
        ({"new_password": "he@example.com", "again": "he@example.com"}, "new_password"),
        ({"new_password": "password123456", "again": "password123456"}, "new_password"),
        ({"name": "A\u202edmin"}, "name"),
        ({"email": "not an address"}, "email"),
    ],
)
def test_what_cannot_stand_is_refused_at_its_field(client, changes, field):
    response = client.post("/setup/", filled(**changes))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.context["form"].errors) == [field]
    assert setup.code() not in response.text.replace(f'value="{setup.code()}"', "")
    assert User.objects.count() == 0


def test_the_code_depends_on_the_secret_key_alone(settings):
    first = setup.code()
    assert first == setup.code()
    settings.SECRET_KEY = "x" * 64
    assert setup.code() != first


def test_the_command_prints_the_code_only_while_nobody_is_there(capsys):
    call_command("setup_code")
    assert setup.code() in capsys.readouterr().out
    UserFactory()
    call_command("setup_code")
    assert setup.code() not in "".join(capsys.readouterr())


def test_whoever_comes_second_at_the_same_instant_is_told_so(client, monkeypatch):
    UserFactory()
    monkeypatch.setattr(setup, "is_open", lambda: True)
    response = Client().post("/setup/", filled())
    assert response.status_code == HTTPStatus.CONFLICT
    assert "There is somebody already" in response.text
