"""A new token: for what, how much, how long."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.enums import Scope
from portal.accounts.names import check_seen
from portal.common.forms import PortalForm

DAYS: Final = {30: _("30 days"), 90: _("90 days"), 365: _("a year")}


class TokenForm(PortalForm):
    """What it is called, what it may, and until when."""

    name = forms.CharField(
        label=pgettext_lazy("token", "Name"),
        max_length=60,
        validators=[check_seen],
        help_text=_("What it is for, so that you know later whether it is still needed."),
    )
    scope = forms.ChoiceField(label=_("It may"), choices=Scope.choices, initial=Scope.READ)
    days = forms.TypedChoiceField(label=_("It lasts"), choices=[*DAYS.items()], coerce=int, initial=90)
    wide = ("name",)
