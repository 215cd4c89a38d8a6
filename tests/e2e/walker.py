"""A person in a real browser: every page is looked at for errors, policy violations and barriers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.core import mail

from portal.notifications.actions import deliver
from portal.notifications.quiet import quiet_until
from projects.models import Project

if TYPE_CHECKING:
    from datetime import datetime

    from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, ViewportSize

    from portal.accounts.models import User

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}

#: Ids in an address, so that a page is examined once and not for each row.
NUMBERS = re.compile(r"\d+")
#: What the browser says of an answer that the walk provokes on purpose.
EXPECTED = re.compile(r"the server responded with a status of (409|422)")


@dataclass
class Findings:
    """What went wrong, on which page."""

    errors: list[str] = field(default_factory=list)
    barriers: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


class Guest:
    """Somebody who has not signed in: he follows links. `taps` counts what he presses or fills."""

    def __init__(self, browser: Browser, base: str, person: User, size: ViewportSize, findings: Findings) -> None:
        self.base = base
        self.findings = findings
        self.taps = 0
        self.page: Page = browser.new_context(
            viewport=size, reduced_motion="reduce", locale=person.language, has_touch=size["width"] < 500
        ).new_page()
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: findings.errors.append(f"{self.page.url}: {error}"))
        self.page.on("response", self.answered)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self.findings.errors.append(f"{self.page.url}: {message.text}")

    def answered(self, response: Response) -> None:
        if response.status >= 500:
            self.findings.errors.append(f"{response.url}: {response.status}")

    def examine(self, state: str = "") -> None:
        """Barriers of this kind of page, found once in each state that is named."""
        kind = NUMBERS.sub("#", urlsplit(self.page.url).path) + state
        if kind in self.findings.seen:
            return
        self.findings.seen.add(kind)
        for found in Axe().run(self.page).response["violations"]:
            if found["impact"] in {"serious", "critical"}:
                where = found["nodes"][0]["target"]
                self.findings.barriers.append(f"{kind}: {found['id']} {where}")
        wide = self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")
        if wide:
            self.findings.barriers.append(f"{kind}: wider than the window")

    def go(self, path: str) -> None:
        response = self.page.goto(f"{self.base}{path}")
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        self.examine()

    def fill(self, name: str, text: str) -> None:
        self.page.locator(f"#{name}").fill(text)
        self.taps += 1

    def choose(self, name: str, label: str) -> None:
        self.page.locator(f"#{name}").select_option(label=label)
        self.taps += 1

    def tap(self, what: str | Locator) -> None:
        (self.page.locator(what) if isinstance(what, str) else what).click()
        self.taps += 1

    def press(self, form: str = "") -> None:
        """The filled button of the page, or that of the form named; and wait for the page that answers."""
        button = f"{form} button:not([type=button])" if form else "main form button.btn-primary"
        with self.page.expect_navigation() as answer:
            self.tap(self.page.locator(button).last)
        self.page.wait_for_load_state()
        assert answer.value is not None
        assert answer.value.status == 200, self.text
        self.examine()

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        return self.page.locator("main").inner_text()


class Walker(Guest):
    """One signed-in person."""

    def __init__(self, browser: Browser, base: str, person: User, size: ViewportSize, findings: Findings) -> None:
        super().__init__(browser, base, person, size, findings)
        self.person = person
        self.page.goto(f"{base}/login/")
        self.examine()
        self.page.locator(f'form[action$="/login/as/{person.pk}/"] button').click()
        self.page.wait_for_url(f"{base}/")
        self.examine()


def stage_of(project: Project) -> str:
    return Project.objects.values_list("stage", flat=True).get(pk=project.pk)


def path_of(project: Project, rest: str = "") -> str:
    return f"{project.get_absolute_url()}{rest}"


def mailed_to(person: User, now: datetime) -> str:
    """Where the signed link of the latest mail to the person leads, once nobody is asleep."""
    deliver(now=quiet_until(person, now) or now)
    found = [
        match[0]
        for message in mail.outbox
        if person.email in message.to and (match := re.search(r"/link/[\w-]+/", str(message.body)))
    ]
    return found[-1]
