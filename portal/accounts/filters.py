"""Which people a list shows: everything is in the address, and only what is named here is understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.enums import Role
from portal.accounts.models import Department
from portal.accounts.querysets import departments_below
from portal.common.forms import PortalForm
from portal.common.lists import ListFilter
from portal.common.menus import MenuField
from portal.common.sorting import Sort
from portal.common.text import has_control_characters

if TYPE_CHECKING:
    from portal.accounts.querysets import UserQuerySet


def check_words(text: str) -> None:
    """Refuse what nobody can have typed."""
    if has_control_characters(text):
        raise forms.ValidationError(_("Write a name, an address or a staff number."))


class PickFilter(PortalForm):
    """What is typed to find somebody, and among whom, where those are few."""

    q = forms.CharField(max_length=120, validators=[check_words])
    among = forms.RegexField(r"^[0-9]{1,18}(,[0-9]{1,18}){0,99}$", required=False)

    def narrow(self, people: UserQuerySet) -> UserQuerySet:
        among: str = self.cleaned_data["among"]
        return people.filter(pk__in=[int(pk) for pk in among.split(",")]) if among else people


class PeopleFilter(ListFilter):
    """The address of the list of people."""

    url_name = "accounts:people"
    views = {
        "active": pgettext_lazy("people", "Active"),
        "no_manager": pgettext_lazy("people", "Without a manager"),
        "all": pgettext_lazy("people", "All"),
    }
    default_view = "active"
    sorts = {"name": Sort(pgettext_lazy("person", "Name"), "name")}
    default_sort = "name"
    menus = ("role", "department")
    search_label = _("Search people")
    hint = _("Name, address or staff number")

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, required=False)
    department = MenuField(Department.objects.all(), label=_("Department"))

    def fits(self, rows: UserQuerySet) -> UserQuerySet:
        chosen = self.cleaned_data
        if chosen["role"]:
            rows = rows.with_role(chosen["role"])
        if chosen["department"]:
            rows = rows.filter(department_id__in=departments_below(chosen["department"]))
        return rows.find(chosen["q"])

    def in_view(self, rows: UserQuerySet) -> UserQuerySet:
        return rows.filter(self.condition(self.chosen_view))

    def condition(self, view: str) -> Q:
        """Whom a view holds."""
        if view == "active":
            return Q(is_active=True)
        if view == "no_manager":
            return Q(is_active=True, manager=None)
        return Q()
