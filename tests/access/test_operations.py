"""Every operation of the API, every actor, by session and by token: held against the committed table."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import get_resolver, reverse

from portal.accounts.actions.api_token import make_token
from portal.accounts.enums import Scope
from portal.api import ROOT, api
from tests.access.operations import NOT_SIGNED_IN, OPERATIONS, REFUSED, Operation
from tests.access.table import HIDDEN, NOT_ALLOWED
from tests.access.test_access import names
from tests.access.visitor import Visitor, undone
from tests.access.world import Actor, World
from tests.factories.projects import NOW
from tests.security.witness import check_headers

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(180)]

MISSING = 999_999
EACH_OPERATION = pytest.mark.parametrize(
    ("world", "name"),
    [pytest.param(one.stage, name, id=name) for name, one in sorted(OPERATIONS.items())],
    indirect=["world"],
    scope="module",
)


def test_every_operation_has_a_row_and_its_name_alone() -> None:
    served = [name for name in names(get_resolver()) if name.startswith("api:") and name != "api:docs"]
    described = [
        operation["operationId"]
        for path in api.get_openapi_schema(path_prefix=ROOT)["paths"].values()
        for operation in path.values()
    ]

    assert sorted(served) == sorted(OPERATIONS)
    assert sorted(f"api:{name}" for name in described) == sorted(set(OPERATIONS) - {"api:description"})


def ask(visitor: Visitor, one: Operation, url: str, more: Mapping[str, str] | None = None, method: str = "") -> Any:
    """One request, which leaves nothing behind."""
    return visitor.ask(method or one.method, url, **sent(one, more or {}))


def sent(one: Operation, more: Mapping[str, str]) -> dict[str, Any]:
    body = {} if one.body is None else {"data": json.dumps(one.body)}
    return {**body, "content_type": "application/json", "headers": {**one.headers, **more}}


def bearing(world: World, actor: Actor, scope: Scope) -> dict[str, str]:
    """The header by which a program acts as somebody; of who has left, a token from before."""
    _token, text = make_token(name="Table", scope=scope, days=9, by=world.actors[actor], now=NOW)
    return {"authorization": f"Bearer {text}"}


@EACH_OPERATION
def test_each_actor_gets_the_declared_answer(world: World, name: str) -> None:
    one = OPERATIONS[name]
    url = reverse(name, args=one.arguments(world))

    found = {actor: ask(world.visitor(actor), one, url).status_code for actor in Actor}

    assert found == {actor: one.expected(actor) for actor in Actor}


#: Those by whom a token is tried: the door is one for all, and who may do what is tried by session above.
BEARERS = (Actor.OWNER, Actor.MEMBER, Actor.APPROVER, Actor.OTHER_LEAD)


@pytest.mark.proof
@pytest.mark.one_database
@EACH_OPERATION
def test_a_token_opens_what_its_person_may_and_what_it_is_for(world: World, name: str) -> None:
    one = OPERATIONS[name]
    url = reverse(name, args=one.arguments(world))
    nobody, answers = Visitor(), {}
    for actor in BEARERS:
        with undone():
            answers[actor] = [
                ask(nobody, one, url, bearing(world, actor, scope)).status_code for scope in (Scope.WRITE, Scope.READ)
            ]

    assert answers == {
        actor: [one.expected(actor), one.expected(actor) if one.is_reading else REFUSED] for actor in BEARERS
    }


def methods_at(world: World, url: str) -> set[str]:
    """What is served there, HEAD with GET."""
    served = set()
    for name, one in OPERATIONS.items():
        args = one.arguments(world)
        if None not in args and reverse(name, args=args) == url:
            served |= {one.method, *(["HEAD"] if one.is_reading else [])}
    return served


@pytest.mark.proof
@pytest.mark.one_database
@EACH_OPERATION
def test_other_methods_are_not_served(world: World, name: str) -> None:
    url = reverse(name, args=OPERATIONS[name].arguments(world))
    other = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} - methods_at(world, url)

    for method in other:
        found = [ask(world.visitor(actor), Operation(), url, method=method) for actor in (Actor.OWNER, Actor.ANONYMOUS)]
        assert [answer.status_code for answer in found] == [NOT_ALLOWED, NOT_SIGNED_IN], method


@pytest.mark.proof
@pytest.mark.one_database
@EACH_OPERATION
def test_what_one_may_not_see_is_like_what_is_not_there(world: World, name: str) -> None:
    one = OPERATIONS[name]
    if not one.args or one.expected(Actor.OTHER_LEAD) != HIDDEN:
        return
    foreign, missing = (
        ask(world.visitor(Actor.OTHER_LEAD), one, reverse(name, args=args))
        for args in (one.arguments(world), [MISSING if isinstance(arg, int) else arg for arg in one.arguments(world)])
    )

    assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert foreign.json()["code"] == "not_found"
    check_headers(foreign)
