"""Which columns of a file say how estimates fared, and which of its lines can be used."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from portal.common.sheets import BadCell, Cells, bare, columns_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from portal.common.sheets import Row, Sheet

#: By field, the names a column may have, the most telling first: a file of tasks names their project too.
NAMES: Final[Mapping[str, Sequence[str]]] = {
    "key": ("tasknumber", "taskid", "task", "任务编号", "任务", "projectcode", "projectid", "project", "项目编号", "项目", "key", "id", "编号"),
    "kind": ("kind", "category", "maincategory", "type", "类别", "类型", "分类"),
    "estimated": (
        "hoursestimate", "estimatedhours", "estimatehours", "estimateddays", "estimatedays", "estimated", "estimate",
        "预估工时", "估算工时", "计划工时", "预计工时", "预估人天", "估算人天", "计划人天", "预计人天", "预估", "估算",
    ),
    "actual": ("hoursactual", "actualhours", "actualdays", "actual", "实际工时", "实际人天", "实际"),
    "started_on": ("startedon", "startdate", "started", "start", "开始日期", "开始"),
    "finished_on": ("finishedon", "completedon", "enddate", "finished", "completed", "完成日期", "结束日期", "完成", "结束"),
    "status": ("statuscode", "status", "state", "状态"),
}  # fmt: skip
NEEDED: Final = ("key", "estimated", "actual")
#: Where work is not finished, what it took so far says nothing.
UNFINISHED: Final = frozenset(
    ("cancelled", "canceled", "estimated", "template", "authorise", "authorize", "open", "planned", "inprogress", "已取消", "取消", "未开始", "进行中")
)  # fmt: skip
_HOURS: Final = ("hour", "工时", "小时")
_DAYS: Final = ("day", "人天", "人日", "天")
_FIGURE: Final = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,6})?")
_SMALLEST: Final = Decimal("0.000001")
LONGEST_KEY: Final = 80
LONGEST_KIND: Final = 60


class Unit(StrEnum):
    """What a column counts effort in."""

    HOURS = "hours"
    DAYS = "days"


class NoColumnError(ValueError):
    """The head does not say where something stands; `fields` names what, `head` what it has."""

    def __init__(self, fields: Sequence[str], head: Sequence[str]) -> None:
        super().__init__(fields)
        self.fields, self.head = tuple(fields), tuple(head)


class NoUnitError(ValueError):
    """A column of effort does not say whether it counts hours or days."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True, slots=True)
class PastWork:
    """One line, or the several of one task, as it is kept."""

    key: str
    kind: str
    estimated_days: Decimal
    actual_days: Decimal
    started_on: date | None
    finished_on: date | None


@dataclass(slots=True)
class HistoryFile:
    """What a file holds: work to keep, cells to mend, and how many tasks are not finished."""

    work: dict[str, PastWork] = field(default_factory=dict)
    bad: list[BadCell] = field(default_factory=list)
    unfinished: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands, and how many days one of its unit is."""

    columns: Mapping[str, int]
    head: Sequence[str]
    days_per_unit: Mapping[str, Decimal]


def layout_of(
    sheet: Sheet, *, named: Mapping[str, str] | None = None, unit: Unit | None = None, hours_per_day: Decimal
) -> Layout:
    """Find the columns by their names; `named` says which one a field is. Raises NoColumnError, NoUnitError."""
    names = {**NAMES, **{name: (bare(column),) for name, column in (named or {}).items()}}
    columns = columns_of(sheet.head, names)
    lost = [name for name in dict.fromkeys((*NEEDED, *(named or {}))) if name not in columns]
    if lost:
        raise NoColumnError(lost, sheet.head)
    units = {name: unit or unit_of(sheet.head[columns[name]]) for name in ("estimated", "actual")}
    return Layout(
        columns,
        sheet.head,
        {name: 1 / hours_per_day if one == Unit.HOURS else Decimal(1) for name, one in units.items()},
    )


def unit_of(column: str) -> Unit:
    """Hours or days, as the name of the column says."""
    name = bare(column)
    if any(word in name for word in _HOURS):
        return Unit.HOURS
    if any(word in name for word in _DAYS):
        return Unit.DAYS
    raise NoUnitError(column)


def read_history(sheet: Sheet, layout: Layout) -> HistoryFile:
    """Every line judged. Lines of one task must say the same of it; they are one piece of work."""
    found = HistoryFile()
    for row in sheet.rows:
        reader = _Reader(row, layout)
        work = reader.work()
        if bare(reader.text("status")) in UNFINISHED:
            found.unfinished.add(work.key)
        elif reader.bad:
            found.bad += reader.bad
        elif (known := found.work.setdefault(work.key, work)) != work:
            found.bad.append(reader.other_than(known))
    return found


class _Reader(Cells):
    """One line as a piece of work."""

    def __init__(self, row: Row, layout: Layout) -> None:
        super().__init__(row, layout.head, layout.columns)
        self.days_per_unit = layout.days_per_unit

    def work(self) -> PastWork:
        started, finished = self.day("started_on"), self.day("finished_on")
        if started and finished and finished < started:
            self.refuse("finished_on", _("a day not before the start"))
        return PastWork(
            key=self.short("key", LONGEST_KEY, is_needed=True),
            kind=self.short("kind", LONGEST_KIND),
            estimated_days=self.effort("estimated"),
            actual_days=self.effort("actual"),
            started_on=started,
            finished_on=finished,
        )

    def effort(self, name: str) -> Decimal:
        text = self.text(name)
        amount = Decimal(text.replace(",", "")) if _FIGURE.fullmatch(text) else Decimal(0)
        days = (amount * self.days_per_unit[name]).quantize(_SMALLEST)
        if days <= 0:
            self.refuse(name, _("a number greater than 0"))
        return days

    def other_than(self, known: PastWork) -> BadCell:
        column = self.head[self.columns["key"]]
        figures = _("the same figures as in an earlier line: %(estimated)s and %(actual)s days") % {
            "estimated": f"{known.estimated_days.normalize():f}",
            "actual": f"{known.actual_days.normalize():f}",
        }
        return BadCell(self.row.number, column, known.key, figures)
