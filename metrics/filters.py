"""What the address of the list may ask for; anything else is refused, not guessed."""

from django import forms

from portal.common.forms import PortalForm


class MetricFilter(PortalForm):
    """How many metrics the reader has seen already."""

    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    @property
    def start(self) -> int:
        return self.cleaned_data["shown"] or 0
