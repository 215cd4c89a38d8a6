"""Departments, sites and their days off, as an administrator writes them down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.forms.fields import PersonField, zones
from portal.accounts.models import Department
from portal.accounts.names import check_name
from portal.common.fields import DayFormField
from portal.common.forms import PortalForm

NOBODY_YET = _("Nobody yet")


class DepartmentForm(PortalForm):
    """A new department."""

    name = forms.CharField(label=pgettext_lazy("department", "Name"), max_length=80, validators=[check_name])
    parent = forms.ModelChoiceField(
        Department.objects.all(), label=_("Part of"), required=False, empty_label=_("Stands at the top")
    )
    head = PersonField(label=pgettext_lazy("department", "Head"), required=False, empty_label=NOBODY_YET)


class HeadForm(PortalForm):
    """Who heads a department."""

    head = PersonField(
        label=pgettext_lazy("department", "Head"),
        required=False,
        empty_label=NOBODY_YET,
        help_text=_("The lines of management below end with this person."),
    )

    def __init__(self, data: Any = None, *, department: Department) -> None:
        super().__init__(data, initial={"head": department.head_id})
        field = self.fields["head"]
        if isinstance(field, PersonField):
            field.offer(also=department.head_id)


class SiteForm(PortalForm):
    """A new place of work."""

    name = forms.CharField(label=pgettext_lazy("site", "Name"), max_length=80, validators=[check_name])
    country = forms.CharField(
        label=_("Country"), min_length=2, max_length=2, help_text=_("Two letters, such as CN or DE.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zones(("", _("Choose a time zone")))


class HolidayForm(PortalForm):
    """A day off, or one that is worked for another."""

    day = DayFormField(label=pgettext_lazy("holiday", "Day"))
    is_working = forms.TypedChoiceField(
        label=_("What it is"),
        coerce=lambda sent: sent == "yes",
        choices=[("no", _("A day off")), ("yes", _("Worked, to make up for another day"))],
    )
    name = forms.CharField(
        label=_("What for"),
        max_length=80,
        required=False,
        validators=[check_name],
        help_text=_("Such as Spring Festival."),
    )
