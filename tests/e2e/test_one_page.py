"""The business case on paper: one sheet of A4, however much is written, in both languages."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from portal.accounts.models import User
from projects.enums import Basis, CostKind, OptionKind, StepState
from projects.models import BenefitLine, CostLine, Option, Project
from risks.actions.risk import raise_risk
from tests.e2e.walker import DESKTOP, PHONE, Findings, Walker, path_of
from tests.factories.projects import NOW, WANTED, Cast, cast, decided, draft, submitted, weighed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]

WORDS = "Lost bags that come back to the hub by themselves and are counted 丢失的袋子自己回到站点并被清点 "
SHEET = re.compile(rb"/Type\s*/Page\b")
A4 = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+(59[45]\.?\d*)\s+(84[12]\.?\d*)\s*\]")


def longest(people: Cast) -> Project:
    """A pitch with as much in it as the sheet has room for, and more."""
    project = draft(people, title=(WORDS * 2)[:120], problem=WORDS * 10, evidence=(WORDS * 4)[:300])
    project = weighed(project)
    full = Option.objects.get(project=project, kind=OptionKind.FULL)
    Option.objects.filter(project=project).update(
        summary=(WORDS * 12)[:1000], gives_up=(WORDS * 6)[:500], decide_again_on=WANTED + timedelta(days=90)
    )
    for place, basis in enumerate(Basis, start=2):
        BenefitLine.objects.create(
            project=project, option=full, position=place, label=(WORDS * 2)[:120], unit_benefit_amount=Decimal("123456.78"),
            reach=Decimal("9876543.21"), reach_unit=WORDS[:40], probability=Decimal("0.123456"), basis=basis,
            evidence=(WORDS * 4)[:300],
        )  # fmt: skip
    for place in range(2, 9):
        CostLine.objects.create(
            project=project, option=full, position=place, kind=CostKind.PEOPLE, label=(WORDS * 2)[:120],
            person_days=Decimal("9876.25"), skill=WORDS[:39] + str(place), unit_amount=Decimal("12345.67"),
            amount=Decimal("121930024.09"),
        )  # fmt: skip
        CostLine.objects.create(
            project=project, option=full, position=place + 10, kind=CostKind.PERMIT, label=(WORDS * 2)[:120],
            amount=Decimal("12345678.90"), lead_days=20,
        )  # fmt: skip
    project = submitted(project)
    for _ in range(5):
        raise_risk(project, event=(WORDS * 3)[:200], by=people.pm, now=NOW)
    return decided(project, StepState.APPROVED)


def test_the_longest_case_is_one_sheet_of_a4_in_both_languages(live_server: object, browser: Browser) -> None:
    people = cast()
    User.objects.update(is_demo=True)
    project = longest(people)
    findings = Findings()

    for language, title in (("en", "How the benefit is reckoned"), ("zh-hans", "收益怎么算")):
        User.objects.filter(pk=people.pm.pk).update(language=language)
        people.pm.refresh_from_db()
        reader = Walker(browser, str(live_server), people.pm, DESKTOP, findings)
        reader.go(path_of(project, "submissions/1/one-page/"))
        reader.examine(language)
        sheet = reader.page.pdf(prefer_css_page_size=True, print_background=True)

        assert title in reader.text
        assert len(SHEET.findall(sheet)) == 1
        assert A4.search(sheet)
        # Nothing of it is cut off at the foot.
        reader.page.emulate_media(media="print")
        height, room = reader.page.evaluate(
            "['scrollHeight', 'clientHeight'].map((name) => document.querySelector('.fs-a4')[name])"
        )
        assert height <= room

    phone = Walker(browser, str(live_server), people.pm, PHONE, findings)
    phone.go(path_of(project, "submissions/1/one-page/"))
    phone.examine(" on a phone")
    assert findings.errors == []
    assert findings.barriers == []
