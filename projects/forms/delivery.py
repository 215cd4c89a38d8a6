"""What is written while a project is delivered: figures used, dates moved, scope left out, follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import PersonField
from portal.common.fields import DayFormField, MoneyFormField, PercentFormField, PersonDaysFormField
from portal.common.forms import PortalForm, VersionedForm
from projects.enums import FollowUpState
from projects.forms.fields import CURRENCY_SIGN, LinesField, wanted
from projects.models import BenefitLine, CostLine, Project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model


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

    def __init__(self, data: Any = None, *, project: Project, title: str = "") -> None:
        lines = BenefitLine.objects.in_force(project)
        first = lines.first()
        super().__init__(
            data,
            initial={"title": title, "owner": project.owner_id, "benefit_line": first.pk if first else None},
        )
        field = self.fields["benefit_line"]
        field.queryset = lines
        if lines.count() == 1:
            field.widget = forms.HiddenInput()


class LeftOutForm(PortalForm):
    """What becomes of something left out."""

    what = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[
            ("keep", _("still wanted, by another day")),
            ("drop", _("dropped: its share of the benefit stays away")),
        ],
        widget=forms.RadioSelect,
        **wanted(_("Choose what becomes of it.")),
    )
    due_on = DayFormField(label=_("New day"), required=False)
    why = forms.CharField(label=_("Why"), max_length=300, **wanted(_("Write why, in one sentence.")))
    wide = ("what", "why")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("what") == "keep" and not values.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Name the day by which it comes."))
        return values


class CarryOverForm(PortalForm):
    """The later day of a follow-up."""

    due_on = DayFormField(label=_("Now by"), **wanted(_("Write a date, such as 18 Dec 2026.")))


class FollowUpForm(PortalForm):
    """How a follow-up goes on."""

    state = forms.ChoiceField(label=_("Now it is"), **wanted(_("Choose how it stands.")))
    note = LinesField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any = None, *, states: list[FollowUpState], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        # What is offered is what can follow; what is sent is judged by the action, which knows the state of then.
        offered = list(FollowUpState) if self.is_bound else states
        self.fields["state"].choices = [(state.value, state.label) for state in offered]
