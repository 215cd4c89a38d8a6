"""What belongs to others: it does not exist, whichever way an address names it, and nothing counts it."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from metrics.actions.metric import define_metric
from metrics.enums import Direction
from projects.actions.goal import set_key_result
from projects.actions.pledge import pledge_metric
from projects.models import BenefitLine
from risks.models import Risk
from tests.access.table import HIDDEN, TABLE, Row
from tests.access.visitor import undone
from tests.access.world import Actor
from tests.factories.projects import NOW, GoalFactory, ProjectFactory
from tests.security.deeds import deed, each, writer_of
from tests.security.forged import forged_fields
from tests.security.pages import Page
from tests.security.witness import ask, without_noise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from projects.models import Project
    from tests.access.world import World
    from tests.security.witness import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.proof, pytest.mark.one_database]

MISSING = 999_999
FIGURES = ("baseline_numerator", "baseline_denominator", "target")
#: What an address names within a project by the number of its row.
THINGS = frozenset(
    {
        "step", "line", "item", "follow_up", "risk", "review", "invitation", "mitigation", "escalation", "retro", "lesson",
        "reader", "comment", "document",
    }
)  # fmt: skip
OF_PROJECTS = sorted(name for name, row in TABLE.items() if "project" in row.args)
NESTED = sorted(name for name in OF_PROJECTS if THINGS & set(TABLE[name].args))


def ways(row: Row) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each method that the address serves, from the page and from htmx."""
    for method in [*(["GET"] if row.get is not None else []), *(["POST"] if row.post is not None else [])]:
        for headers in ({}, {"hx-request": "true"}):
            yield method, headers


def answers(world: World, actor: Actor, name: str, args: list[Any]) -> list[Answer]:
    """What the address answers in each way, to somebody who sends all he can think of."""
    row = TABLE[name]
    url = reverse(name, args=args)
    return [
        ask(world, actor, method, url, forged_fields() if method == "POST" else None, headers=headers)
        for method, headers in ways(row)
    ]


def seen(answer: Answer) -> tuple[Any, ...]:
    """All that a stranger could tell two answers apart by."""
    headers = {
        name: value for name, value in answer.response.items() if name != "X-Request-ID" and "Policy" not in name
    }
    return answer.status, without_noise(answer.text), headers, answer.has_changed


def absent_like(arg: Any) -> Any:
    """What nothing has that can be named like this."""
    return uuid4() if isinstance(arg, UUID) else MISSING


@pytest.mark.parametrize("name", OF_PROJECTS)
@pytest.mark.parametrize("world", ["draft"], indirect=True, scope="package")
def test_a_project_of_others_is_like_one_that_is_not_there(world: World, elsewhere: World, name: str) -> None:
    row = TABLE[name]
    missing = [arg if str(arg).isalpha() else absent_like(arg) for arg in row.arguments(elsewhere)]

    foreign = [seen(answer) for answer in answers(world, Actor.OWNER, name, row.arguments(elsewhere))]
    absent = [seen(answer) for answer in answers(world, Actor.OWNER, name, missing)]

    assert foreign == absent
    assert {answer[0] for answer in foreign} == {HIDDEN}
    assert {answer[-1] for answer in foreign} == {False}


@each(NESTED)
def test_a_thing_of_others_is_not_reached_through_a_project_of_ones_own(
    world: World, elsewhere: World, name: str
) -> None:
    row, actor = TABLE[name], writer_of(TABLE[name])
    own, others = row.arguments(world), row.arguments(elsewhere)
    nested = [arg in THINGS for arg in row.args]
    absent = [
        seen(answer) for answer in answers(world, actor, name, mixed(own, [absent_like(arg) for arg in own], nested))
    ]

    assert {answer[0] for answer in absent} == {HIDDEN}
    for which in product([False, True], repeat=sum(nested)):
        if any(which):
            places = iter(which)
            taken = [is_thing and next(places) for is_thing in nested]
            found = [seen(answer) for answer in answers(world, actor, name, mixed(own, others, taken))]
            assert found == absent, taken


def mixed(own: list[Any], others: list[Any], taken: list[bool]) -> list[Any]:
    """The arguments of one's own, but for those that are taken from others."""
    return [theirs if is_taken else mine for mine, theirs, is_taken in zip(own, others, taken, strict=True)]


#: Boxes that name a row of the project itself, or the project.
WITHIN: Mapping[str, Callable[[Project], int]] = {
    "project": lambda project: project.pk,
    "benefit_line": lambda project: BenefitLine.objects.get(project=project).pk,
    "risk": lambda project: Risk.objects.filter(project=project).earliest("pk").pk,
}


@each(["projects:defer", "risks:assess", "risks:raise"])
def test_a_thing_of_others_is_not_sent_in_ones_own_form(world: World, elsewhere: World, name: str) -> None:
    one = deed(world, name)
    box = next(control.name for control in one.form.controls if control.name in WITHIN)

    foreign, absent = (one.send(one.valid() | {box: value}) for value in (WITHIN[box](elsewhere.project), MISSING))

    assert (foreign.status, foreign.has_changed) == (absent.status, absent.has_changed) == (422, False)
    assert Page(foreign.text).words == Page(absent.text).words


# ── figures that were defined in a restricted project ───────────────────

DEFINITION: Mapping[str, Any] = {
    "numerator_label": "bags",
    "denominator_label": "bags",
    "scale": 100,
    "direction": Direction.DOWN,
}


@pytest.mark.parametrize("world", ["prepared"], indirect=True, scope="package")
def test_a_metric_of_a_restricted_project_judges_nothing_of_others(world: World) -> None:
    metric, other = world.project.pledge.metric, world.actors[Actor.OTHER_PM]
    goal, project = GoalFactory(), ProjectFactory(owner=other)

    with pytest.raises(PermissionDenied):
        pledge_metric(project, metric, **dict.fromkeys(FIGURES, Decimal(1)), by=other, now=NOW)
    for person in (other, metric.owner):
        with pytest.raises(PermissionDenied):
            set_key_result(goal, metric, target=Decimal(1), by=person, now=NOW)

    with undone():  # and a name that is taken there is free elsewhere
        assert define_metric(**DEFINITION, name=metric.name, by=other, now=NOW).name == metric.name
    url = reverse("projects:metric", args=[project.pk])
    assert f'value="{metric.pk}"' not in ask(world, Actor.OTHER_PM, "GET", url).text
    assert metric.name not in ask(world, Actor.OWNER, "GET", goal.get_absolute_url()).text
