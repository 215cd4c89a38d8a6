"""A pitch pasted as text: what each labelled line means, looked at before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NoReturn

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.names import normal_email, normal_name, normal_number
from portal.common import formats
from portal.common.fields import FigureFormField
from portal.common.forms import PortalForm
from portal.common.quantities import Quantity
from portal.common.text import normalise
from projects.actions.pitch import snapshot
from projects.enums import Basis, PitchKind
from projects.forms.fields import LinesField
from projects.forms.pitch import PitchForm
from projects.forms.steps import StepForm
from projects.labelled import LABELS, LONG, Entry, Labelled, read
from projects.models import BusinessProcess, Goal, Product

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.utils.functional import _StrOrPromise

    from projects.models import Project

BASES: Final[Mapping[str, Basis]] = {
    "measured": Basis.MEASURED,
    "measured here": Basis.MEASURED,
    "实测": Basis.MEASURED,
    "本公司实测": Basis.MEASURED,
    "analogous": Basis.ANALOGOUS,
    "an analogous case": Basis.ANALOGOUS,
    "analogous case": Basis.ANALOGOUS,
    "类比": Basis.ANALOGOUS,
    "类比案例": Basis.ANALOGOUS,
    "peer": Basis.PEER,
    "peer figure": Basis.PEER,
    "a peer’s figure": Basis.PEER,
    "a peer's figure": Basis.PEER,
    "同业": Basis.PEER,
    "同业数据": Basis.PEER,
    "judgement": Basis.JUDGEMENT,
    "judgment": Basis.JUDGEMENT,
    "判断": Basis.JUDGEMENT,
}
TRUTHS: Final[Mapping[str, bool]] = dict.fromkeys(("yes", "y", "true", "是", "需要", "有", "对"), True) | dict.fromkeys(
    ("no", "n", "false", "none", "否", "不", "不需要", "没有", "无"), False
)
#: A process is one of the product, and money has an amount before it has a purpose.
ORDER: Final = tuple(LABELS)
YES_OR_NO: Final = (
    "needs_permit",
    "cannot_be_undone",
    "crosses_departments",
    "is_restricted",
    "is_in_scope",
    "is_reusable",
    "fits_roadmap",
)
#: What is said by one word of a few, and what is asked for where it is another.
WORDS: Final[Mapping[str, tuple[Mapping[str, object], _StrOrPromise]]] = {
    **dict.fromkeys(YES_OR_NO, (TRUTHS, gettext_lazy("Write yes or no."))),
    "basis": (BASES, gettext_lazy("Write measured, analogous, peer or judgement.")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled line: as it is in the pitch, as it was pasted, and how that is understood or why it is not."""

    field: str
    typed: str
    was: str = ""
    now: str = ""
    error: str = ""

    @property
    def is_new(self) -> bool:
        return not self.error and self.was != self.now


class PasteForm(PortalForm):
    """The text. After it is valid, `rows` say what each line means and `values` are those of `save_pitch`."""

    text = LinesField(
        label=gettext_lazy("The filled text"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": gettext_lazy("Paste the text first.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    ASKED = ("text",)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, initial={"version": project.version})
        self.project = project
        self.rows: list[Row] = []
        self.values: dict[str, Any] = {}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "text" in cleaned:
            self.understand(read(cleaned["text"]))
        return cleaned

    def show_anew(self, project: Project) -> None:
        """Show the same text against the pitch as it is now."""
        self.conflict, self.project = None, project
        self.data = {name: self.data.get(name) for name in self.data} | {"version": project.version}
        if "text" in self.cleaned_data:
            self.understand(read(self.cleaned_data["text"]))

    def understand(self, pasted: Labelled) -> None:
        """Each line by its label. What cannot be understood is kept in the description, as what has no label is."""
        saved = as_shown(self.project)
        understood: dict[str, Any] = {}
        rows, kept = [], [pasted.rest]
        for entry in sorted(pasted.entries, key=lambda entry: ORDER.index(entry.name)):
            if entry.name == LONG:
                continue
            try:
                understood[entry.name] = self.meaning(entry, understood, saved)
            except ValidationError as error:
                kept.append(f"{entry.label}: {entry.text}")
                rows.append(self.row(entry, error=" ".join(error.messages)))
            else:
                rows.append(self.row(entry, saved[entry.name], understood[entry.name]))
        self.values = self.as_saved(understood)
        problem = next((entry.text for entry in pasted.entries if entry.name == LONG), self.project.problem)
        self.describe(problem, [lines for lines in kept if lines and lines not in problem], rows)
        self.rows = rows

    def describe(self, problem: str, kept: list[str], rows: list[Row]) -> None:
        """The description as it will be; what found no other place stands at its end."""
        words = "\n\n".join([problem, *kept] if problem else kept)
        if words == self.project.problem:
            return
        error = ""
        try:
            self.values[LONG] = StepForm.base_fields[LONG].clean(words)
        except ValidationError as problem_error:
            error = " ".join(problem_error.messages)
            self.add_error("text", error)
        if problem and problem == self.project.problem:
            rows.append(Row(_("%s, at its end") % label_of(LONG), words, "", "\n\n".join(kept), error))
        else:
            rows.append(Row(label_of(LONG), words, self.project.problem, words, error))

    def row(self, entry: Entry, was: Any = None, now: Any = None, error: str = "") -> Row:
        return Row(label_of(entry.name), entry.text, told(entry.name, was), told(entry.name, now), error)

    def meaning(self, entry: Entry, understood: Mapping[str, Any], saved: Mapping[str, Any]) -> Any:
        """The value that a text names. Raises ValidationError."""
        text = entry.text
        if entry.name in WORDS:
            known, words = WORDS[entry.name]
            return known[normalise(text)] if normalise(text) in known else refuse(words)
        if entry.name == "process":
            return process_named(text, understood.get("product", saved["product"]))
        if entry.name in {"business_partner", "sponsor"}:
            return person_named(text, but=self.project.owner_id)
        if entry.name in NAMED:
            return NAMED[entry.name](text)
        if entry.name == "material_label" and understood.get("material_amount", saved["material_amount"]) is None:
            refuse(_("Write the amount first."))
        return StepForm.base_fields[entry.name].clean(text)

    def as_saved(self, understood: Mapping[str, Any]) -> dict[str, Any]:
        """What differs, by the names of `save_pitch`; a new product brings its goal along."""
        values = dict(understood)
        if "reach" in values:
            reach = values.pop("reach")
            values |= {"reach": reach.amount, "reach_unit": reach.unit} if reach else {"reach": None}
        if "cannot_be_undone" in values:
            values["is_reversible"] = not values.pop("cannot_be_undone")
        if "product" in values:
            values |= PitchForm(project=self.project).goal_of_the_product(values)
        return values


def label_of(name: str) -> str:
    return str(StepForm.base_fields[name].label)


def as_shown(project: Project) -> dict[str, Any]:
    """Every value of the pitch as the form's fields know it."""
    saved: dict[str, Any] = snapshot(project)
    links = ("product", "goal", "business_partner", "sponsor", "process")
    reach = None if saved["reach"] is None else Quantity(saved["reach"], str(saved["reach_unit"]))
    return (
        saved
        | {name: getattr(project, name) for name in links}
        | {"reach": reach, "cannot_be_undone": not saved["is_reversible"]}
    )


def told(name: str, value: Any) -> str:
    """A value in words of the reader."""
    field = StepForm.base_fields[name]
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return formats.date_long(value, get_language() or settings.LANGUAGE_CODE, timezone.localdate())
    if isinstance(value, Decimal | Quantity) and isinstance(field, FigureFormField):
        return field.echo(value)
    return str(Basis(value).label) if name == "basis" else str(value)


def refuse(words: _StrOrPromise) -> NoReturn:
    raise ValidationError(words)


def product_named(text: str) -> Product:
    found = Product.objects.select_related("goal").filter(name_key=normalise(text)).first()
    return found or refuse(_("No product of this name is written down."))


def goal_named(text: str) -> Goal:
    """By its words, with or without the quarter; the latest quarter counts."""
    words = text.rpartition("·")[2].strip()
    quarter = text.partition("·")[0].strip() if "·" in text else ""
    named = Goal.objects.filter(objective__iexact=words)
    found = (named.filter(quarter=quarter) if quarter else named).order_by("-quarter").first()
    return found or refuse(_("No goal of these words is written down."))


def process_named(text: str, product: Product | None) -> BusinessProcess:
    found = BusinessProcess.objects.filter(product=product, name__iexact=text.strip()).first() if product else None
    return found or refuse(_("The product has no process of this name."))


def person_named(text: str, *, but: int) -> User:
    """A colleague by e-mail, staff number or name."""
    named = Q(email=normal_email(text)) | Q(staff_number=normal_number(text)) | Q(name__iexact=normal_name(text))
    found = list(User.objects.active().filter(named).exclude(pk=but)[:2])
    if len(found) > 1:
        refuse(_("Several colleagues have this name: write the e-mail or staff number."))
    return found[0] if found else refuse(_("No other colleague of this name works here."))


NAMED: Final[Mapping[str, Callable[[str], Any]]] = {"product": product_named, "goal": goal_named}


class KindForm(PortalForm):
    """Of which kind a draft is that was begun without one."""

    template = forms.ChoiceField(
        label=gettext_lazy("What is it mostly for?"),
        choices=PitchKind.choices,
        help_text=gettext_lazy(
            "Names the usual lines and gives hints, without any figure. What you wrote stays as it is."
        ),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose one of the kinds.")),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "kind_%s"
        super().__init__(*args, **kwargs)

    def show_anew(self, project: Project) -> None:
        """The same choice for the pitch as it is now."""
        self.conflict = None
        self.data = {name: self.data.get(name) for name in self.data} | {"version": project.version}
