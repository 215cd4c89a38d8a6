"""Which projects a list shows: everything is in the address, and only what is named here is understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.names import folded
from portal.common.forms import PortalForm
from portal.common.text import has_control_characters
from projects.enums import Stage, Tier
from projects.models import Product
from projects.quarters import is_quarter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.querysets import ProjectQuerySet

MAX_ID = 2**63 - 1
_CODE = re.compile(r"(?:p-?)?0*([0-9]{1,18})", re.IGNORECASE)

#: The saved views, as tabs.
VIEWS: Mapping[str, _StrOrPromise] = {
    "mine": pgettext_lazy("projects", "Mine"),
    "running": pgettext_lazy("projects", "Running"),
    "all": pgettext_lazy("projects", "All"),
}
DEFAULT_VIEW = "running"


class ProjectFilter(PortalForm):
    """The address of the list. What it cannot understand is refused, not guessed."""

    view = forms.ChoiceField(choices=[*VIEWS.items()], required=False)
    q = forms.CharField(label=_("Search projects"), max_length=120, required=False)
    stage = forms.ChoiceField(choices=Stage.choices, required=False)
    tier = forms.ChoiceField(choices=Tier.choices, required=False)
    product = forms.ModelChoiceField(Product.objects.all(), required=False)
    before = forms.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if has_control_characters(text):
            raise forms.ValidationError(_("Write words, a number or a name."))
        return text

    @property
    def chosen_view(self) -> str:
        return self.cleaned_data["view"] or DEFAULT_VIEW

    def narrow(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """The projects that fit what is asked for, whatever the view."""
        chosen = self.cleaned_data
        if chosen["q"]:
            projects = projects.filter(matches(chosen["q"]))
        if chosen["stage"]:
            projects = projects.filter(stage=chosen["stage"])
        if chosen["tier"]:
            projects = projects.filter(tier=chosen["tier"])
        if chosen["product"]:
            projects = projects.filter(product=chosen["product"])
        return projects


def in_view(view: str, user: User) -> Q:
    """What a saved view holds."""
    if view == "mine":
        return Q(owner=user)
    if view == "running":
        return ~Q(stage__in=[Stage.CLOSED, Stage.CANCELLED, Stage.DECLINED])
    return Q()


def matches(text: str) -> Q:
    """A number as people say it (P-0042, 42), words of the title, or a name of the owner."""
    words = text.split()
    title, owner = Q(), Q()
    for word in words:
        title &= Q(title__icontains=word)
        owner &= Q(owner__search_text__contains=folded(word))
    found = title | owner
    if number := _CODE.fullmatch(text.strip()):
        found |= Q(pk=int(number[1]))
    return found


class StepFilter(PortalForm):
    """How many rows the reader has seen already."""

    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    @property
    def start(self) -> int:
        return self.cleaned_data["shown"] or 0


class QuarterFilter(PortalForm):
    """Which quarter."""

    quarter = forms.CharField(max_length=7, required=False)

    def clean_quarter(self) -> str:
        quarter: str = self.cleaned_data["quarter"]
        if quarter and not is_quarter(quarter):
            raise forms.ValidationError(_("Write a quarter such as 2026 Q4."))
        return quarter
