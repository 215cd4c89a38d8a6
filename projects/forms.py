"""The forms of a project. They read what people type; the actions decide and write."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from metrics.enums import Direction
from metrics.models import Metric
from metrics.models.metric import PER_CENT
from portal.accounts.models import User
from portal.accounts.names import check_seen
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
from portal.common.templatetags.ui import comma
from projects.actions.pitch import snapshot
from projects.enums import Basis, FollowUpState, StepState
from projects.models import BenefitLine, CostLine, Goal, Product, Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from portal.common.components import Mark

#: The sign in front of an amount; the same in every language, because it stands before the box.
CURRENCY_SIGN = formats.money(Decimal(0), "en", settings.CURRENCY).removesuffix("0").strip()
#: What a numerator or denominator may be: what its column holds.
MAX_COUNT = Decimal("999999999999.99")
MAX_TARGET = Decimal(10_000_000)


def wanted(words: StrOrPromise) -> dict[str, Any]:
    """What an empty box asks for, in words of its own."""
    return {"error_messages": {"required": words}}


class LinesField(forms.CharField):
    """A text of several lines. Browsers send CRLF; kept and compared with plain line ends."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class PersonField(forms.ModelChoiceField["User"]):
    """A colleague who works here, shown with the department."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), **kwargs)
        self.offer()

    def offer(self, *, also: int | None = None, but: int | None = None) -> None:
        """Everybody active, and `also` who stands there already, though he may have left; never `but`."""
        people = User.objects.filter(Q(is_active=True) | Q(pk__in=[also])).exclude(pk__in=[but])
        self.queryset = people.select_related("department").order_by("name", "pk")

    def label_from_instance(self, obj: User) -> str:
        return f"{obj}{comma()}{obj.department}" if obj.department else str(obj)


class NewProjectForm(PortalForm):
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        validators=[check_seen],
        help_text=_("A few words that a colleague would use, such as “Show empty-bag count at hand-over”."),
        error_messages={"required": _("Write what it is about, in a few words.")},
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
    ASKED = (
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


class MoveForm(PortalForm):
    """Why a project is moved, and which version of it was seen."""

    note = LinesField(label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = asks_reason
        self.fields["note"].error_messages["required"] = _("Write why, in one sentence.")


class DecideForm(PortalForm):
    """An approver's answer; which one is said by the button that is pressed."""

    decision = forms.ChoiceField(
        choices=[
            (StepState.APPROVED, _("Approve")),
            (StepState.ASKED_BACK, _("Ask back")),
            (StepState.DEFERRED, pgettext_lazy("answer", "Defer")),
            (StepState.DECLINED, _("Decline")),
        ],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose one of the answers.")},
    )
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)
    granted_days = PersonDaysFormField(label=_("Person-days granted"), required=False)
    granted_amount = MoneyFormField(label=_("Money granted"), required=False)
    return_on = DayFormField(label=_("Look at it again on"), required=False)
    units = {"granted_amount": CURRENCY_SIGN}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is granted stands beside what is asked, above the bar that holds the form.
        for name in ("granted_days", "granted_amount"):
            self.fields[name].widget.attrs["form"] = "verdict"
        self.fields["reason"].widget.attrs["placeholder"] = _("Reason; the owner reads it")


class TargetFormField(NumberFormField):
    """A number in the unit of the metric; a per-cent sign may stand behind it where that is the unit."""

    def read(self, text: str) -> Decimal:
        return super().read(text.strip().rstrip("%％"))


class PledgeForm(PortalForm):
    """The metric with baseline and target: one that exists, or one defined here."""

    metric = forms.ModelChoiceField(
        Metric.objects.all(),
        label=_("Metric"),
        required=False,
        empty_label=_("A new one, defined below"),
        help_text=_("The number by which the project will be judged."),
    )
    name = forms.CharField(label=_("Name of the new metric"), max_length=120, required=False, validators=[check_seen])
    numerator_label = forms.CharField(label=_("Numerator: what is counted"), max_length=120, required=False)
    denominator_label = forms.CharField(label=_("Denominator: out of what"), max_length=120, required=False)
    scale = forms.TypedChoiceField(
        label=_("Shown"),
        coerce=int,
        choices=[
            (PER_CENT, _("in per cent")),
            (1000, _("in 1,000")),
            (10_000, _("in 10,000")),
            (1, _("as a plain ratio")),
        ],
        required=False,
    )
    direction = forms.ChoiceField(
        label=_("Which way is better"), choices=Direction.choices, initial=Direction.DOWN, required=False
    )
    source = forms.CharField(label=_("Where the data come from"), max_length=200, required=False)
    baseline_numerator = NumberFormField(
        label=_("Baseline: numerator"),
        maximum=MAX_COUNT,
        help_text=_("As counted before anything changes."),
        **wanted(_("Write what was counted, such as 84.")),
    )
    baseline_denominator = NumberFormField(
        label=_("Baseline: denominator"), maximum=MAX_COUNT, **wanted(_("Write out of how many, such as 10,000."))
    )
    target = TargetFormField(
        label=_("Target"),
        maximum=MAX_TARGET,
        places=4,
        help_text=_("In the unit the metric is shown in, such as 5 for 5%, or for 5 in 1,000."),
        **wanted(_("Write where it should be, such as 5.")),
    )
    #: What a new metric needs; nothing of it where one is chosen.
    NEW = ("name", "numerator_label", "denominator_label")
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = not self["metric"].value()
        for name in self.NEW:
            self.fields[name].required = is_new
            self.fields[name].error_messages["required"] = _("Write it, or choose a metric above.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        metric = cleaned.get("metric")
        scale = metric.scale if metric else cleaned.get("scale") or PER_CENT
        if scale != PER_CENT and str(self["target"].value() or "").strip().endswith(("%", "％")):
            self.add_error("target", _("This metric is not shown in per cent: write the number without %."))
        return cleaned

    def clean_baseline_denominator(self) -> Decimal:
        count: Decimal = self.cleaned_data["baseline_denominator"]
        if not count:
            raise forms.ValidationError(_("The denominator must be more than 0."))
        return count

    def definition(self) -> dict[str, Any]:
        """What `define_metric` takes."""
        names = ("name", "numerator_label", "denominator_label", "source")
        return {name: self.cleaned_data[name] for name in names} | {
            "scale": self.cleaned_data["scale"] or PER_CENT,
            "direction": Direction(self.cleaned_data["direction"] or Direction.DOWN),
        }


class MeasureForm(PortalForm):
    """One pair of figures for a day."""

    period_on = DayFormField(label=_("Counted up to"), **wanted(_("Name the day it was counted.")))
    numerator = NumberFormField(maximum=MAX_COUNT, **wanted(_("Write what was counted, such as 84.")))
    denominator = NumberFormField(maximum=MAX_COUNT, **wanted(_("Write out of how many, such as 10,000.")))

    def __init__(self, *args: Any, metric: Metric, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["numerator"].label = capfirst(metric.numerator_label)
        self.fields["denominator"].label = capfirst(metric.denominator_label)


class ActualForm(PortalForm):
    """What was used on one cost line up to a day: days of people, or money."""

    as_of = DayFormField(label=_("As of"), **wanted(_("Name the day the figure is of.")))

    def __init__(self, data: Any = None, *, line: CostLine, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, prefix=f"line{line.pk}")
        if line.person_days is not None:
            self.fields["person_days"] = PersonDaysFormField(
                label=_("Used so far"), **wanted(_("Write the person-days used so far, such as 6 person-days."))
            )
        else:
            self.fields["amount"] = MoneyFormField(
                label=_("Spent so far"), **wanted(_("Write the money spent so far, such as 12,000."))
            )
            self.units = {"amount": CURRENCY_SIGN}


class ChangeForm(VersionedForm):
    """A new date for the launch, with its reason."""

    launch_on = DayFormField(label=_("New launch date"), **wanted(_("Name the new day.")))
    reason = LinesField(
        label=_("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        **wanted(_("Write why, in one sentence.")),
    )

    def saved_values(self, obj: Model) -> Mapping[str, Any]:
        return {"launch_on": getattr(obj, "planned_launch_on", None)}


class DeferForm(PortalForm):
    """Scope that is left out: a debt with an owner, a date, and the benefit it takes away."""

    title = forms.CharField(label=_("What is left out"), max_length=160, **wanted(_("Write what is left out.")))
    owner = PersonField(label=_("Who brings it"), **wanted(_("Name who brings it.")))
    due_on = DayFormField(label=_("By"), **wanted(_("Name the day by which it comes.")))
    benefit_line = forms.ModelChoiceField(BenefitLine.objects.none(), label=_("From which benefit"), empty_label=None)
    share = PercentFormField(
        label=_("Takes away"),
        help_text=_("The share of the benefit that is missing until then, such as 12%."),
        **wanted(_("Write the share that is missing, such as 12%.")),
    )
    wide = ("title",)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        lines = BenefitLine.objects.filter(project=project)
        first = lines.first()
        super().__init__(data, initial={"owner": project.owner_id, "benefit_line": first.pk if first else None})
        field = self.fields["benefit_line"]
        field.queryset = lines  # type: ignore[attr-defined]
        if lines.count() == 1:
            field.widget = forms.HiddenInput()


class FollowUpForm(PortalForm):
    """How a follow-up goes on."""

    state = forms.ChoiceField(label=_("Now it is"), **wanted(_("Choose how it stands.")))
    note = LinesField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, states: list[FollowUpState], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        # What is offered is what can follow; what is sent is judged by the action, which knows the state of then.
        offered = list(FollowUpState) if self.is_bound else states
        self.fields["state"].choices = [(state.value, state.label) for state in offered]  # type: ignore[attr-defined]
