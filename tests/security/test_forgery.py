"""What is sent by something else than our own form, or is sent twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.accounts.enums import Role
from portal.common.forms import KEY_FIELD
from projects.models import Project
from tests.access.operations import OPERATIONS
from tests.access.table import HIDDEN, NOT_ALLOWED, TABLE, TO_SIGN_IN
from tests.access.visitor import Visitor, undone
from tests.factories.accounts import SiteFactory, UserFactory
from tests.security.deeds import ANSWERED, NAMES, deed, each, url_of, writer_of
from tests.security.forged import forged_fields
from tests.security.pages import Page, filled
from tests.security.witness import check_headers, picture, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.access.world import Actor, World

TAKES_FORMS = sorted(name for name, row in TABLE.items() if row.post is not None)
OTHER_WORDS = dict.fromkeys(("title", "event", "note", "deed", "reason", "text", "outcome"), "Others")
#: Their version keeps the second from doing more; the key on the page is for what else its form can do.
GOES_BY_VERSION = frozenset(
    {"projects:goal_edit", "projects:module", "projects:pitch_save", "projects:process", "projects:product_edit"}
)

pytestmark = [pytest.mark.django_db, pytest.mark.proof, pytest.mark.one_database]


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern)
        elif isinstance(pattern, URLPattern):
            yield pattern


# ── forms of other sites ────────────────────────────────────────────────


def test_no_page_is_exempt_from_the_token() -> None:
    exempt = {pattern.name for pattern in patterns(get_resolver()) if getattr(pattern.callback, "csrf_exempt", False)}

    assert exempt == {name.removeprefix("api:") for name in OPERATIONS}  # whose door asks sessions for it


@each(TAKES_FORMS)
def test_without_the_token_nothing_happens(world: World, name: str) -> None:
    strict = Visitor(world.actors.get(writer_of(TABLE[name])), enforce_csrf_checks=True)

    with undone(), watched() as writes:
        responses = [
            strict.tell("POST", url_of(world, name), {"title": "x"}, headers=headers)
            for headers in ({}, {"hx-request": "true", "x-csrftoken": "a" * 64}, {"origin": "https://evil.test"})
        ]

    assert [response.status_code for response in responses] == [403, 403, 403]
    assert writes == []
    for response in responses:
        check_headers(response)


def test_with_the_token_of_the_page_it_happens() -> None:
    client = Client(enforce_csrf_checks=True)
    person = UserFactory(roles=[Role.PM], site=SiteFactory())
    client.force_login(person)
    url = reverse("projects:new")
    text = client.get(url).text
    form = Page(text, url).form_to(url)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', text)
    assert form is not None
    assert token is not None

    response = client.post(url, filled(form) | {"csrfmiddlewaretoken": token[1]})

    assert response.status_code == TO_SIGN_IN
    assert Project.objects.filter(owner=person).count() == 1


# ── fields that no form asks for ────────────────────────────────────────


@each(NAMES)
def test_what_no_form_asks_for_is_not_taken(world: World, name: str) -> None:
    one = deed(world, name)
    asked = {control.name for control in one.form.controls}
    forged = {field: value for field, value in forged_fields().items() if field not in asked}

    plain = outcome(world, one.actor, one.url, one.valid())
    with_forged = outcome(world, one.actor, one.url, forged | one.valid())

    assert plain[0] == one.done
    assert with_forged == plain


def outcome(world: World, actor: Actor, url: str, data: dict[str, Any]) -> tuple[int, Any, Any]:
    """Status, where it leads, and every row after it, but for the key of the form, which remembers what was sent, and
    for notes, which are marked by the key of a browser that nobody else has.
    """
    with undone(), numbered_alike():
        response = world.visitor(actor).tell("POST", url, data)
        return (
            response.status_code,
            response.get("Location"),
            picture(but=frozenset({"accounts_formkey", "retros_note"})),
        )


class numbered_alike:  # noqa: N801 -- reads as the context it is
    """PostgreSQL does not take a number back that an undone row had: what is made in here gets the same ones each time."""

    def __enter__(self) -> None:
        self.last: list[tuple[str, int | None]] = []
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT quote_ident(sequencename), last_value FROM pg_sequences")
                self.last = cursor.fetchall()

    def __exit__(self, *_exception: object) -> None:
        if self.last:
            calls = [f"setval('{name}', {last or 1}, {last is not None})" for name, last in self.last]
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {', '.join(calls)}")


# ── another method in disguise ──────────────────────────────────────────


@each(TAKES_FORMS)
def test_a_method_is_what_it_says(world: World, name: str) -> None:
    visitor, url = world.visitor(writer_of(TABLE[name])), url_of(world, name)
    disguise = dict.fromkeys(("x-http-method-override", "x-http-method", "x-method-override"), "POST")

    with watched() as writes:
        plain, disguised = (
            visitor.ask("GET", f"{url}?_method=POST&format=json", headers=more) for more in ({}, disguise)
        )

    assert disguised.status_code == plain.status_code
    assert (plain.status_code == NOT_ALLOWED) == (TABLE[name].get is None)
    assert writes == []


# ── the same form twice ─────────────────────────────────────────────────


@each(sorted(set(NAMES) - set(ANSWERED)))
def test_a_form_acts_once_however_often_it_is_sent(world: World, name: str) -> None:
    one = deed(world, name)
    data, visitor = one.valid(), world.visitor(one.actor)

    with undone():
        first = visitor.tell("POST", one.url, data)
        after_first = picture()
        again = [visitor.tell("POST", one.url, data) for _ in range(2)]
        other = visitor.tell("POST", one.url, data | OTHER_WORDS) if KEY_FIELD in data else None
        after_all = picture()

    assert first.status_code == TO_SIGN_IN
    assert after_all == after_first
    if KEY_FIELD in data and name not in GOES_BY_VERSION:
        assert [(answer.status_code, answer["Location"]) for answer in again] == [(302, first["Location"])] * 2
        assert other is not None
        assert other.status_code in {TO_SIGN_IN, 403, HIDDEN, 409, 422}
    assert {answer.status_code for answer in again} <= {TO_SIGN_IN, HIDDEN, 409, 422}
