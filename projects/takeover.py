"""A list of running projects, judged line by line before anything is taken over."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.names import folded
from portal.common.sheets import BadCell, Cells, bare, columns_of
from portal.common.text import normalise
from projects.enums import Stage
from projects.models import Product, ProjectOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from portal.common.sheets import Sheet

#: By field, the names a column may have, the most telling first.
NAMES: Final[Mapping[str, Sequence[str]]] = {
    "key": ("externalkey", "key", "projectid", "projectcode", "id", "code", "number", "项目编号", "编号"),
    "title": ("title", "projectname", "project", "name", "项目名称", "项目", "名称", "标题"),
    "owner": ("owner", "pm", "productmanager", "projectmanager", "负责人", "产品经理", "项目经理"),
    "stage": ("stage", "state", "status", "阶段", "状态"),
    "started_on": ("startedon", "startdate", "started", "start", "开始日期", "开始"),
    "launch_on": ("launchon", "launchdate", "launch", "launchasplanned", "enddate", "end", "计划上线", "上线日期", "上线", "结束日期"),
    "wanted_on": ("wantedby", "wantedon", "期望上线", "期望日期"),
    "product": ("product", "system", "产品", "系统"),
}  # fmt: skip
NEEDED: Final = ("key", "title", "owner", "stage")
#: What is approved, launched or closed owes what the portal has not seen; it goes that way here.
STAGES: Final[Mapping[str, Stage]] = {
    "draft": Stage.DRAFT,
    "草稿": Stage.DRAFT,
    "indelivery": Stage.IN_DELIVERY,
    "inprogress": Stage.IN_DELIVERY,
    "running": Stage.IN_DELIVERY,
    "交付中": Stage.IN_DELIVERY,
    "进行中": Stage.IN_DELIVERY,
    "onhold": Stage.ON_HOLD,
    "paused": Stage.ON_HOLD,
    "暂停": Stage.ON_HOLD,
    "已暂停": Stage.ON_HOLD,
    "搁置": Stage.ON_HOLD,
}
MOST_ROWS: Final = 500
LONGEST_KEY: Final = 80
LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Running:
    """One project to take over."""

    row: int
    key: str
    title: str
    owner: User
    stage: Stage
    started_on: date | None
    launch_on: date | None
    product: Product | None


@dataclass(slots=True)
class Plan:
    """What taking the list over would do."""

    running: list[Running] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)


def plan_of(sheet: Sheet) -> Plan:
    """Judge every line. Three queries, however many there are."""
    columns = columns_of(sheet.head, NAMES)
    lost = [name for name in NEEDED if name not in columns]
    if lost:
        expected = _("a column of this name in the first line")
        return Plan(bad=[BadCell(1, name, "", expected) for name in lost])
    if len(sheet.rows) > MOST_ROWS:
        row = sheet.rows[MOST_ROWS]
        return Plan(bad=[BadCell(row.number, sheet.head[0], row.cell(0), _("at most %s lines") % MOST_ROWS)])
    plan, people, products = Plan(), _owners(), {one.name_key: one for one in Product.objects.all()}
    known = set(ProjectOrigin.objects.values_list("key", flat=True))
    seen: set[str] = set()
    for row in sheet.rows:
        line = _Line(row, sheet.head, columns)
        key = line.short("key", LONGEST_KEY, is_needed=True)
        if key in seen:
            line.refuse("key", _("each key once"))
        seen.add(key)
        if key in known and not line.bad:
            plan.known.append(key)
            continue
        running = line.running(key, people, products)
        plan.bad += line.bad
        if running is not None and not line.bad:
            plan.running.append(running)
    return plan


def _owners() -> Mapping[str, set[User]]:
    """Those who may own a project, by each way to name them; several where a name is not one's alone."""
    found: dict[str, set[User]] = defaultdict(set)
    people = User.objects.active().filter(groups__name__in=[Role.PM, Role.LEAD], site__isnull=False)
    for person in people.select_related("site").distinct():
        for name in (person.email, person.staff_number or "", person.name):
            found[folded(name)].add(person)
    return found


class _Line(Cells):
    """One line as a running project."""

    def running(self, key: str, people: Mapping[str, set[User]], products: Mapping[str, Product]) -> Running | None:
        title = self.short("title", LONGEST_TITLE, is_needed=True)
        owner, stage = self.owner(people), self.stage()
        started_on, launch_on = self.day("started_on"), self.day("launch_on" if self.text("launch_on") else "wanted_on")
        if stage not in {None, Stage.DRAFT} and not self.text("launch_on") and not self.text("wanted_on"):
            self.refuse("launch_on", _("the day of the launch: what runs has one"))
        if started_on and launch_on and launch_on < started_on:
            self.refuse("launch_on", _("a day not before the start"))
        product = self.product(products)
        if owner is None or stage is None:
            return None
        return Running(self.row.number, key, title, owner, stage, started_on, launch_on, product)

    def owner(self, people: Mapping[str, set[User]]) -> User | None:
        found = people.get(folded(self.text("owner")), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            self.refuse("owner", _("an e-mail or staff number, because several have this name"))
        else:
            self.refuse("owner", _("e-mail, staff number or name of an active product manager or lead with a site"))
        return None

    def stage(self) -> Stage | None:
        stage = STAGES.get(bare(self.text("stage")))
        if stage is None:
            self.refuse("stage", _("draft, in delivery or on hold; what comes after happens in the portal"))
        return stage

    def product(self, products: Mapping[str, Product]) -> Product | None:
        name = self.text("product")
        found = products.get(normalise(name))
        if name and found is None:
            self.refuse("product", _("a product that is written down here, or nothing"))
        return found
