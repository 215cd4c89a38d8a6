"""Every page there is, in a real browser, with the longest names there may be: barriers, widths, policy.

The browser is shown what the test client was answered, so that each page stands in the world that its row of the table
names, within one transaction, and no server has to run.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from django.contrib.staticfiles import finders
from django.db.models import F, Value
from django.db.models.functions import Concat, Left
from django.urls import reverse

from portal.accounts.models import User
from projects.models import Project
from tests.access.table import TABLE
from tests.access.world import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpResponse
    from playwright.sync_api import Browser, Page, Route

    from tests.access.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.e2e,
    pytest.mark.proof,
    pytest.mark.one_database,
    pytest.mark.timeout(180),
]

BASE = "https://testserver"
#: What is no page: probes, and answers in another form.
NO_PAGE = {
    "live",
    "ready",
    "robots",
    "projects:export",
    "risks:export",
    "projects:document",
    "accounts:people_pick",
    "privacy:own_data",
}
LONG_TITLE = "The courier hands over the bags that came back empty, counts the Donaudampfschifffahrtsgesellschaft ones"
LONG_NAME = " Maria-Magdalena Featherstonehaugh-Cholmondeley"
#: The narrowest phone (or a desktop at 400 %), a phone, a laptop, a desktop; axe examines two of them.
WIDTHS = (320, 390, 1280, 1440)
EXAMINED = (390, 1440)
#: A folder for pictures of every page, for whoever wants to look at them.
PICTURES = os.environ.get("PICTURES_OF_EVERY_PAGE")


class Window:
    """A browser that is shown one answer at a time; what the page asks for by itself later waits for ever."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown: HttpResponse | None = None
        self.complaints: list[str] = []
        page.route("**/*", self.answer)
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def answer(self, route: Route) -> None:
        """No row is asked for in here: the browser's thread of thought has another connection to the database."""
        path = urlsplit(route.request.url).path
        if path.startswith("/static/") and isinstance(found := finders.find(path.removeprefix("/static/")), str):
            route.fulfill(path=found)
        elif route.request.is_navigation_request() and self.shown is not None:
            headers = {name: value for name, value in self.shown.headers.items() if name != "Content-Length"}
            route.fulfill(status=self.shown.status_code, headers=headers, body=self.shown.content)
        else:
            route.fulfill(status=304)

    def findings(self, answer: HttpResponse, url: str) -> list[str]:
        """What is wrong with the page at each width, in light and in the dark."""
        self.shown = answer
        self.complaints.clear()
        self.page.goto(f"{BASE}{url}", wait_until="load")
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{width}: wider than the window, by {self.page.evaluate(WIDEST)}")
            if width not in EXAMINED:
                continue
            for scheme in ("light", "dark"):
                found += [f"{width} {scheme}: {barrier}" for barrier in self.page.evaluate(BARRIERS, scheme)]
        return found + self.complaints

    def picture(self, name: str) -> None:
        for size in EXAMINED:
            self.page.set_viewport_size({"width": size, "height": 900})
            self.page.evaluate("() => { document.documentElement.dataset.bsTheme = 'light' }")
            self.page.screenshot(path=Path(str(PICTURES)) / str(size) / f"{name}.png", full_page=True)


#: What sticks out, for whoever has to mend it; what scrolls in a place of its own does not count.
WIDEST = """(() => {
    const scrolls = e => e && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement))
    return [...document.querySelectorAll("body *")]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !scrolls(e.parentElement))
        .slice(-3).map(e => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`).join(" | ")
})()"""
#: Every finding of any weight, with the first place where it is. Only those are carried over from the browser.
BARRIERS = """async scheme => {
    document.documentElement.dataset.bsTheme = scheme
    const found = await axe.run(document, {resultTypes: ["violations"]})
    return found.violations.map(one => `${one.id} ${one.nodes[0].target} ${one.nodes[0].html.slice(0, 120)}`)
}"""


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Window]:
    context = browser.new_context(reduced_motion="reduce")
    context.add_init_script(path=Path(axe_playwright_python.__file__).with_name("axe.min.js"))
    yield Window(context.new_page())
    context.close()


def reader_of(name: str) -> Actor | None:
    """Somebody who sees the page, those first who can do most on it."""
    row = TABLE[name]
    first = (Actor.OWNER, Actor.APPROVER, Actor.ADMIN)
    return next((actor for actor in (*first, *Actor) if row.expected(actor)["GET"] == 200), None)


PAGES = {name: actor for name in sorted(TABLE) if name not in NO_PAGE and (actor := reader_of(name))}


@pytest.mark.parametrize(
    ("world", "name"),
    [pytest.param(TABLE[name].stage, name, id=name) for name in PAGES],
    indirect=["world"],
    scope="module",
)
def test_every_page_bears_long_words_narrow_windows_and_the_dark(world: World, name: str, window: Window) -> None:
    Project.objects.filter(pk=world.project.pk).update(title=LONG_TITLE)
    User.objects.update(name=Left(Concat(F("name"), Value(LONG_NAME)), 60))
    url = reverse(name, args=TABLE[name].arguments(world))
    found = window.findings(world.visitor(PAGES[name]).ask("GET", url, headers={"accept": "text/html"}), url)
    if PICTURES:
        window.picture(re.sub(r"\W+", "_", name))
    assert found == []
