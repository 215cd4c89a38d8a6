"""What people write in a retro."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common.fields import DayFormField
from portal.common.forms import PortalForm, VersionedForm
from projects.forms import LinesField, PersonField
from projects.models import FollowUp
from projects.permissions import people_of
from retros.models import Lesson, Retro, RetroAnswer

if TYPE_CHECKING:
    from django.db import models

    from projects.models import Project


NO_DATE = {"required": _("Write a date, such as 18 Dec 2026.")}


def question(name: str) -> forms.CharField:
    """One of the three questions, as the model asks it."""
    field = cast("models.TextField[str, str]", RetroAnswer._meta.get_field(name))
    return LinesField(
        label=field.verbose_name,
        max_length=field.max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("A few words, please. “Nothing” is an answer too.")},
    )


class AnswerForm(VersionedForm):
    """Three questions, answered apart."""

    went_well = question("went_well")
    was_hard = question("was_hard")
    do_next = question("do_next")


class LessonForm(PortalForm):
    """One sentence for a stranger."""

    text = forms.CharField(
        label=_("Lesson, in one sentence"),
        max_length=Lesson._meta.get_field("text").max_length,
        help_text=_("For somebody who was not there: name the step or the condition, not the people."),
        error_messages={"required": _("Write the lesson in one sentence.")},
    )
    applies_when = forms.CharField(
        label=_("Applies when"),
        max_length=Lesson._meta.get_field("applies_when").max_length,
        required=False,
    )
    wide = ("text", "applies_when")


class FollowUpForm(PortalForm):
    """What will be done, by whom, until when."""

    title = forms.CharField(
        label=_("What will be done"),
        max_length=FollowUp._meta.get_field("title").max_length,
        error_messages={"required": _("Write what will be done.")},
    )
    owner = PersonField(label=_("Owner"), error_messages={"required": _("Choose who does it.")})
    due_on = DayFormField(label=_("By"), error_messages=NO_DATE)
    wide = ("title",)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if project.is_restricted:  # who does not see the project could not see what he owes it
            people = people_of(project).filter(is_active=True).select_related("department")
            cast("PersonField", self.fields["owner"]).queryset = people.order_by("name", "pk")


class DayForm(VersionedForm):
    """The day the owner picks for the retro."""

    planned_on = DayFormField(label=_("Day of the retro"), error_messages=NO_DATE)


class HoldForm(PortalForm):
    """The last word: it was held."""

    nothing_to_do = forms.BooleanField(label=_("Nothing to do: no follow-up comes of it"), required=False)


class WaiveForm(PortalForm):
    """Why a lead does without this retro."""

    reason = forms.CharField(
        label=_("Why no retro is needed"),
        max_length=Retro._meta.get_field("waived_because").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why, in one sentence.")},
    )
