"""Moving a project on, by its owner or by an approver's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.fields import (
    DayFormField,
    FigureFormField,
    MoneyFormField,
    NumberFormField,
    PercentFormField,
    PersonDaysFormField,
)
from portal.common.forms import PortalForm, VersionedForm
from projects.actions.assumptions import OWN, Answer
from projects.assumptions import Assumed
from projects.enums import AssumptionVerdict, StepState
from projects.forms.fields import CURRENCY_SIGN, LinesField, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from projects.assumptions import Assumption

#: The choice between accepted and doubted is a field of this name, followed by the key of the assumption.
VERDICT = "verdict-"


class MoveForm(PortalForm):
    """Why a project is moved, and which version of it was seen."""

    note = LinesField(label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = asks_reason
        self.fields["note"].error_messages["required"] = _("Write why, in one sentence.")


class TakeStepForm(PortalForm):
    """Why somebody decides in the place of the approver."""

    why = forms.CharField(label=_("Why you take it over"), max_length=1000, required=False)


def own_field(one: Assumption) -> forms.Field:
    """The box for an approver's own figure; empty means that the pitch's stands."""
    kinds: Mapping[Assumed, type[FigureFormField[Decimal]]] = {
        Assumed.UNIT_BENEFIT: MoneyFormField,
        Assumed.REACH: NumberFormField,
        Assumed.PROBABILITY: PercentFormField,
        Assumed.PERSON_DAYS: PersonDaysFormField,
    }
    return kinds[one.assumed](label=_("Your figure"), required=False)  # type: ignore[call-arg] # each has its own limit


class RenewForm(VersionedForm):
    """Why the changed project should be approved anew."""

    reason = LinesField(
        label=_("Why it changed, and why it is still right"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        **wanted(_("Write why, in one sentence: the approvers read it.")),
    )


class DecideForm(PortalForm):
    """An approver's answer; which one is said by the button that is pressed. Beside it what he thinks of each
    assumption of the pitch, in fields named by its key.
    """

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
    conditions = LinesField(
        label=_("Conditions, one a line"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    conditions_by = DayFormField(label=_("To be met by"), required=False)
    #: Of the answer that is replaced by this one; empty for the first.
    version = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    units = {"granted_amount": CURRENCY_SIGN}

    def __init__(self, *args: Any, assumptions: Sequence[Assumption] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assumptions = assumptions
        for one in assumptions:
            self.fields[VERDICT + one.key] = forms.ChoiceField(
                label=_("Your view"), choices=AssumptionVerdict, required=False, widget=forms.RadioSelect
            )
            self.fields[OWN + one.key] = own_field(one)
        # What is granted and doubted stands beside what is asked, above the bar that holds the form.
        for name in self.fields.keys() - {"decision", "reason", "return_on", "version"}:
            self.fields[name].widget.attrs["form"] = "verdict"
        self.fields["reason"].widget.attrs["placeholder"] = _("Reason; the owner reads it")

    def details(self) -> dict[str, Any]:
        """What goes with the answer, as the action takes it."""
        named = {VERDICT + one.key for one in self.assumptions} | {OWN + one.key for one in self.assumptions}
        given = {
            name: value for name, value in self.cleaned_data.items() if name not in {"decision", "version", *named}
        }
        return given | {"answers": self.answers()}

    def answers(self) -> list[Answer]:
        """What he thinks of each assumption he said something about."""
        said = (
            (one, self.cleaned_data[VERDICT + one.key], self.cleaned_data[OWN + one.key]) for one in self.assumptions
        )
        return [
            Answer(one.key, is_doubted=verdict == AssumptionVerdict.DOUBTED, figure=figure)
            for one, verdict, figure in said
            if verdict or figure is not None
        ]

    def only_figures(self) -> bool:
        """Forget what is wrong with the rest, which is not sent yet; whether his figures can be reckoned with."""
        for name in self.errors.keys() - {OWN + one.key for one in self.assumptions}:
            del self.errors[name]
        return not self.errors

    def figures(self) -> dict[str, Decimal]:
        """His own figures, as far as they are understood."""
        found = getattr(self, "cleaned_data", {})
        return {one.key: figure for one in self.assumptions if (figure := found.get(OWN + one.key)) is not None}
