"""Which risks a list shows: everything is in the address, and only what is named here is understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.forms import PortalForm
from portal.common.text import has_control_characters
from risks.querysets import RANK
from risks.summaries import in_cell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from risks.models import Risk
    from risks.querysets import RiskQuerySet

#: The saved views, as tabs.
VIEWS: Mapping[str, _StrOrPromise] = {
    "mine": pgettext_lazy("risks", "Mine"),
    "open": pgettext_lazy("risks", "Open"),
    "above": pgettext_lazy("risks", "Above the line"),
    "unanswered": pgettext_lazy("risks", "Without an answer"),
    "happened": pgettext_lazy("risks", "Occurred"),
}
DEFAULT_VIEW = "open"
#: Where a page of the list begins: the rank and the id of the last risk before it.
_AFTER = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})")


class RiskFilter(PortalForm):
    """The address of the register. What it cannot understand is refused, not guessed."""

    view = forms.ChoiceField(choices=[*VIEWS.items()], required=False)
    q = forms.CharField(label=_("Search risks"), max_length=120, required=False)
    cell = forms.RegexField(r"\A[0-4][0-4]\Z", required=False)
    after = forms.CharField(max_length=40, required=False)
    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if has_control_characters(text):
            raise forms.ValidationError(_("Write words of the cause, the event or the effect."))
        return text

    def clean_after(self) -> tuple[int, int] | None:
        text = self.cleaned_data["after"]
        if not text:
            return None
        place = _AFTER.fullmatch(text)
        if place is None:
            raise forms.ValidationError(_("This is no page of the list."))
        return int(place[1]), int(place[2])

    @property
    def chosen_view(self) -> str:
        return self.cleaned_data["view"] or DEFAULT_VIEW

    @property
    def chosen_cell(self) -> tuple[int, int] | None:
        cell = self.cleaned_data["cell"]
        return (int(cell[0]), int(cell[1])) if cell else None

    def search(self, risks: RiskQuerySet) -> RiskQuerySet:
        """The risks with all the words in cause, event or effect."""
        for word in self.cleaned_data["q"].split():
            risks = risks.filter(Q(cause__icontains=word) | Q(event__icontains=word) | Q(effect__icontains=word))
        return risks

    def narrow(self, risks: RiskQuerySet, *, user: User, line: Decimal, today: date) -> RiskQuerySet:
        """The risks of the view, and of the cell where one is chosen."""
        chosen = in_view(self.chosen_view, risks, user=user, line=line, today=today)
        return in_cell(chosen, *self.chosen_cell, line) if self.chosen_cell else chosen

    def from_here(self, risks: RiskQuerySet) -> RiskQuerySet:
        """The rest of the list after the place in the address."""
        if not self.cleaned_data["after"]:
            return risks
        rank, pk = self.cleaned_data["after"]
        return risks.annotate(rank=RANK).filter(Q(rank__lt=rank) | Q(rank=rank, pk__lt=pk))

    def address(self, **changed: str) -> str:
        """The address of the list with some of its parameters replaced; empty ones go."""
        kept: dict[str, Any] = {name: self.data.get(name, "") for name in ("view", "q", "cell")}
        query = urlencode({name: value for name, value in (kept | changed).items() if value})
        return reverse("risks:list") + (f"?{query}" if query else "")

    def next_address(self, last: Risk, shown: int) -> str:
        """Where the list goes on after a risk."""
        rank = -1 if last.exposure_amount is None else int(last.exposure_amount.scaleb(2))
        return self.address(after=f"{rank}.{last.pk}", shown=str(shown))


def in_view(view: str, risks: RiskQuerySet, *, user: User, line: Decimal, today: date) -> RiskQuerySet:
    """What a saved view holds."""
    if view == "happened":
        return risks.happened()
    still_open = risks.open().of_running_projects()
    if view == "mine":
        return still_open.in_hands_of(user)
    if view == "above":
        return still_open.above(line)
    if view == "unanswered":
        return still_open.above(line).without_answer(today)
    return still_open
