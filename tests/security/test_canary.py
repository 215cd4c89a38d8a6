"""A restricted project leaves no trace for those who may not see it: not a word, not a count, not an address."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.urls import reverse

from projects.models import Project
from tests.access.table import TABLE
from tests.access.world import STAGES, Actor, World, build
from tests.factories.projects import cast
from tests.security.marks import overwrite, rows_so_far
from tests.security.witness import without_noise

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.proof, pytest.mark.one_database, pytest.mark.usefixtures("elsewhere")]

CANARY = f"CANARY-{uuid4().hex[:12]}"
#: Seen by everybody, with the open project in it.
SHARED = sorted(
    name for name, row in TABLE.items() if row.get is not None and not row.is_public and "project" not in row.args
)
QUESTIONS = {
    "projects:list": ("view=all", "view=mine", f"q={CANARY}&view=all", "view=all&stage=launched", "view=all&shown=0"),
    "risks:list": (
        "view=all",
        "group=project",
        "group=tag",
        "view=happened",
        "view=above",
        "view=unanswered",
        f"q={CANARY}",
    ),
    "projects:export": ("view=all", f"q={CANARY}&view=all"),
    "risks:export": ("view=all", f"q={CANARY}"),
    "retros:lessons": (f"q={CANARY}",),
    "search": (f"q={CANARY}",),
    "accounts:people": (f"q={CANARY}",),
}
#: Parts of a project that look at others too.
OF_THE_OPEN_ONE = ("project", "projects:pitch", "risks:project", "retros:detail", "projects:metric", "project_activity")


def addresses(world: World, actor: Actor, hidden: Project) -> Iterator[str]:
    for name in SHARED:
        url = reverse(name, args=TABLE[name].arguments(world))
        yield url
        yield from (f"{url}?{question}" for question in QUESTIONS.get(name, ()))
    for name in OF_THE_OPEN_ONE if actor == Actor.OUTSIDER else ():
        yield reverse(name, args=TABLE[name].arguments(world))
    yield f"{reverse('projects:list')}?q={hidden.code}&view=all"
    yield reverse("project", args=[hidden.pk])
    yield f"/{CANARY}/"


def pages(world: World, actor: Actor, hidden: Project) -> dict[str, tuple[int, str]]:
    visitor = world.visitor(actor)
    found = {url: visitor.ask("GET", url) for url in addresses(world, actor, hidden)}
    return {url: (page.status_code, without_noise(words_of(page))) for url, page in found.items()}


def words_of(page: Any) -> str:
    """What stands on it; of a zip all that is packed."""
    if page["Content-Type"] != "application/zip":
        return str(page.text)
    with ZipFile(BytesIO(page.content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist())


@pytest.mark.parametrize("actor", [Actor.OUTSIDER, Actor.OTHER_LEAD, Actor.ADMIN])
def test_no_page_tells_of_it(actor: Actor) -> None:
    world = build("complete")
    Project.objects.filter(pk=world.project.pk).update(is_restricted=False)
    people = cast(world.project.site)
    first = STAGES["complete"](people)
    Project.objects.filter(pk=first.pk).update(product=world.project.product, goal=world.project.goal)
    hidden = Project(pk=first.pk + 1)
    before, rows = pages(world, actor, hidden), rows_so_far()

    made = STAGES["complete"](people)
    Project.objects.filter(pk=made.pk).update(product=world.project.product, goal=world.project.goal)
    texts = overwrite(CANARY, after=rows)
    after = pages(world, actor, hidden)

    assert made.pk == hidden.pk
    assert texts > 20
    told = {url: page for url, (_status, page) in after.items() if CANARY in page.replace(f'value="{CANARY}"', "")}
    assert [url for url in told if CANARY not in url] == []
    # How the portal stands is of rows, whosever they are: how many wait to be sealed, since when.
    assert [url for url in after if after[url] != before[url]] == ([reverse("health")] if actor == Actor.ADMIN else [])


def test_its_own_people_find_it_in_the_same_places() -> None:
    world = build("complete")
    overwrite(CANARY, after=dict.fromkeys(rows_so_far(), 0))

    found = [url for url, (_status, page) in pages(world, Actor.OWNER, world.project).items() if CANARY in page]

    assert {reverse(name) for name in ("desk", "projects:list", "risks:list", "retros:list", "retros:lessons")} <= set(
        found
    )
