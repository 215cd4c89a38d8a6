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


#: Of what is there before a project runs; the rest needs one that has been through it all.
BEFORE = frozenset({"people", "desk", "projects", "pitch", "documents", "submissions", "products and goals"})


def examples(world: World, count: int, step: int = 1) -> dict[str, list[str]]:
    """What each operation answers to so many made-up requests of the owner that it does not declare; of a draft those
    that belong to one. Making requests up costs most, so `step` takes every so manieth operation alone.
    """
    with undone():
        program = Program(world.actors[Actor.OWNER])
        schema = openapi.from_dict(program.get("/openapi.json").json())
        wrong: dict[str, list[str]] = {}
        operations = [result.ok() for result in schema.get_all_operations()]
        is_early = world.things["retro"] is None
        fitting = [one for one in operations if (one.tags[0] in BEFORE) == is_early]
        for operation in fitting[::step]:
            wrong[operation.label] = undeclared(program, operation, world, count)
    return {label: found for label, found in wrong.items() if found}


def named_in(world: World, path: str) -> dict[str, Any]:
    """What the address names, so that requests come further than to a thing that is not there."""
    project, things = world.project, world.things
    first = path.removeprefix("/api/v1/").partition("/")[0]
    pk = {"projects": project.code, "goals": project.goal_id, "metrics": things["metric"]}.get(
        first, project.product_id
    )
    found = {f"{name}_pk": thing for name, thing in things.items() if thing is not None}
    found |= {"line_pk": things["benefit" if "benefits" in path else "line"], "step_pk": things["step"] or 1}
    return found | {"pk": pk, "kind": "full", "cost_kind": "people", "number": 1, "transition": "hold"}


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


@pytest.mark.parametrize("world", ["draft", "complete"], indirect=True, scope="module")
def test_no_made_up_request_breaks_it(world: World) -> None:
    assert examples(world, 3, step=4) == {}


@pytest.mark.proof
@pytest.mark.parametrize("world", ["submitted", "complete"], indirect=True, scope="module")
def test_no_made_up_request_breaks_it_however_many_there_are(world: World) -> None:
    assert examples(world, 6) == {}
