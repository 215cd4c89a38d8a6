"""The forms of products and goals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric
from metrics.models.metric import PER_CENT
from portal.common.forms import PortalForm, VersionedForm
from projects.forms import LinesField, PersonField
from projects.forms.fields import wanted
from projects.forms.metric import MAX_TARGET, TargetFormField
from projects.models import Goal
from projects.quarters import later, quarter_of

if TYPE_CHECKING:
    from datetime import date

#: How far back and ahead a goal may be set by the form.
BEFORE, AHEAD = 1, 4


class ProductForm(PortalForm):
    """What a product page says. Only the name and the owner must be there."""

    name = forms.CharField(label=_("Name"), max_length=80, **wanted(_("Write the name people call it by.")))
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        required=False,
        help_text=_("What it is for, in one sentence, such as: knows where every van and container is."),
    )
    users = forms.CharField(
        label=_("Users"),
        max_length=300,
        required=False,
        help_text=_("Who works with it, such as 1,200 couriers and 40 dispatchers."),
    )
    whom_to_ask = forms.CharField(
        label=_("Whom to ask"),
        max_length=300,
        required=False,
        help_text=_("A name, a group, a mailbox: where a question is answered."),
    )
    direction = LinesField(
        label=_("Direction"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Where it is going in the next quarters, and what it will not do."),
    )
    owner = PersonField(label=_("Owner"), empty_label=_("Choose a person"), **wanted(_("Name who answers for it.")))
    goal = forms.ModelChoiceField(
        Goal.objects.all(),
        label=_("Goal"),
        required=False,
        empty_label=_("None yet"),
        help_text=_("Pitches of this product serve it unless they say otherwise."),
    )
    wide = ("name", "purpose")

    def __init__(self, *args: Any, owner: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(also=owner)


class ProductEditForm(ProductForm, VersionedForm):
    """The same over a product that others may edit too."""


class GoalForm(PortalForm):
    """An objective, its quarter, its owner."""

    objective = forms.CharField(
        label=_("Objective"),
        max_length=160,
        help_text=_("What will be better, such as: halve the cost of lost bags."),
        **wanted(_("Write what will be better.")),
    )
    quarter = forms.ChoiceField(label=_("Quarter"))
    owner = PersonField(label=_("Owner"), empty_label=_("Choose a person"), **wanted(_("Name who answers for it.")))
    wide = ("objective",)

    def __init__(self, *args: Any, today: date, also: str = "", owner: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = quarter_of(today)
        offered = {later(now, count) for count in range(-BEFORE, AHEAD + 1)} | ({also} if also else set())
        self.fields["quarter"].choices = [(one, one) for one in sorted(offered)]
        self.fields["owner"].offer(also=owner)


class GoalEditForm(GoalForm, VersionedForm):
    """The same over a goal that others may edit too."""


class KeyResultForm(PortalForm):
    """A metric, and where it should be at the end of the quarter."""

    metric = forms.ModelChoiceField(
        Metric.objects.open(), label=_("Metric"), empty_label=_("Choose a metric"), **wanted(_("Choose a metric."))
    )
    target = TargetFormField(
        label=_("Target"),
        maximum=MAX_TARGET,
        places=4,
        help_text=_("In the unit the metric is shown in, such as 5 for 5%, or for 5 in 1,000."),
        **wanted(_("Write where it should be, such as 5.")),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        metric = cleaned.get("metric")
        is_per_cent = str(self["target"].value() or "").strip().endswith(("%", "％"))
        if metric and metric.scale != PER_CENT and is_per_cent:
            self.add_error("target", _("This metric is not shown in per cent: write the number without %."))
        return cleaned
