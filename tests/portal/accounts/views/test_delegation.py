from datetime import UTC, datetime
from http import HTTPStatus

import pytest
import time_machine
from django.urls import reverse

from portal.accounts.models import Delegation
from tests.factories.accounts import AdminFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
DAYS = {"starts_on": "2026-11-25", "ends_on": "2026-11-27", "reason": "Leave"}


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss(client):
    boss = UserFactory(name="Bo Boss")
    client.force_login(boss)
    return boss


def test_naming_a_stand_in_shows_on_both_pages_and_in_the_settings(client, boss):
    mate = UserFactory(name="May Mate")
    url = reverse("accounts:delegation_new", args=[boss.pk])
    assert url in client.get(reverse("accounts:settings")).content.decode()

    answer = client.post(url, {"delegate": mate.pk, **DAYS})

    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, reverse("accounts:settings"))
    for page in (reverse("accounts:settings"), *(reverse("accounts:person", args=[one.pk]) for one in (boss, mate))):
        html = client.get(page).content.decode()
        assert "May Mate decides for Bo Boss" in html
        assert "Wed 25 Nov to Fri 27 Nov" in html


def test_what_cannot_be_stays_beside_its_field(client, boss):
    mate = UserFactory()

    answer = client.post(
        reverse("accounts:delegation_new", args=[boss.pk]), {**DAYS, "delegate": mate.pk, "ends_on": "2026-11-24"}
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors == {"ends_on": ["Name the first day or a later one."]}
    assert answer.context["form"]["reason"].value() == "Leave"


def test_taking_over_again(client, boss):
    mate = UserFactory(name="May Mate")
    client.post(reverse("accounts:delegation_new", args=[boss.pk]), {"delegate": mate.pk, **DAYS})
    row = Delegation.objects.get()

    url = reverse("accounts:delegation_end", args=[boss.pk, row.pk])
    assert client.post(url).status_code == HTTPStatus.FOUND
    assert client.post(url).status_code == HTTPStatus.CONFLICT
    assert "decides for" not in client.get(reverse("accounts:settings")).content.decode()
    assert client.post(reverse("accounts:delegation_end", args=[mate.pk, row.pk])).status_code == HTTPStatus.NOT_FOUND


def test_an_administrator_is_led_back_to_the_person(client):
    client.force_login(AdminFactory())
    ill, mate = UserFactory(), UserFactory()

    answer = client.post(reverse("accounts:delegation_new", args=[ill.pk]), {"delegate": mate.pk, **DAYS})

    assert answer["Location"] == reverse("accounts:person", args=[ill.pk])
