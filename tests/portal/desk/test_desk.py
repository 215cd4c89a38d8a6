"""The desk: what waits, for whom, in which order; and the number on the rail."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.notifications.actions import owe
from tests.factories.accounts import UserFactory
from tests.factories.projects import DAY, NOW, ProjectFactory, approved, cast, draft, in_delivery, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def desk_of(user: User) -> Any:
    client = Client()
    client.force_login(user)
    response = client.get(reverse("desk"))
    assert response.status_code == 200
    return response.context


def sentences(context) -> list[tuple[str, list[str]]]:
    return [(group.words, [row.desk_task.task.sentence for row in group.rows]) for group in context["groups"]]


def test_an_empty_desk_tells_a_product_manager_to_pitch():
    context = desk_of(UserFactory(roles=[Role.PM]))

    assert context["heading"] == "Nothing waits for you"
    assert context["nothing"].url == reverse("projects:new")
    assert sentences(context) == []


def test_an_empty_desk_of_an_engineer_offers_no_pitch():
    context = desk_of(UserFactory(roles=[Role.ENGINEER]))

    assert context["may_pitch"] is False
    assert context["nothing"].url == reverse("projects:list")


def test_the_approver_finds_the_decision_and_the_owner_waits_for_him():
    people = cast()
    submitted(draft(people))

    assert sentences(desk_of(people.lead)) == [("This week", ["Decide on “Bags that come back”"])]
    owner = desk_of(people.pm)
    assert owner["heading"] == "Nothing waits for you"
    assert [(row.obligation.person, row.obligation.kind) for row in owner["waiting"]] == [(people.lead, "approval")]


def test_what_is_past_comes_first_and_has_the_only_filled_button():
    people = cast()
    project = approved(draft(people))
    owe("prepare", project.pk, people.pm, due_at=NOW - DAY, now=NOW, project_id=project.pk)
    late = desk_of(people.pm)

    assert late["heading"] == "1 thing waits for you, 1 is due today or before"
    assert [row.is_first for group in late["groups"] for row in group.rows] == [True]


def test_the_rail_counts_what_waits_for_the_reader_alone(client):
    people = cast()
    submitted(draft(people))
    client.force_login(people.lead)

    content = client.get(reverse("desk")).content.decode()

    assert '<span class="fs-count">1<' in content


def test_nothing_of_a_project_that_is_no_longer_visible_shows():
    people = cast()
    hidden = ProjectFactory(is_restricted=True, title="Hidden")
    owe("prepare", hidden.pk, people.engineer, due_at=NOW, now=NOW, project_id=hidden.pk)

    context = desk_of(people.engineer)

    assert sentences(context) == []


@pytest.mark.parametrize("count", [1, 20])
def test_the_desk_costs_the_same_number_of_queries_however_much_waits(client, django_assert_num_queries, count):
    people = cast()
    for _ in range(count):
        approved(draft(people))
    in_delivery(draft(people), people)
    client.force_login(people.pm)
    client.get(reverse("desk"))

    with django_assert_num_queries(13):
        client.get(reverse("desk"))


def test_the_desk_is_for_those_who_are_signed_in(client):
    response = client.get(reverse("desk"))

    assert response.status_code == 302
    assert response.url == f"{reverse('accounts:sign_in')}?next=/"


@pytest.mark.parametrize("before", ["0", "-1", "abc", "9" * 30, "%00", "1.5"])
def test_a_strange_page_of_the_inbox_is_no_error(client, before):
    client.force_login(UserFactory())

    assert client.get(f"{reverse('inbox')}?before={before}").status_code in {200, 400}


def test_messages_are_marked_as_read_up_to_the_one_that_was_seen(client):
    people = cast()
    submitted(draft(people))
    client.force_login(people.lead)
    shown = client.get(reverse("inbox")).context
    assert shown["unread"] == 1

    response = client.post(reverse("inbox_read"), {"up_to": shown["up_to"]})

    assert (response.status_code, response.url) == (302, reverse("inbox"))
    assert client.get(reverse("inbox")).context["unread"] == 0


@pytest.mark.parametrize("count", [1, 20])
def test_the_inbox_costs_the_same_number_of_queries(client, django_assert_num_queries, count):
    people = cast()
    for _ in range(count):
        submitted(draft(people))
    client.force_login(people.lead)
    client.get(reverse("inbox"))

    with django_assert_num_queries(7):
        client.get(reverse("inbox"))
