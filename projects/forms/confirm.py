"""What the business partner confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common.forms import PortalForm
from projects.business_inputs import plain
from projects.forms.fields import LinesField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projects.models import BenefitLine


def seen(line: BenefitLine) -> str:
    """A line with the figures as they were shown: what is confirmed is what was seen."""
    return f"{line.pk}:{plain(line.unit_benefit_amount)}:{plain(line.reach)}"


class ConfirmForm(PortalForm):
    """Ticks for the figures that are right, and words for those that are not."""

    right = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("A figure changed while you looked: see it anew.")},
    )
    note = LinesField(
        label=_("What is not right"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, lines: Sequence[BenefitLine]) -> None:
        super().__init__(data)
        self.by_choice = {seen(line): line for line in lines}
        self.fields["right"].choices = [(choice, str(line)) for choice, line in self.by_choice.items()]

    def confirmed(self) -> list[BenefitLine]:
        return [self.by_choice[choice] for choice in self.cleaned_data["right"]]
