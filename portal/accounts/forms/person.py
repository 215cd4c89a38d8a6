"""A colleague as an administrator writes him down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.enums import Language, Role
from portal.accounts.forms.fields import PersonField, zones
from portal.accounts.models import Department, Site
from portal.accounts.names import check_identifier, check_name
from portal.common.forms import PortalForm

if TYPE_CHECKING:
    from portal.accounts.models import User

PLACE: Final = ("name", "email", "staff_number", "department", "skill", "manager", "dotted_manager", "site")
PREFERENCES: Final = ("nickname", "language", "time_zone")
NOBODY: Final = _("Nobody")


class PersonForm(PortalForm):
    """Who a person is, where in the company, and what he may do.

    It carries what was seen along, so that two administrators who change different fields do not undo each other.
    """

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"),
        max_length=80,
        validators=[check_name],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    nickname = forms.CharField(label=_("Nickname"), max_length=40, required=False, validators=[check_name])
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        validators=[check_identifier],
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    staff_number = forms.CharField(
        label=_("Staff number"), max_length=32, required=False, validators=[check_identifier], empty_value=None
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), required=False, empty_label=_("None")
    )
    skill = forms.CharField(
        label=_("Skill"),
        max_length=40,
        required=False,
        help_text=_("The trade, such as back end or test. Reviews invite by it."),
    )
    manager = PersonField(
        label=_("Manager"),
        required=False,
        empty_label=NOBODY,
        help_text=_("Approves what this person pitches, and hears what stays undone."),
    )
    dotted_manager = PersonField(label=_("Dotted-line manager"), required=False, empty_label=NOBODY)
    site = forms.ModelChoiceField(
        Site.objects.all(),
        label=_("Site"),
        required=False,
        empty_label=_("None"),
        help_text=_("Its days off decide when something is due."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=Language)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)
    roles = forms.TypedMultipleChoiceField(
        label=_("Roles"),
        coerce=Role,
        choices=Role,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Product managers and leads pitch, engineers assess, administrators keep people and policy."),
    )
    wide = ("roles",)

    def __init__(
        self, data: Any = None, *, person: User | None = None, language: str = Language.EN, may_set_roles: bool = True
    ) -> None:
        initial = {"language": language} if person is None else seen(person)
        super().__init__(data, initial=initial)
        self.fields["time_zone"].choices = zones(("", _("As the site")))
        if person is not None:
            for name in ("manager", "dotted_manager"):
                field = self.fields[name]
                if isinstance(field, PersonField):
                    field.offer(also=getattr(person, f"{name}_id"), but=person.pk)
        if not may_set_roles:
            del self.fields["roles"]
        for field in self.fields.values():
            field.show_hidden_initial = True

    def changed(self, *names: str) -> dict[str, Any]:
        """What the person who typed made different from what he saw, among the fields named."""
        return {name: self.cleaned_data[name] for name in names if name in self.changed_data}


def seen(person: User) -> dict[str, Any]:
    """The present values, as the form sends them."""
    values = {name: getattr(person, name) for name in ("name", "email", "staff_number", "skill", *PREFERENCES)}
    links = {name: getattr(person, f"{name}_id") for name in ("department", "manager", "dotted_manager", "site")}
    return values | links | {"roles": sorted(person.roles)}
