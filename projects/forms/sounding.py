"""Sounding out a draft: whom to ask, what to say, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import PersonField
from portal.common.forms import PortalForm
from projects.enums import PitchStep
from projects.forms.fields import LinesField, wanted

if TYPE_CHECKING:
    from projects.models import Project


class ReaderForm(PortalForm):
    person = PersonField(
        label=_("Who should read it?"), empty_label=_("Choose a colleague"), **wanted(_("Choose a colleague."))
    )

    wide = ("person",)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, prefix="reader")
        self.fields["person"].offer(but=project.owner_id)


class CommentForm(PortalForm):
    step = forms.ChoiceField(
        label=_("Which part do you mean?"),
        required=False,
        choices=[("", _("the whole")), *(pair for pair in PitchStep.choices if pair[0] != PitchStep.CHECK)],
    )
    text = LinesField(
        label=_("What do you think?"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        **wanted(_("Write what you think.")),
    )


class AnswerForm(PortalForm):
    answer = forms.CharField(label=_("What became of it"), max_length=500, required=False)
    wide = ("answer",)
