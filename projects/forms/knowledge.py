"""The forms of what is known of a product: modules, business processes, feedback."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common.fields import DayFormField, NumberFormField
from portal.common.forms import PortalForm, VersionedForm
from projects.forms.fields import LinesField, wanted
from projects.models import BusinessProcess

if TYPE_CHECKING:
    from projects.models import Product

MAX_VOLUME = Decimal(999_999_999_999)


class ModuleForm(PortalForm):
    """A part of the system and the document that describes it."""

    name = forms.CharField(label=_("Name"), max_length=80, **wanted(_("Write the name people call it by.")))
    summary = forms.CharField(label=_("What it does"), max_length=300, required=False)
    document_url = forms.URLField(
        label=_("Document"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("The address of the description, wherever it is kept."),
    )
    switches = forms.CharField(
        label=_("Switches"),
        max_length=300,
        required=False,
        help_text=_("What can be turned on and off without new code, such as: by city, by warehouse."),
    )
    wide = ("name", "summary", "document_url")


class ProcessForm(PortalForm):
    """What the business does, step by step."""

    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("What is done, such as: hand back the empty bags."),
        **wanted(_("Write what is done.")),
    )
    steps = LinesField(
        label=_("Steps"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line, in their order."),
    )
    roles = forms.CharField(label=_("Roles"), max_length=300, required=False, help_text=_("Who does it."))
    monthly_volume = NumberFormField(
        label=_("Times a month"),
        maximum=MAX_VOLUME,
        places=0,
        required=False,
        help_text=_("How often it happens, such as 12万. Leave it empty while nobody counted."),
    )
    exceptions = LinesField(
        label=_("Exceptions"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("When it goes another way, and what is done then."),
    )
    wide = ("name",)


class ModuleEditForm(ModuleForm, VersionedForm):
    """The same over a module that others may edit too."""


class ProcessEditForm(ProcessForm, VersionedForm):
    """The same over a process that others may edit too."""


class FeedbackForm(PortalForm):
    """A sentence of a user, where it happened and where it was heard."""

    text = forms.CharField(
        label=_("What was said"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In the user's own words."),
        **wanted(_("Write what was said.")),
    )
    process = forms.ModelChoiceField(
        BusinessProcess.objects.none(), label=_("Process"), required=False, empty_label=_("None in particular")
    )
    step = forms.CharField(label=_("At which step"), max_length=120, required=False)
    source = forms.CharField(
        label=_("Where it was heard"),
        max_length=120,
        help_text=_("A group, a visit, a ticket. No names of persons."),
        **wanted(_("Write where it was heard.")),
    )
    heard_on = DayFormField(label=_("When"), **wanted(_("Name the day it was heard.")))

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["process"]
        field.queryset = BusinessProcess.objects.filter(product=product)
