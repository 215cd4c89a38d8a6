"""Long registers for the copies: what a large installation has in its projects, listed by the product's own actions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from itertools import cycle
from typing import TYPE_CHECKING, Final

from portal.demo.words import Say
from projects.enums import Stage
from projects.models import Project
from risks.actions.answer import mitigate
from risks.actions.occurrence import close_risk
from risks.actions.risk import edit_risk, raise_risk
from risks.models import Risk
from risks.querysets import OVER

if TYPE_CHECKING:
    from portal.demo.company import Company

CAUSES: Final = (
    Say("The supplier answers late", "供应商回复晚"),
    Say("Two teams share one test environment", "两个组共用一套测试环境"),
    Say("The interface is not described", "接口没有文档"),
    Say("Peak season begins in November", "十一月进入旺季"),
    Say("The rule differs from site to site", "各网点规则不一"),
)
EVENTS: Final = (
    Say("Data of a whole day is missing", "整天的数据缺失"),
    Say("The delivery of the devices slips", "设备到货延期"),
    Say("Scanning is slower than by hand", "扫码比手工还慢"),
    Say("The old report no longer agrees", "旧报表对不上"),
    Say("Night shifts work around it", "夜班绕开流程"),
    Say("The permit comes with conditions", "许可附带条件"),
    Say("Half of the users wait for training", "一半用户等培训"),
)
EFFECTS: Final = (
    Say("the launch moves", "上线推迟"),
    Say("the benefit comes later", "收益推后"),
    Say("people count twice", "重复清点"),
)
DEED: Final = Say("Try it at the hardest place first", "先在最难的地方试")
GONE: Final = Say("It can no longer happen: tried and found sound", "试过没有问题，不会再发生")
CHANCES: Final = ("0.05", "0.1", "0.3", "0.6", "0.9")
#: Of so many that are listed one has no figure yet, one is closed.
WITHOUT_FIGURE, CLOSED = 9, 11


def lengthen(company: Company, total: int) -> None:
    """List risks in the projects that still run, in turn, until there are `total` in all."""
    projects = list(Project.objects.exclude(stage__in=[*OVER, Stage.DEFERRED]).order_by("pk"))
    for number, project in zip(range(Risk.objects.count(), total), cycle(projects), strict=False):
        listed(company, project, number)


def listed(company: Company, project: Project, number: int) -> None:
    """One risk, with the owner's figures and an answer where it asks for one."""
    owner, now = project.owner, company.at(1, 9) + timedelta(seconds=number)
    cause, effect = CAUSES[number % len(CAUSES)], EFFECTS[number % len(EFFECTS)]
    event = f"{company.say(EVENTS[number % len(EVENTS)])} {number}"
    risk = raise_risk(project, event=event, cause=company.say(cause), effect=company.say(effect), by=owner, now=now)
    if number % WITHOUT_FIGURE == 0:
        return
    figures = {
        "probability": Decimal(CHANCES[number % len(CHANCES)]),
        "impact_days": Decimal(number % 20 + 1),
        "impact_amount": Decimal(number * 7919 % 500 * 100 + 1000),
    }
    risk = edit_risk(risk, figures, version=risk.version, by=owner, now=now)
    if number % CLOSED == 0:
        close_risk(risk, outcome=company.say(GONE), by=owner, now=now)
    elif number % 2:
        mitigate(risk, deed=company.say(DEED), owner=owner, due_on=company.day(20), by=owner, now=now)
