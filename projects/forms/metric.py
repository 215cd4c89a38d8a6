"""The metric of a project: pledged, then measured."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from metrics.enums import Direction
from metrics.models import Metric
from metrics.models.metric import PER_CENT
from portal.accounts.names import check_seen
from portal.common.fields import DayFormField, NumberFormField
from portal.common.forms import PortalForm
from projects.forms.fields import wanted

if TYPE_CHECKING:
    from portal.accounts.models import User

#: What a numerator or denominator may be: what its column holds.
MAX_COUNT = Decimal("999999999999.99")
MAX_TARGET = Decimal(10_000_000)


class TargetFormField(NumberFormField):
    """A number in the unit of the metric; a per-cent sign may stand behind it where that is the unit."""

    def read(self, text: str) -> Decimal:
        return super().read(text.strip().rstrip("%％"))


class PledgeForm(PortalForm):
    """The metric with baseline and target: one that exists, or one defined here."""

    metric = forms.ModelChoiceField(
        Metric.objects.none(),
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

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["metric"].queryset = Metric.objects.visible_to(reader)
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
