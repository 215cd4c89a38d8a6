"""The name of one's own view of a list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.names import check_seen
from portal.common.forms import PortalForm


class SavedViewForm(PortalForm):
    """What it is called, and whether the list opens with it."""

    name = forms.CharField(label=pgettext_lazy("view", "Name"), max_length=40, validators=[check_seen])
    is_default = forms.BooleanField(label=_("Open the list with it"), required=False)
