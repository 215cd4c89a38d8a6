"""The API held against its own description, by requests made up from it: nothing breaks, and no answer is undeclared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import openapi

from tests.access.visitor import undone
from tests.access.world import Actor
from tests.factories.programs import Program

if TYPE_CHECKING:
    from tests.access.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.timeout(300)]


def examples(world: World, count: int) -> dict[str, list[str]]:
    """What each operation answers to so many made-up requests of the owner that it does not declare."""
    with undone():
        program = Program(world.actors[Actor.OWNER])
        schema = openapi.from_dict(program.get("/openapi.json").json())
        wrong: dict[str, list[str]] = {}
        for result in schema.get_all_operations():
            operation = result.ok()
            wrong[operation.label] = undeclared(program, operation, world, count)
    return {label: found for label, found in wrong.items() if found}


def named_in(world: World, path: str) -> dict[str, Any]:
    """What the address names, so that requests come further than to a thing that is not there."""
    project = world.project
    pk = project.code if "/projects/" in path else project.goal_id if "/goals/" in path else project.product_id
    line = world.things["benefit" if "benefits" in path else "line"]
    return {"pk": pk, "kind": "full", "cost_kind": "people", "line_pk": line, "number": 1, "transition": "hold"} | {
        "step_pk": world.things["step"] or 1
    }


def undeclared(program: Program, operation: Any, world: World, count: int) -> list[str]:
    declared = {int(status) for status in operation.definition.raw["responses"]}
    there = named_in(world, operation.path)
    found: list[str] = []

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy())
        path = operation.path.removeprefix("/api/v1")
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", str(there.get(name, value)))
        if not path.isascii() or not path.isprintable() or "?" in path or "#" in path:
            return
        headers = {
            name.lower().replace("-", "_"): value
            for name, value in (case.headers or {}).items()
            if value.isascii() and value.isprintable()
        }
        body = case.body if isinstance(case.body, dict | list | str | int | bool | None) else None
        with undone():
            answer = program.ask(case.method, path, body, **headers)
        if answer.status_code >= 500 or answer.status_code not in declared | {405}:
            found.append(f"{case.method} {path} {body!r}: {answer.status_code}")

    ask()
    return found


@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="module")
def test_no_made_up_request_breaks_it(world: World) -> None:
    assert examples(world, 3) == {}


@pytest.mark.proof
@pytest.mark.parametrize("world", ["submitted"], indirect=True, scope="module")
def test_no_made_up_request_breaks_it_however_many_there_are(world: World) -> None:
    assert examples(world, 20) == {}
