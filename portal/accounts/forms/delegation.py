"""Who stands in, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.forms.fields import PersonField
from portal.accounts.names import check_seen
from portal.common.fields import DayFormField
from portal.common.forms import PortalForm

if TYPE_CHECKING:
    from datetime import date

    from portal.accounts.models import User


class DelegationForm(PortalForm):
    """A stand-in from one day to another."""

    delegate = PersonField(label=_("Stand-in"), empty_label=_("Choose a colleague"))
    starts_on = DayFormField(label=pgettext_lazy("day", "From"))
    ends_on = DayFormField(label=_("Until, included"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, validators=[check_seen], help_text=_("Everybody reads it.")
    )
    wide = ("delegate", "reason")

    def __init__(self, data: Any = None, *, person: User, today: date) -> None:
        super().__init__(data, initial={"starts_on": today})
        field = self.fields["delegate"]
        if isinstance(field, PersonField):
            field.offer(but=person.pk)
