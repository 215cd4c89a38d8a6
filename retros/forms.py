"""What people write in a retro."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.common.fields import DayFormField, MoneyFormField, NumberFormField
from portal.common.forms import PortalForm, VersionedForm
from projects.forms import CURRENCY_SIGN, LinesField, PersonField
from projects.models import FollowUp, Project
from projects.permissions import people_of
from retros.enums import Lane, LessonAnswer, LessonKind
from retros.models import Lesson, LessonUse, Note, Retro, RetroAnswer
from retros.models.board import MAX_NOTE
from retros.permissions import who_may_answer
from risks.forms import EngineersField, TagsField

if TYPE_CHECKING:
    from django.db import models


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
    kind = forms.ChoiceField(
        label=pgettext_lazy("lesson", "About"), choices=[("", _("not said")), *LessonKind.choices], required=False
    )
    tags = TagsField(label=_("Tags"), help_text=_("With commas between."))
    cause = forms.CharField(
        label=_("Which step or condition led to it"),
        max_length=Lesson._meta.get_field("cause").max_length,
        help_text=_("Never who: a step can be changed."),
        error_messages={"required": _("Write which step or condition led to it, not who.")},
    )
    cost_days = NumberFormField(label=_("Working days it cost"), maximum=Decimal(9999), places=1, required=False)
    cost_amount = MoneyFormField(label=_("Money it cost"), required=False)
    wide = ("text", "applies_when", "cause")
    units = {"cost_amount": CURRENCY_SIGN}

    def __init__(self, *args: Any, is_major: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_major:
            for name in ("cause", "cost_days", "cost_amount"):
                del self.fields[name]


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


class MeetingForm(DayForm):
    """Day, hour, place and facilitator of a retro with a board."""

    begins_at = forms.TimeField(
        label=_("Begins at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write an hour, such as 15:00.")},
    )
    place = forms.CharField(
        label=_("Where"),
        max_length=Retro._meta.get_field("place").max_length,
        required=False,
        help_text=_("A room, or the link of the call."),
    )
    facilitator = PersonField(
        label=_("Facilitator"), required=False, help_text=_("Leads from notes to votes to the discussion; else you do.")
    )
    wide = ("place", "facilitator")

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = who_may_answer(project).select_related("department")
        cast("PersonField", self.fields["facilitator"]).queryset = people.order_by("name", "pk")


class NoteForm(PortalForm):
    """One thought, without a name."""

    lane = forms.ChoiceField(choices=Lane.choices, widget=forms.HiddenInput)
    text = LinesField(
        label=_("Note"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("Add a note")}),
        error_messages={"required": _("Write a note first: one thought, a step or a condition.")},
    )


class VoteForm(PortalForm):
    """How many of one's votes a note gets."""

    count = forms.IntegerField(min_value=0, max_value=100)


class GroupForm(PortalForm):
    """The note that says the same, or nothing: then it stands by itself."""

    head = forms.ModelChoiceField(Note.objects.none(), required=False)

    def __init__(self, *args: Any, retro: Retro, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Note]", self.fields["head"]).queryset = retro.notes.filter(head=None)


class PhaseForm(PortalForm):
    """Where the facilitator leads to."""

    to = forms.ChoiceField(choices=[("votes", ""), ("notes", ""), ("discussion", "")])


class AttendanceForm(PortalForm):
    """Who is here."""

    present = EngineersField(
        User.objects.none(), label=_("Who is here"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = cast("EngineersField", self.fields["present"])
        people.queryset = who_may_answer(project).order_by("name", "pk")


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


class LessonAnswerForm(PortalForm):
    """What a pitch makes of a lesson."""

    answer = forms.ChoiceField(
        label=_("Answer"), choices=LessonAnswer.choices, error_messages={"required": _("Adopted, or not? Choose one.")}
    )
    note = forms.CharField(
        label=_("What you do, or why it does not apply"),
        max_length=LessonUse._meta.get_field("note").max_length,
        required=False,
    )
    wide = ("note",)


class AdoptForm(PortalForm):
    """For which project a lesson is adopted, and the follow-up that comes of it, if one does."""

    project = forms.ModelChoiceField(
        Project.objects.none(), label=_("For which project"), error_messages={"required": _("Choose a project.")}
    )
    note = forms.CharField(
        label=_("What you do otherwise"), max_length=LessonUse._meta.get_field("note").max_length, required=False
    )
    owner = PersonField(label=_("Follow-up: who"), required=False)
    due_on = DayFormField(label=_("Follow-up: by"), required=False)
    wide = ("project", "note")

    def __init__(self, *args: Any, reader: User, lesson: Lesson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Project.objects.running().filter(owner=reader).exclude(pk=lesson.project_id)
        cast("forms.ModelChoiceField[Project]", self.fields["project"]).queryset = own.order_by("-pk")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, other in (("owner", "due_on"), ("due_on", "owner")):
            if cleaned.get(name) and not cleaned.get(other) and other not in self.errors:
                self.add_error(other, _("A follow-up needs both: who, and until when."))
        return cleaned
