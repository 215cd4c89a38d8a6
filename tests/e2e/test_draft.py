"""A draft before anybody decides on it: pasted, sounded out with a colleague on his phone, and what it rests on attached."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.accounts.models import User
from projects.models import BenefitLine, Project
from tests.e2e.walker import DESKTOP, PHONE, Findings, Walker, path_of
from tests.factories.projects import cast, draft

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]

TEXT = """标题：空袋清点
Probability: 20%
Effort: a few weeks
Every hub counts another way."""
GRID = "What it brings\tSaved each time\tTimes a month\tProbability\tBasis\nFewer bags bought\t46\t1,200 bags\t15%\tmeasured"


def test_a_draft_is_pasted_sounded_out_and_given_its_documents(
    live_server: object, browser: Browser, tmp_path: Path
) -> None:
    people = cast()
    User.objects.update(is_demo=True)
    project = draft(people)
    findings = Findings()
    pm = Walker(browser, str(live_server), people.pm, DESKTOP, findings)
    engineer = Walker(browser, str(live_server), people.engineer, PHONE, findings)

    paste_a_text(pm, project)
    paste_a_grid(pm, project)
    sound_out(pm, engineer, project)
    attach(pm, engineer, project, tmp_path)

    assert findings.errors == []
    assert findings.barriers == []


def paste_a_text(pm: Walker, project: Project) -> None:
    """Shown before it is kept: what is not understood says what to write, and the rest comes in."""
    pm.go(path_of(project, "pitch/paste/"))
    pm.fill("id_text", TEXT)
    pm.press("#paste")
    pm.examine(" with text")
    assert pm.heading == "3 values of the pitch would change"
    assert "Write a number and a unit" in pm.text
    assert Project.objects.get(pk=project.pk).title == project.title

    with pm.page.expect_navigation():
        pm.tap("#paste button[name=do]")
    kept = Project.objects.get(pk=project.pk)
    assert (kept.title, "Every hub counts another way." in kept.problem) == ("空袋清点", True)
    assert BenefitLine.objects.get(project=project).probability == Decimal("0.2")


def paste_a_grid(pm: Walker, project: Project) -> None:
    """A line that cannot be used is named by line and column; nothing is kept until all can."""
    address = path_of(project, "pitch/options/full/benefits/paste/")
    pm.go(address)
    pm.fill("id_table", GRID.replace("15%", "often"))
    with pm.page.expect_navigation():
        pm.tap("#grid button.btn-primary")
    assert "1 line cannot be used yet" in pm.text
    assert BenefitLine.objects.filter(project=project).count() == 1

    pm.fill("id_table", GRID)
    pm.press("#grid")
    pm.examine(" with lines")
    with pm.page.expect_navigation():
        pm.tap("#grid button[name=do]")
    line = BenefitLine.objects.filter(project=project).latest("pk")
    assert (line.label, line.reach, line.reach_unit) == ("Fewer bags bought", Decimal(1200), "bags")


def sound_out(pm: Walker, engineer: Walker, project: Project) -> None:
    """Asked by the owner, said on a phone, answered and settled by the owner."""
    address = path_of(project, "pitch/sounding/")
    pm.go(address)
    pm.page.locator("#id_reader-person").select_option(str(engineer.person.pk))
    pm.press("#reader")
    engineer.go(address)
    engineer.fill("id_text", "Which bags are counted?")
    engineer.press("#comment")
    pm.go(address)
    assert "Which bags are counted?" in pm.text
    with pm.page.expect_navigation():
        pm.tap("#comments form button")
    assert "resolved" in pm.text
    pm.examine(" resolved")


def attach(pm: Walker, engineer: Walker, project: Project, folder: Path) -> None:
    """A link, and a file that comes back as it was, also to whoever only reads."""
    counted = folder / "count.csv"
    counted.write_bytes(b"hub,bags\nLyon,7\n")
    pm.go(path_of(project, "documents/"))
    pm.page.locator("#link [name$=url]").fill("https://documents.example.com/count")
    pm.page.locator("#link [name$=title]").fill("How we counted")
    pm.press("#link")
    pm.tap("details:has(#file) > summary")
    pm.page.locator("#file input[type=file]").set_input_files(counted)
    pm.page.locator("#file [name$=title]").fill("Count of October")
    pm.press("#file")
    pm.examine(" with both")

    engineer.go(path_of(project, "documents/"))
    with engineer.page.expect_download() as coming:
        engineer.tap(engineer.page.get_by_role("link", name="Count of October"))
    assert Path(coming.value.path()).read_bytes() == counted.read_bytes()
    assert coming.value.suggested_filename == "count.csv"
