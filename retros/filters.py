"""What the addresses of the lists may ask for; anything else is refused, not guessed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common.forms import PortalForm
from portal.common.text import has_control_characters


class RetroFilter(PortalForm):
    """How many of the held retros the reader has seen already."""

    shown = forms.IntegerField(min_value=0, max_value=100_000, required=False)

    @property
    def start(self) -> int:
        return self.cleaned_data["shown"] or 0


class LessonFilter(RetroFilter):
    """Which lessons: every word stands in them."""

    q = forms.CharField(label=_("Search lessons"), max_length=120, required=False)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if has_control_characters(text):
            raise forms.ValidationError(_("Write words."))
        return text
