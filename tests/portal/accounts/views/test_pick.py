import re
from http import HTTPStatus

import pytest
from django.core.cache import cache

from portal.accounts.actions.person import change_preferences, deactivate
from portal.accounts.views import pick
from tests.factories.accounts import AdminFactory, DepartmentFactory, UserFactory
from tests.factories.projects import NOW

pytestmark = pytest.mark.django_db
PICK = "/people/pick/"


@pytest.fixture
def reader(client):
    cache.clear()
    reader = UserFactory(name="Rita Reader")
    client.force_login(reader)
    return reader


@pytest.fixture
def zhou():
    return UserFactory(
        name="周敏", staff_number="E17", email="m@example.com", department=DepartmentFactory(name="Routing")
    )


def found(client, q, **more):
    answer = client.get(PICK, {"q": q, **more})
    assert answer.status_code == HTTPStatus.OK
    return [int(pk) for pk in re.findall(r'data-pk="(\d+)"', answer.content.decode())]


@pytest.mark.parametrize("q", ["周", "敏", "周敏", "zhoumin", "zhou min", "zm", "ZM", "e17", "m@example"])
def test_he_is_found_by_whatever_one_knows_of_him(client, reader, zhou, q):
    assert found(client, q) == [zhou.pk]


def test_the_nickname_that_he_gives_himself_finds_him(client, reader, zhou):
    change_preferences(zhou, by=zhou, now=NOW, nickname="Captain")

    assert found(client, "capt") == [zhou.pk]
    assert "周敏 (Captain)<small>Routing · E17</small>" in client.get(PICK, {"q": "capt"}).content.decode()


def test_who_left_is_not_offered(client, reader, zhou):
    deactivate(zhou, by=AdminFactory(), now=NOW)

    assert found(client, "zm") == []
    assert "Nobody fits this." in client.get(PICK, {"q": "zm"}).content.decode()


def test_the_nearest_stand_first_and_ten_at_most(client, reader):
    holds = UserFactory(name="Ama Lin")
    begins = UserFactory(name="Lin Yue")
    inside = UserFactory(name="Merlin Oz")
    assert found(client, "lin") == [begins.pk, holds.pk, inside.pk]

    for number in range(12):
        UserFactory(name=f"Lin {number:02}")
    assert len(found(client, "lin")) == 10


def test_a_short_menu_asks_among_its_own(client, reader, zhou):
    other = UserFactory(name="Zoe Moe")
    assert set(found(client, "zm")) == {zhou.pk, other.pk}
    assert found(client, "zm", among=f"{other.pk},{reader.pk}") == [other.pk]


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "x" * 121}, {"q": "a\x07"}, {"q": "a", "among": "1;2"}])
def test_what_cannot_be_meant_is_refused(client, reader, query):
    assert client.get(PICK, query).status_code == HTTPStatus.BAD_REQUEST


def test_whoever_copies_the_directory_is_slowed_down_and_others_are_not(client, reader, monkeypatch):
    monkeypatch.setattr(pick, "A_MINUTE", 2)
    statuses = [client.get(PICK, {"q": "a"}).status_code for _time in range(3)]
    assert statuses == [HTTPStatus.OK, HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS]

    client.force_login(UserFactory())
    assert client.get(PICK, {"q": "a"}).status_code == HTTPStatus.OK


def test_it_costs_the_same_for_few_and_many(client, reader, django_assert_num_queries):
    for number in range(9):
        UserFactory(name=f"Lin {number}", department=DepartmentFactory())
    client.get(PICK, {"q": "a"})
    with django_assert_num_queries(3):
        client.get(PICK, {"q": "lin 1"})
    with django_assert_num_queries(3):
        client.get(PICK, {"q": "lin"})


def test_the_menu_stays_in_the_form(client, zhou):
    client.force_login(zhou)
    html = client.get(f"/people/{zhou.pk}/delegations/new/").content.decode()
    assert re.search(r'<select name="delegate"[^>]* data-pick="/people/pick/"', html)
