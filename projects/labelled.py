"""A pitch as lines with labels, filled in anywhere and pasted back. What has no label is kept apart. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portal.common.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: The value whose text may go on over several lines.
LONG: Final = "problem"
#: By value of the pitch: English and Chinese label as the form has them, then other names that people use.
LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "title": ("Title", "标题", "Project", "Project name", "Name", "项目", "项目名称", "名称"),
    "product": ("Product", "产品", "System", "系统"),
    "goal": ("Goal", "目标", "Objective"),
    "problem": (
        "Problem and approach", "问题与做法", "Problem", "Description", "Background", "Approach",
        "问题", "描述", "背景", "做法", "说明", "项目背景",
    ),
    "unit_benefit_amount": ("Saved each time", "单次收益", "Unit benefit", "每次节省"),
    "reach": ("Times a month", "每月次数", "Reach", "影响范围", "每月发生次数"),
    "probability": ("Probability", "发生概率", "概率"),
    "basis": ("What the probability rests on", "测算依据", "Basis", "依据"),
    "evidence": ("Evidence", "佐证", "证据"),
    "person_days": ("Effort", "工作量", "Person-days", "人天", "人力"),
    "wanted_on": ("Wanted by", "期望上线", "Wanted date", "Launch", "期望上线日期", "上线日期", "上线时间"),
    "business_partner": ("Business partner", "业务对接人", "业务方", "对接人"),
    "material_amount": ("Money beside people", "人力以外的费用", "Material", "其他费用"),
    "material_label": ("What the money is for", "费用用途"),
    "needs_permit": ("It needs a special permit", "需要特殊许可", "Permit", "特殊许可"),
    "cannot_be_undone": ("It cannot be undone", "做了就不可逆", "Irreversible", "不可逆"),
    "crosses_departments": ("It touches other departments", "涉及其他部门"),
    "is_restricted": ("Only its people and their managers may read it", "只有相关人和他们的上级能看"),
    "sponsor": ("Sponsor", "支持人"),
    "process": ("Business process", "业务流程", "Process", "流程"),
    "is_in_scope": ("Is it in the scope of the product?", "在产品范围之内吗？"),
    "is_reusable": ("Can it be used again elsewhere?", "别处还能复用吗？"),
    "fits_roadmap": ("Does it lie on the way of the roadmap?", "和路线图方向一致吗？"),
    "screening_note": ("If not: why all the same", "有“否”的话：为什么还要做"),
}  # fmt: skip
#: What a light pitch is asked for; a template has these, or all of them.
LIGHT: Final = tuple(LABELS)[:12]
#: An example beside the label, in both languages; read as no value.
EXAMPLES: Final[Mapping[str, str]] = {
    "unit_benefit_amount": "46, 1.2k / 46、120万",
    "reach": "1,200 bags / 1200 个袋子",
    "probability": "15%, 1 in 7",
    "basis": "measured, analogous, peer, judgement / 实测、类比、同业、判断",
    "person_days": "14, 0.7 person-months / 14 人天、3人月",
    "wanted_on": "2026-12-18",
    "needs_permit": "yes, no / 是、否",
}
_LONGEST_LABEL: Final = 200
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_ORNAMENT: Final = " \t*_#>•·-–—|"
_NUMBERED: Final = re.compile(r"[0-9]{1,2}[.)、]\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled value as it was typed."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a text holds: its labelled values in their order, and all of its lines that have no label of ours."""

    entries: tuple[Entry, ...]
    rest: str


def template(names: Iterable[str]) -> str:
    """The labels to fill in, each in both languages."""
    lines = []
    for name in names:
        english, chinese = (label.rstrip("?？") for label in LABELS[name][:2])
        example = f" ({EXAMPLES[name]})" if name in EXAMPLES else ""
        lines.append(f"{english} / {chinese}{example}: ")
    return "\n".join(lines) + "\n"


def read(text: str) -> Labelled:
    """Tell the labelled lines from the rest. A label that comes twice counts once; its second line is kept in the rest."""
    texts: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    rest: list[str] = []
    current = ""
    for line in text.splitlines():
        name, label, value = _labelled(line)
        if name and name not in texts:
            texts[name], labels[name], current = [value], label, name
        elif not name and (current == LONG or (current and texts[current] == [""] and line.strip())):
            texts[current].append(line)
        else:
            current = ""
            rest.append(line)
    entries = (Entry(name, labels[name], _trimmed(lines)) for name, lines in texts.items())
    return Labelled(tuple(entry for entry in entries if entry.text), _trimmed(rest))


def _trimmed(lines: Iterable[str]) -> str:
    """Without empty lines at the ends, and one at most between."""
    return re.sub(r"\n(?:[ \t]*\n)+", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def _labelled(line: str) -> tuple[str, str, str]:
    """Name, label and value of a line; without a name where it begins with no label of ours."""
    plain = _BRACKETS.sub(lambda found: " " * len(found[0]), line.replace("（", "(").replace("）", ")"))
    for end in re.finditer(r"[:：\t|]", plain[:_LONGEST_LABEL]):
        name = _name(plain[: end.start()])
        if name:
            value = line[end.end() :].strip(" \t*|" if end[0] == "|" else " \t*")
            return name, line[: end.start()].strip(_ORNAMENT), value
    return "", "", ""


def _name(label: str) -> str:
    """Which value a label means; where it stands in two languages, both say the same."""
    parts = _NUMBERED.sub("", label.strip(_ORNAMENT), count=1).split("/")
    names = {_NAMES.get(_bare(part), "") for part in parts}
    return names.pop() if len(names) == 1 else ""


def _bare(label: str) -> str:
    return "".join(character for character in normalise(label) if unicodedata.category(character)[0] in "LN")


_NAMES: Final[Mapping[str, str]] = {_bare(label): name for name, labels in LABELS.items() for label in labels}
