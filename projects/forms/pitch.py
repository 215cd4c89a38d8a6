"""Beginning a project, and writing its pitch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import PersonField
from portal.accounts.names import check_seen
from portal.common import formats
from portal.common.fields import (
    DayFormField,
    MoneyFormField,
    PercentFormField,
    PersonDaysFormField,
    QuantityWithUnitFormField,
)
from portal.common.forms import PortalForm, VersionedForm
from portal.common.quantities import Quantity
from projects.actions.pitch import snapshot
from projects.enums import Basis, PitchKind
from projects.forms.fields import CURRENCY_SIGN, LinesField
from projects.models import Goal, Product, Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from portal.common.components import Mark


class NewProjectForm(PortalForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        validators=[check_seen],
        help_text=_("A few words that a colleague would use, such as “Show empty-bag count at hand-over”."),
        error_messages={"required": _("Write what it is about, in a few words.")},
    )
    template = forms.ChoiceField(
        label=_("What is it mostly for?"),
        required=False,
        choices=[("", _("something else")), *PitchKind.choices],
        help_text=_("Names the usual lines and gives hints, without any figure."),
    )
    wide = ("title",)


class PitchForm(VersionedForm):
    """The light pitch: eleven values, and what costs, permits and others add. Saved value by value as one types."""

    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        validators=[check_seen],
        error_messages={"required": _("Write what it is about, in a few words.")},
    )
    product = forms.ModelChoiceField(
        Product.objects.all(), label=_("Product"), required=False, empty_label=_("Choose a product")
    )
    goal = forms.ModelChoiceField(Goal.objects.all(), label=_("Goal"), required=False, empty_label=_("Choose a goal"))
    problem = LinesField(
        label=_("Problem and approach"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    unit_benefit_amount = MoneyFormField(label=_("Saved each time"), may_be_unknown=True)
    reach = QuantityWithUnitFormField(label=_("Times a month"), may_be_unknown=True)
    probability = PercentFormField(label=_("Probability"), may_be_unknown=True)
    basis = forms.ChoiceField(
        label=_("What the probability rests on"),
        choices=[
            (Basis.MEASURED, pgettext_lazy("rests on", "Measured here")),
            (Basis.ANALOGOUS, pgettext_lazy("rests on", "An analogous case")),
            (Basis.PEER, pgettext_lazy("rests on", "A peer’s figure")),
            (Basis.JUDGEMENT, pgettext_lazy("rests on", "Judgement")),
        ],
    )
    evidence = forms.CharField(label=_("Evidence"), max_length=300, required=False)
    person_days = PersonDaysFormField(label=_("Effort"), required=False)
    wanted_on = DayFormField(label=_("Wanted by"), required=False)
    business_partner = PersonField(label=_("Business partner"), required=False, empty_label=_("Choose a colleague"))

    material_amount = MoneyFormField(label=_("Money beside people"), required=False)
    material_label = forms.CharField(label=_("What the money is for"), max_length=120, required=False)
    needs_permit = forms.BooleanField(label=_("It needs a special permit"), required=False)
    cannot_be_undone = forms.BooleanField(label=_("It cannot be undone"), required=False)
    crosses_departments = forms.BooleanField(label=_("It touches other departments"), required=False)
    is_restricted = forms.BooleanField(label=_("Only its people and their managers may read it"), required=False)

    #: A draft may be half understood: unless all of it is wanted, the form is valid as long as its version can be read.
    wants_all = False
    #: What a light pitch asks for; everything else is optional and says so.
    ASKED: Sequence[str] = (
        "title",
        "product",
        "goal",
        "problem",
        "unit_benefit_amount",
        "reach",
        "probability",
        "basis",
        "person_days",
        "wanted_on",
        "business_partner",
    )
    FOLDED = (
        "material_amount",
        "material_label",
        "needs_permit",
        "cannot_be_undone",
        "crosses_departments",
        "is_restricted",
    )
    #: Values that the result is reckoned from: while one is not understood, the last one counts.
    RECKONED = ("unit_benefit_amount", "reach", "probability", "person_days", "material_amount")
    units = {"unit_benefit_amount": CURRENCY_SIGN, "material_amount": CURRENCY_SIGN}

    def __init__(self, data: Any = None, *, project: Project, origins: Mapping[str, Mark] | None = None) -> None:
        self.project = project
        self.origins = origins or {}
        super().__init__(data, initial=shown(project))
        for name, field in self.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-describedby"] = f"id_{name}_said"
            if name in self.ASKED:
                field.widget.attrs["aria-required"] = "true"
        partner = self.fields["business_partner"]
        if isinstance(partner, PersonField):
            partner.offer(also=project.business_partner_id, but=project.owner_id)

    def is_valid(self) -> bool:
        return super().is_valid() if self.wants_all else self.is_bound and "version" not in self.errors

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.RECKONED:
            last = self.initial.get(name)
            if name in self.errors and last:
                self.add_error(name, _("The result still uses the last value understood: %s.") % last)
        return cleaned

    def understood(self) -> dict[str, Any]:
        """What was changed and understood, by the names of `save_pitch`; the rest stays as it is saved."""
        values: dict[str, Any] = {}
        for name in self.changed_data:
            if name in self.cleaned_data:
                values |= self.as_saved(name, self.cleaned_data[name])
        return values | self.goal_of_the_product(values)

    def goal_of_the_product(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A newly chosen product brings its goal along, unless the goal was chosen by hand."""
        product, before = values.get("product"), self.project.product
        if product is None or product.goal is None or "goal" in values:
            return {}
        is_by_hand = self.project.goal_id is not None and (before is None or before.goal_id != self.project.goal_id)
        return {} if is_by_hand else {"goal": product.goal}

    def as_saved(self, name: str, value: Any) -> dict[str, Any]:
        """One value of the form, as the pitch keeps it."""
        if name == "reach":
            return {"reach": value.amount, "reach_unit": value.unit} if value else {"reach": None}
        if name == "cannot_be_undone":
            return {"is_reversible": not value}
        if name in {"material_label", "material_amount"}:
            # The two are one line: while either is not understood, the line stays as it is saved.
            both = ("material_amount", "material_label")
            return {key: self.cleaned_data[key] for key in both} if set(both) <= set(self.cleaned_data) else {}
        return {} if name == "version" else {name: value}

    def saved_values(self, obj: Model) -> Mapping[str, Any]:
        saved: dict[str, Any] = snapshot(Project.objects.get(pk=obj.pk))
        counted = None if saved["reach"] is None else Quantity(saved["reach"], str(saved["reach_unit"]))
        known = saved | {"reach": counted, "cannot_be_undone": not saved["is_reversible"]}
        return {name: known[name] for name in self.fields if name != "version"}


def shown(project: Project) -> dict[str, Any]:
    """The saved values of a pitch as its boxes show them."""
    language = get_language() or settings.LANGUAGE_CODE
    values: dict[str, Any] = snapshot(project)
    amount, days = values["unit_benefit_amount"], values["person_days"]
    material, share, reach = values["material_amount"], values["probability"], values["reach"]
    return values | {
        "version": project.version,
        "unit_benefit_amount": "" if amount is None else formats.number(amount),
        "material_amount": "" if material is None else formats.number(material),
        "person_days": "" if days is None else formats.days(days, language),
        "probability": "" if share is None else formats.percent(share, language),
        "reach": "" if reach is None else formats.quantity(Quantity(reach, str(values["reach_unit"])), language),
        "cannot_be_undone": not values["is_reversible"],
    }
