"""Which people a list shows: everything is in the address, and only what is named here is understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.common.forms import PortalForm
from portal.common.text import has_control_characters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

    from portal.accounts.querysets import UserQuerySet

#: The saved views, as tabs.
VIEWS: Mapping[str, _StrOrPromise] = {
    "active": pgettext_lazy("people", "Active"),
    "no_manager": pgettext_lazy("people", "Without a manager"),
    "all": pgettext_lazy("people", "All"),
}
DEFAULT_VIEW = "active"
IN_VIEW: Mapping[str, Q] = {
    "active": Q(is_active=True),
    "no_manager": Q(is_active=True, manager=None),
    "all": Q(),
}


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


class PeopleFilter(PortalForm):
    """The address of the list. What it cannot understand is refused, not guessed."""

    view = forms.ChoiceField(choices=[*VIEWS.items()], required=False)
    q = forms.CharField(label=_("Search people"), max_length=120, required=False, validators=[check_words])
    role = forms.ChoiceField(choices=Role.choices, required=False)
    after = forms.ModelChoiceField(User.objects.all(), required=False)
    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    @property
    def chosen_view(self) -> str:
        return self.cleaned_data["view"] or DEFAULT_VIEW

    @property
    def is_narrowed(self) -> bool:
        return bool(self.cleaned_data["q"] or self.cleaned_data["role"])

    def narrow(self, people: UserQuerySet) -> UserQuerySet:
        """Those who fit the words and the role, whatever the view."""
        if self.cleaned_data["role"]:
            people = people.with_role(self.cleaned_data["role"])
        return people.find(self.cleaned_data["q"])

    def from_here(self, people: UserQuerySet) -> UserQuerySet:
        """The rest of the list, which is in the order of names, after the person in the address."""
        last: User | None = self.cleaned_data["after"]
        if last is None:
            return people
        return people.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))

    def address(self, **changed: str) -> str:
        """The address of the list with some of its parameters replaced; empty ones go."""
        kept: dict[str, Any] = {name: self.data.get(name, "") for name in ("view", "q", "role")}
        query = urlencode({name: value for name, value in (kept | changed).items() if value})
        return reverse("accounts:people") + (f"?{query}" if query else "")
