"""The pitch in steps: the values of the project by step, its options, and their lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import PersonField
from portal.common import formats
from portal.common.fields import (
    DayFormField,
    MoneyFormField,
    NumberFormField,
    PercentFormField,
    PersonDaysFormField,
    QuantityWithUnitFormField,
)
from portal.common.forms import PortalForm, VersionedForm
from portal.common.quantities import Quantity
from projects.enums import CostKind
from projects.forms.fields import CURRENCY_SIGN, LinesField, wanted
from projects.forms.pitch import PitchForm
from projects.models import BenefitLine, BusinessProcess, CostLine, Option, RateCard
from projects.steps import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model

    from projects.enums import PitchStep
    from projects.models import Project

YES_OR_NO = [("", _("not said yet")), ("yes", _("yes")), ("no", _("no"))]
SAID = {True: "yes", False: "no", None: ""}
LOWER = _("Only 1 in 20 is lower. With both ends empty, the figure is widened by its basis.")
HIGHER = _("Only 1 in 20 is higher.")
SCREENING = ("is_in_scope", "is_reusable", "fits_roadmap")


class YesNoField(forms.TypedChoiceField):
    """A question that may stay open: None is not said, and not a no."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=YES_OR_NO, coerce=lambda value: value == "yes", empty_value=None, required=False, **kwargs
        )


class StepForm(PitchForm):
    """One step's values. They are saved, compared and refused as those of the light pitch are."""

    is_in_scope = YesNoField(label=_("Is it in the scope of the product?"))
    is_reusable = YesNoField(label=_("Can it be used again elsewhere?"))
    fits_roadmap = YesNoField(label=_("Does it lie on the way of the roadmap?"))
    screening_note = forms.CharField(label=_("If not: why all the same"), max_length=300, required=False)
    process = forms.ModelChoiceField(
        BusinessProcess.objects.none(),
        label=_("Business process"),
        required=False,
        empty_label=_("Choose a process of the product"),
    )
    sponsor = PersonField(label=_("Sponsor"), required=False, empty_label=_("Choose a colleague"))

    ASKED = (*PitchForm.ASKED, *SCREENING)

    def __init__(self, data: Any = None, *, project: Project, step: PitchStep) -> None:
        super().__init__(data, project=project)
        self.initial.update({name: SAID[getattr(project, name)] for name in SCREENING})
        for name in set(self.fields) - {"version", *FIELDS[step]}:
            del self.fields[name]
        self.order_fields(["version", *FIELDS[step]])
        if "process" in self.fields:
            known = BusinessProcess.objects.filter(product=project.product_id)
            self.fields["process"].queryset = known
        if "sponsor" in self.fields:
            self.fields["sponsor"].offer(also=project.sponsor_id, but=project.owner_id)

    def saved_values(self, obj: Model) -> Mapping[str, Any]:
        saved = dict(super().saved_values(obj))
        return saved | {name: SAID[saved[name]] for name in SCREENING if name in saved}


class OptionForm(VersionedForm):
    """How an option is done, what it gives up, when to decide again."""

    summary = LinesField(label=_("How it is done"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}))
    gives_up = forms.CharField(label=_("What it gives up"), max_length=500, required=False)
    stays_switchable = forms.CharField(label=_("What can still be switched on"), max_length=300, required=False)
    decide_again_on = DayFormField(label=_("Decide again on"), required=False)
    wide = ("gives_up", "stays_switchable")
    ASKED = ("summary", "gives_up", "decide_again_on")
    #: What is asked of an option that is no compromise.
    PLAIN = ("summary",)

    def __init__(self, data: Any = None, *, option: Option) -> None:
        values = {name: getattr(option, name) for name in self.base_fields if name != "version"}
        super().__init__(data, prefix=option.kind, initial=values | {"version": option.project.version})
        self.option = option
        if not option.is_compromise:
            for name in set(self.fields) - {"version", *self.PLAIN}:
                del self.fields[name]
        if option.is_nothing:
            self.fields["summary"].label = _("What happens then")

    def saved_values(self, obj: Model) -> Mapping[str, Any]:  # noqa: ARG002 -- the project is stale, the option is shown
        fresh = Option.objects.get(pk=self.option.pk)
        return {name: getattr(fresh, name) for name in self.fields if name != "version"}


class LineForm(VersionedForm):
    """A line of an option; `line` is None while it is new."""

    line: BenefitLine | CostLine | None
    option: Option

    def saved_values(self, obj: Model) -> Mapping[str, Any]:  # noqa: ARG002 -- the project is stale, the line is shown
        if self.line is None:
            return {}
        fresh = type(self.line)._default_manager.get(pk=self.line.pk)
        values = fields_of(fresh)
        return {name: values[name] for name in self.fields if name != "version"}


class BenefitLineForm(LineForm):
    """unit benefit × reach × probability, under a name."""

    label = forms.CharField(
        label=_("What it brings"),
        max_length=120,
        help_text=_("In a few words, such as “Fewer bags bought”."),
        **wanted(_("Write what it brings, such as “Fewer bags bought”.")),
    )
    unit_benefit_amount = MoneyFormField(label=_("Saved each time"), may_be_unknown=True)
    reach = QuantityWithUnitFormField(label=_("Times a month"), may_be_unknown=True)
    probability = PercentFormField(label=_("Probability"), may_be_unknown=True)
    basis = PitchForm.base_fields["basis"]
    evidence = forms.CharField(label=_("Evidence"), max_length=300, required=False)
    unit_benefit_amount_low = MoneyFormField(label=_("Saved each time, realistic low"), required=False, help_text=LOWER)
    unit_benefit_amount_high = MoneyFormField(
        label=_("Saved each time, realistic high"), required=False, help_text=HIGHER
    )
    reach_low = NumberFormField(label=_("Times a month, realistic low"), required=False, help_text=LOWER)
    reach_high = NumberFormField(label=_("Times a month, realistic high"), required=False, help_text=HIGHER)
    probability_low = PercentFormField(label=_("Probability, realistic low"), required=False, help_text=LOWER)
    probability_high = PercentFormField(label=_("Probability, realistic high"), required=False, help_text=HIGHER)
    wide = ("label", "evidence")
    units = {
        "unit_benefit_amount": CURRENCY_SIGN,
        "unit_benefit_amount_low": CURRENCY_SIGN,
        "unit_benefit_amount_high": CURRENCY_SIGN,
    }

    def __init__(self, data: Any = None, *, option: Option, line: BenefitLine | None, label: str = "") -> None:
        self.line, self.option = line, option
        values = {"basis": "judgement", "label": label} if line is None else written(line)
        super().__init__(data, initial=values | {"version": option.project.version})

    def values(self) -> dict[str, Any]:
        """As the line keeps them."""
        found = {name: value for name, value in self.cleaned_data.items() if name not in {"version", "reach"}}
        reach = self.cleaned_data["reach"]
        return found | ({"reach": None} if reach is None else {"reach": reach.amount, "reach_unit": reach.unit})


class CostLineForm(LineForm):
    """People by skill and days, material, or a permit with the time it takes."""

    label = forms.CharField(
        label=_("What for"), max_length=120, **wanted(_("Write what it is for, such as “Scanners”."))
    )
    skill = forms.ChoiceField(label=_("Skill"), required=False)
    person_days = PersonDaysFormField(label=_("Effort"), **wanted(_("Write the effort, such as 14 person-days.")))
    amount = MoneyFormField(label=_("Amount"), **wanted(_("Write what it costs, such as 12,000.")))
    lead_days = forms.IntegerField(
        label=_("Working days until it is given"), min_value=0, max_value=500, required=False
    )
    is_monthly = forms.BooleanField(label=_("Again in every month"), required=False)
    wide = ("label",)
    units = {"amount": CURRENCY_SIGN}
    BOXES: Mapping[CostKind, tuple[str, ...]] = {
        CostKind.PEOPLE: ("label", "skill", "person_days", "is_monthly"),
        CostKind.MATERIAL: ("label", "amount", "is_monthly"),
        CostKind.PERMIT: ("label", "amount", "lead_days"),
    }

    def __init__(
        self, data: Any = None, *, option: Option, line: CostLine | None, kind: CostKind, label: str = ""
    ) -> None:
        self.line, self.option, self.kind = line, option, kind
        values = {"label": label} if line is None else written(line)
        super().__init__(data, initial=values | {"version": option.project.version})
        for name in set(self.fields) - {"version", *self.BOXES[kind]}:
            del self.fields[name]
        if "skill" in self.fields:
            self.fields["skill"].choices = skills(line)
            self.fields["label"].required = False

    def values(self) -> dict[str, Any]:
        """As the line keeps them."""
        found = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return found if self.line is not None else found | {"kind": self.kind}


def skills(line: CostLine | None) -> list[tuple[str, Any]]:
    """Every skill of the rate card, and the one the line has already."""
    known = set(RateCard.objects.values_list("skill", flat=True)) | ({line.skill} if line else set())
    return [("", _("any, at the usual rate")), *((skill, skill) for skill in sorted(known - {""}))]


def fields_of(line: BenefitLine | CostLine) -> dict[str, Any]:
    """The values of a line as a form compares them."""
    if isinstance(line, CostLine):
        return {name: getattr(line, name) for name in CostLineForm.base_fields if name != "version"}
    reach = None if line.reach is None else Quantity(line.reach, line.reach_unit)
    return {name: getattr(line, name) for name in BenefitLineForm.base_fields if name != "version"} | {"reach": reach}


def written(line: BenefitLine | CostLine) -> dict[str, Any]:
    """The values of a line as its boxes show them."""
    language = get_language() or settings.LANGUAGE_CODE
    values = fields_of(line)
    if isinstance(line, CostLine):
        days = line.person_days
        return values | {
            "person_days": "" if days is None else formats.days(days, language),
            "amount": formats.number(line.amount),
        }
    shares = ("probability", "probability_low", "probability_high")
    numbers = ("unit_benefit_amount", "unit_benefit_amount_low", "unit_benefit_amount_high", "reach_low", "reach_high")
    return values | {
        **{name: "" if values[name] is None else formats.percent(values[name], language) for name in shares},
        **{name: "" if values[name] is None else formats.number(values[name]) for name in numbers},
        "reach": "" if values["reach"] is None else formats.quantity(values["reach"], language),
    }


class RateForm(PortalForm):
    """A rate of a skill from a day on."""

    skill = forms.CharField(label=_("Skill"), max_length=40, **wanted(_("Name the skill, such as “Frontend”.")))
    valid_from = DayFormField(label=pgettext_lazy("day", "From"), **wanted(_("Name the day from which it counts.")))
    day_amount = MoneyFormField(label=_("A person-day costs"), **wanted(_("Write the rate, such as 1,600.")))
    units = {"day_amount": CURRENCY_SIGN}
