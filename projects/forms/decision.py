"""Moving a project on, by its owner or by an approver's answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.fields import DayFormField, MoneyFormField, PersonDaysFormField
from portal.common.forms import PortalForm, VersionedForm
from projects.enums import StepState
from projects.forms.fields import CURRENCY_SIGN, LinesField, wanted


class MoveForm(PortalForm):
    """Why a project is moved, and which version of it was seen."""

    note = LinesField(label=_("Reason"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = asks_reason
        self.fields["note"].error_messages["required"] = _("Write why, in one sentence.")


class RenewForm(VersionedForm):
    """Why the changed project should be approved anew."""

    reason = LinesField(
        label=_("Why it changed, and why it is still right"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        **wanted(_("Write why, in one sentence: the approvers read it.")),
    )


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
    conditions = LinesField(
        label=_("Conditions, one a line"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    conditions_by = DayFormField(label=_("To be met by"), required=False)
    units = {"granted_amount": CURRENCY_SIGN}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What is granted stands beside what is asked, above the bar that holds the form.
        for name in ("granted_days", "granted_amount", "conditions", "conditions_by"):
            self.fields[name].widget.attrs["form"] = "verdict"
        self.fields["reason"].widget.attrs["placeholder"] = _("Reason; the owner reads it")
