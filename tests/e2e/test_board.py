"""One board in two browsers: what the facilitator does in one appears in the other, notes without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.accounts.enums import Role
from projects.enums import Part, Stage, Tier
from projects.models import ProjectMember
from retros.models import Lesson, Note, Retro
from tests.e2e.walker import Findings, Walker
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.retros import OWED, RetroFactory

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

DESKTOP: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


def test_two_browsers_on_one_board_stay_in_step(live_server: object, browser: Browser) -> None:
    site = SiteFactory()
    pm = UserFactory(name="Lin Yue", site=site, roles=[Role.PM], is_demo=True)
    engineer = UserFactory(name="Chen Siyuan", site=site, roles=[Role.ENGINEER], is_demo=True)
    retro = RetroFactory(
        tier=Tier.STANDARD,
        project__owner=pm,
        project__site=site,
        project__stage=Stage.LAUNCHED,
        project__launched_at=OWED,
    )
    ProjectMember.objects.create(project=retro.project, person=engineer, part=Part.MEMBER, since=OWED)
    findings = Findings()
    one = Walker(browser, str(live_server), pm, DESKTOP, findings)
    other = Walker(browser, str(live_server), engineer, PHONE, findings)

    for person, text in ((one, "The printers came late"), (other, "The count helped")):
        person.go(retro.get_absolute_url())
        person.fill("note_hindered_text", text)
        person.tap("#add-hindered")
        person.page.locator(".fs-note.is-mine", has_text=text).wait_for()
    assert "The count helped" not in one.text
    one.tap("#to-votes")
    other.page.locator("#join").wait_for()  # came by itself
    other.tap("#join")
    other.page.locator(".fs-note", has_text="The printers came late").wait_for()
    other.examine()
    note = Note.objects.get(text="The printers came late")
    other.tap(f"#vote-{note.pk.hex}")
    other.page.get_by_text("1 of mine").wait_for()
    one.page.get_by_text("1 of 2 people here has voted").or_(
        one.page.get_by_text("1 of 2 people here have voted")
    ).wait_for()
    assert "1 vote" not in one.text.replace("1 votes", "")
    one.tap("#to-discussion")
    other.page.locator("#topics").wait_for()
    assert "1 vote" in other.text
    one.fill("lesson_text", "Order printers first")
    with one.page.expect_navigation():
        one.tap("#lessons form[action$='/lesson/'] button")
    other.page.locator("#lessons", has_text="Order printers first").wait_for()

    assert Lesson.objects.get().text == "Order printers first"
    assert Retro.objects.get().vote_secret == ""
    assert findings.errors == []
    assert findings.barriers == []
