"""Lines of a pitch pasted from a spreadsheet: every cell is judged before any line is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.common.forms import PortalForm
from portal.common.sheets import BadCell, Cells, UnreadableSheetError, bare, columns_of, read_text
from portal.common.text import normalise
from portal.common.written import listed
from projects.enums import Basis, CostKind
from projects.forms.fields import LinesField
from projects.forms.paste import BASES, TRUTHS
from projects.forms.steps import BenefitLineForm, CostLineForm, skills
from projects.forms.takeover import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from portal.common.sheets import Sheet

MOST_LINES: Final = 100
#: By part and field, the names a column may have; the first two are those of the form, in English and Chinese.
COLUMNS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "benefits": {
        "label": ("What it brings", "能带来什么", "Benefit", "Name", "收益项", "收益", "名称"),
        "unit_benefit_amount": ("Saved each time", "单次收益", "Unit benefit"),
        "reach": ("Times a month", "每月次数", "Reach", "影响范围", "数量"),
        "unit": ("Unit", "单位"),
        "probability": ("Probability", "发生概率", "概率"),
        "basis": ("Basis", "测算依据", "依据"),
        "evidence": ("Evidence", "佐证", "证据"),
    },
    "costs": {
        "kind": ("Kind", "类型", "种类"),
        "label": ("What for", "事由", "Name", "Cost", "名称", "成本项"),
        "skill": ("Skill", "工种"),
        "person_days": ("Effort", "工作量", "Person-days", "人天"),
        "amount": ("Amount", "金额", "费用"),
        "lead_days": ("Working days until it is given", "批下来要几个工作日"),
        "is_monthly": ("Again in every month", "每个月都有", "Monthly", "每月"),
    },
}
#: What a line may leave out.
OPEN: Final[Mapping[str, Any]] = {
    "reach_unit": "",
    "skill": "",
    "person_days": None,
    "amount": None,
    "is_monthly": False,
}
KINDS: Final[Mapping[str, CostKind]] = {
    "people": CostKind.PEOPLE,
    "人力": CostKind.PEOPLE,
    "material": CostKind.MATERIAL,
    "money": CostKind.MATERIAL,
    "物料": CostKind.MATERIAL,
    "材料": CostKind.MATERIAL,
    "permit": CostKind.PERMIT,
    "special permit": CostKind.PERMIT,
    "许可": CostKind.PERMIT,
    "特殊许可": CostKind.PERMIT,
}


class GridForm(PortalForm):
    """The cells. After it is valid, `lines` are the values of each line, or `bad` says what must be mended."""

    table = LinesField(
        label=gettext_lazy("Cells, copied from the spreadsheet"),
        max_length=100_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "wrap": "off"}),
        error_messages={"required": gettext_lazy("Paste the cells first.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    ASKED = ("table",)

    def __init__(self, data: Any = None, *, version: int, part: str) -> None:
        super().__init__(data, initial={"version": version})
        self.part = part
        self.lines: list[dict[str, Any]] = []
        self.bad: list[BadCell] = []
        self.fields["table"].help_text = _("The first line names the columns: %s.") % listed(head_of(part))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("table"):
            try:
                self.judge(read_text(cleaned["table"]))
            except UnreadableSheetError as error:
                self.add_error("table", WORDS[error.code])
        return cleaned

    def judge(self, sheet: Sheet) -> None:
        columns = columns_of(sheet.head, {name: list(map(bare, known)) for name, known in self.names.items()})
        if not columns.keys() & {"label", "reach", "unit_benefit_amount", "person_days", "amount"}:
            self.bad = [BadCell(1, sheet.head[0], "", _("the names of the columns in the first line"))]
            return
        if len(sheet.rows) > MOST_LINES:
            row = sheet.rows[MOST_LINES]
            self.bad = [BadCell(row.number, sheet.head[0], row.cell(0), _("at most %s lines") % MOST_LINES)]
            return
        known = {skill for skill, _words in skills(None)}
        for row in sheet.rows:
            cells = LineCells(row, sheet.head, columns)
            self.lines.append(cells.benefit() if self.part == "benefits" else cells.cost(known))
            self.bad += cells.bad

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The lines as the page shows them: with what a line of another kind would have, too."""
        return [{**OPEN, **line} for line in self.lines]

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        return COLUMNS[self.part]

    def show_anew(self, version: int) -> None:
        """Show the same cells against the pitch as it is now."""
        self.conflict = None
        self.data = {name: self.data.get(name) for name in self.data} | {"version": version}


class LineCells(Cells):
    """One line of the spreadsheet as a line of the pitch."""

    def benefit(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            "label": self.read("label", BenefitLineForm),
            "unit_benefit_amount": self.read("unit_benefit_amount", BenefitLineForm),
            "probability": self.read("probability", BenefitLineForm),
            "evidence": self.read("evidence", BenefitLineForm),
            "basis": self.word("basis", BASES, Basis.JUDGEMENT, _("measured, analogous, peer or judgement")),
        }
        unit = f" {self.text('unit')}" if self.text("reach") and self.text("unit") else ""
        reach = self.read("reach", BenefitLineForm, more=unit)
        return values | ({"reach": reach.amount, "reach_unit": reach.unit} if reach else {"reach": None})

    def cost(self, known: set[str]) -> dict[str, Any]:
        by_effort = CostKind.PEOPLE if self.text("person_days") else CostKind.MATERIAL
        kind = self.word("kind", KINDS, by_effort, _("people, material or permit"))
        boxes = CostLineForm.BOXES[kind]
        for name in set(CostLineForm.base_fields) & set(self.columns) - set(boxes) - {"kind"}:
            if self.text(name):
                self.refuse(name, _("nothing: a line of this kind has none"))
        is_needed = kind != CostKind.PEOPLE
        values: dict[str, Any] = {"kind": kind, "label": self.read("label", CostLineForm, is_needed=is_needed)}
        if kind == CostKind.PEOPLE:
            if self.text("skill") not in known:
                self.refuse("skill", _("a skill of the rate card, or nothing"))
            values |= {"skill": self.text("skill"), "person_days": self.read("person_days", CostLineForm)}
        else:
            values["amount"] = self.read("amount", CostLineForm)
        if kind == CostKind.PERMIT:
            values["lead_days"] = self.read("lead_days", CostLineForm)
        else:
            values["is_monthly"] = self.word("is_monthly", TRUTHS, False, _("yes or no"))
        return values

    def read(self, name: str, form: type[PortalForm], *, more: str = "", is_needed: bool = True) -> Any:
        """A cell as the box of the same name in a form reads it."""
        text = self.text(name) + more
        if not text and not is_needed:
            return ""
        try:
            return form.base_fields[name].clean(text)
        except ValidationError as error:
            self.refuse(name, " ".join(error.messages))
            return None

    def word(self, name: str, known: Mapping[str, Any], usual: Any, expected: str) -> Any:
        """One of a few words, or what is usual where the cell is empty."""
        text = normalise(self.text(name))
        if text and text not in known:
            self.refuse(name, expected)
        return known.get(text, usual)


def head_of(part: str) -> list[str]:
    """The columns in the reader's language, as they are copied to a spreadsheet."""
    place = 1 if (get_language() or "").startswith("zh") else 0
    return [names[place] for names in COLUMNS[part].values()]
