"""The forms of reviews: whom to ask and where to meet, what was agreed, what it came to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.forms.fields import PersonField
from portal.accounts.models import User
from portal.accounts.querysets import departments_below
from portal.common.dates import instant_of
from portal.common.fields import DayFormField, NumberFormField, PercentFormField
from portal.common.forms import PortalForm
from projects.permissions import people_of
from risks.actions.meeting import Condition, Outcome
from risks.actions.review import Meeting
from risks.enums import Conclusion, ReviewKind
from risks.forms import MAX_DAYS, EngineersField

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.querysets import UserQuerySet
    from projects.models import Project
    from risks.models import Review, ReviewInvitation

#: So many conditions can be named at once; what is more, is a follow-up of its own.
MOST_CONDITIONS = 3


class MeetingForm(PortalForm):
    """When and where people meet."""

    meets_on = DayFormField(label=_("Day"))
    meets_time = forms.TimeField(
        label=_("Time"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write a time, such as 14:30."), "required": _("Write a time, such as 14:30.")},
    )
    place = forms.CharField(
        label=_("Place or meeting link"),
        max_length=300,
        required=False,
        help_text=_("Such as “Room 3.12”, or the address of the video call."),
    )
    facilitator = PersonField(
        label=_("Facilitator"),
        required=False,
        empty_label=_("nobody else"),
        help_text=_("Shows the answers and concludes; else the owner does."),
    )
    wide: Sequence[str] = ("place",)

    def __init__(self, data: Any = None, *, project: Project, review: Review | None = None) -> None:
        self.project = project
        super().__init__(data, initial=when_and_where(review) if review else None)
        self.fields["facilitator"].offer(but=project.owner_id)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("meets_on") and values.get("meets_time") and self._meets_at() is None:
            miss(
                self,
                "meets_time",
                _("Clocks are changed in that hour, so it is not there, or twice. Write another one."),
            )
        return values

    def _meets_at(self) -> datetime | None:
        return instant_of(self.cleaned_data["meets_on"], self.cleaned_data["meets_time"], self.project.site.zone)

    def meeting(self) -> Meeting | None:
        """What `call_review` and `move_review` take; None where nobody meets."""
        values = self.cleaned_data
        if values.get("meets_on") is None or (at := self._meets_at()) is None:
            return None
        return Meeting(at=at, place=values["place"], facilitator=values["facilitator"])


def miss(form: PortalForm, field: str, words: _StrOrPromise) -> None:
    """Say what is missing, unless the field has said already what is wrong with it."""
    if field not in form.errors:
        form.add_error(field, words)


def when_and_where(review: Review) -> dict[str, Any]:
    """The meeting as its boxes show it."""
    if review.meets_at is None:
        return {"place": review.place}
    at = review.meets_at.astimezone(review.project.site.zone)
    return {
        "meets_on": at.date(),
        "meets_time": at.time(),
        "place": review.place,
        "facilitator": review.facilitator_id,
    }


class ReviewForm(MeetingForm):
    """Which review, who is asked, and perhaps when and where they meet."""

    kind = forms.ChoiceField(label=_("Review"), choices=ReviewKind.choices, initial=ReviewKind.TECHNICAL)
    persons = EngineersField(
        User.objects.none(),
        label=_("Engineers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Invite at least one engineer.")},
        help_text=_("One is enough for a light project. Each answers alone, in about a minute."),
    )
    other = forms.CharField(
        label=_("Somebody else"),
        max_length=80,
        required=False,
        help_text=_("An engineer of another department: name, e-mail or staff number."),
    )
    field_order = ("kind", "persons", "other", "meets_on", "meets_time", "place", "facilitator")
    wide = ("persons", "other", "place")

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, project=project)
        for name in ("meets_on", "meets_time"):
            self.fields[name].required = False
        if data and data.get("other"):
            self.fields["persons"].required = False
        self.fields["meets_on"].help_text = _("Left empty, nobody meets: each answers when he has a minute.")
        self.everybody = engineers_for(project)
        near = list(near_engineers(project, self.everybody).order_by("skill", "name", "pk"))
        persons = self.fields["persons"]
        persons.queryset = self.everybody
        persons.choices = by_skill(near)
        if len(near) == 1:
            self.initial["persons"] = near

    def clean_other(self) -> User | None:
        words = self.cleaned_data["other"].strip()
        if not words:
            return None
        found = list(self.everybody.find(words)[:3])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No engineer is called so. Write a name, an e-mail or a staff number."))
        names = ", ".join(str(person) for person in found)
        raise forms.ValidationError(_("Several are meant: %(names)s. Write more of it.") % {"names": names})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("meets_on") and not values.get("meets_time"):
            miss(self, "meets_time", _("Write a time, such as 14:30."))
        if any(values.get(name) for name in ("meets_time", "place", "facilitator")) and not values.get("meets_on"):
            miss(self, "meets_on", _("Name the day too."))
        return values

    def invited(self) -> list[User]:
        """Who is asked: the ticked ones, and the one that was written, once."""
        ticked = list(self.cleaned_data["persons"])
        other = self.cleaned_data["other"]
        return ticked if other is None or other in ticked else [*ticked, other]


def engineers_for(project: Project) -> UserQuerySet:
    """Everybody who may be asked."""
    return User.objects.active().filter(groups__name=Role.ENGINEER).exclude(pk=project.owner_id)


def near_engineers(project: Project, engineers: UserQuerySet) -> UserQuerySet:
    """Those of the departments that the project's people belong to; everybody where that is nobody."""
    departments = {person.department for person in people_of(project).select_related("department")}
    near = Q(department=None)
    for department in departments:
        if department is not None:
            near |= Q(department_id__in=departments_below(department))
    found = engineers.filter(near)
    return found if found.exists() else engineers


def by_skill(people: Sequence[User]) -> list[tuple[Any, Any]]:
    """Boxes to tick, under the names of the skills; a plain list where no skill is known."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for person in people:
        groups.setdefault(person.skill, []).append((person.pk, str(person)))
    if set(groups) <= {""}:
        return groups.get("", [])
    return [(skill or _("Skill not known yet"), boxes) for skill, boxes in groups.items()]


class AgreeForm(PortalForm):
    """What the review agreed on for one risk, and why."""

    probability = PercentFormField(label=_("Agreed chance"), help_text=_("Such as 30%, or 1 in 7."))
    impact_days = NumberFormField(label=_("Agreed working days"), maximum=MAX_DAYS, places=1, help_text=_("Such as 5."))
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why, in one sentence.")},
    )


class ConcludeForm(PortalForm):
    """What the review came to, who was there, and up to three conditions."""

    conclusion = forms.ChoiceField(
        label=_("What did it come to?"),
        choices=Conclusion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it came to.")},
    )
    summary = forms.CharField(
        label=_("What was said"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Decisions and open questions, in a few lines; they stand in the minutes."),
    )
    attended = forms.TypedMultipleChoiceField(
        label=_("Who was there"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, project: Project, invitations: Sequence[ReviewInvitation]) -> None:
        super().__init__(data, initial={"attended": [each.person_id for each in invitations]})
        self.fields["attended"].choices = [(each.person_id, str(each.person)) for each in invitations]
        self.fields |= conditions_asked(project.owner_id)
        self.wide = ("conclusion", "attended", *(f"condition_{number}" for number in range(1, MOST_CONDITIONS + 1)))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for number in range(1, MOST_CONDITIONS + 1):
            if values.get(f"condition_{number}") and not values.get(f"due_on_{number}"):
                miss(self, f"due_on_{number}", _("Name the day by which it is done."))
        return values

    def outcome(self) -> Outcome:
        """What `conclude_review` takes."""
        values = self.cleaned_data
        return Outcome(
            conclusion=Conclusion(values["conclusion"]),
            summary=values["summary"],
            conditions=tuple(self.conditions(values)),
            attended=frozenset(values["attended"]),
        )

    def conditions(self, values: Mapping[str, Any]) -> list[Condition]:
        """Those that were written."""
        numbers = [number for number in range(1, MOST_CONDITIONS + 1) if values[f"condition_{number}"]]
        return [
            Condition(values[f"condition_{number}"], values[f"owner_{number}"], values[f"due_on_{number}"], number)
            for number in numbers
        ]


def conditions_asked(owner: int | None = None) -> dict[str, forms.Field]:
    """The boxes of all of them."""
    numbers = range(1, MOST_CONDITIONS + 1)
    return {name: field for number in numbers for name, field in condition_fields(number, owner).items()}


def condition_fields(number: int, owner: int | None) -> dict[str, forms.Field]:
    """The three boxes of one condition."""
    return {
        f"condition_{number}": forms.CharField(
            label=_("Condition %(number)d") % {"number": number}, max_length=200, required=False
        ),
        f"owner_{number}": PersonField(label=_("Who does it"), empty_label=None, initial=owner),
        f"due_on_{number}": DayFormField(label=_("By"), required=False),
    }
