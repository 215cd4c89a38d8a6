"""Less than was asked for: what an approver offers, and what the owner says to it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.common import formats
from portal.common.fields import MoneyFormField, PercentFormField, PersonDaysFormField
from portal.common.forms import PortalForm
from projects.actions.assumptions import NOT_ACCEPTED, OWN, Answer
from projects.assumptions import assumptions_of, judged
from projects.business_inputs import preferred
from projects.enums import CostKind, OptionKind
from projects.forms.decision import VERDICT
from projects.forms.fields import CURRENCY_SIGN, LinesField, wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projects.assumptions import Assumption

NO_OPTION = _("Choose one of the options of the pitch.")


def accept_words(option: Mapping[str, Any], one: Assumption) -> str:
    """“Full: Theft drops, probability 15 %”."""
    said = {
        "option": OptionKind(option["kind"]).label,
        "what": one.line["label"] or one.line["reach_unit"],
        "share": formats.percent(one.value),
    }
    return _("I accept, by judgement alone: %(option)s, %(what)s, probability %(share)s") % said


class LessForm(PortalForm):
    """What an approver would approve instead: another option, or the lines of the one asked for with less."""

    kind = forms.ChoiceField(
        label=_("Option"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NO_OPTION, "required": NO_OPTION},
    )
    reason = LinesField(
        label=_("Reason; the owner reads it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        **wanted(_("Write why, in one sentence: the owner reads it.")),
    )

    def __init__(self, *args: Any, content: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = preferred(content)
        self.asked_kind = asked["kind"]
        kinds = [OptionKind(one["kind"]) for one in content["options"] if one["benefits"] or one["costs"]]
        cast("forms.ChoiceField", self.fields["kind"]).choices = [(kind.value, kind.label) for kind in kinds]
        self.initial.setdefault("kind", self.asked_kind)
        self.caps = {f"cap_{position}": line for position, line in enumerate(asked["costs"], start=1)}
        if "reckon" in self.data:
            self.fields["reason"].required = False
        units = {}
        for name, line in self.caps.items():
            is_people = line["kind"] == CostKind.PEOPLE
            field = PersonDaysFormField if is_people else MoneyFormField
            words = line["label"] or line["skill"] or CostKind(line["kind"]).label
            self.fields[name] = field(label=words, required=False)
            self.initial.setdefault(name, Decimal(line["person_days"] if is_people else line["amount"]))
            if not is_people:
                units[name] = CURRENCY_SIGN
        self.units = units
        self.judged = [
            (option, one)
            for option in content["options"]
            if (found := judged(content, option)) is not None
            for one in assumptions_of(option)
            if one.key in found.keys
        ]
        for option, one in self.judged:
            name = f"{option['kind']}-{one.key}"
            self.fields[VERDICT + name] = forms.BooleanField(label=accept_words(option, one), required=False)
            self.fields[OWN + name] = PercentFormField(label=_("Your figure"), required=False)

    @property
    def judged_fields(self) -> list[tuple[Any, Any]]:
        """What has to be accepted, or replaced, if its option is approved: the tick and the box of each."""
        names = [f"{option['kind']}-{one.key}" for option, one in self.judged]
        return [(self[VERDICT + name], self[OWN + name]) for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "reckon" not in self.data:
            for option, one in self.judged:
                name = f"{option['kind']}-{one.key}"
                is_given = cleaned.get(VERDICT + name) or cleaned.get(OWN + name) is not None
                if option["kind"] == cleaned.get("kind") and not is_given and not self.errors.get(OWN + name):
                    self.add_error(VERDICT + name, NOT_ACCEPTED)
        return cleaned

    def answers(self) -> list[Answer]:
        """What he thinks of what rests on judgement, in the option that he would approve."""
        found = []
        for option, one in self.judged:
            name = f"{option['kind']}-{one.key}"
            figure = self.cleaned_data[OWN + name]
            if option["kind"] == self.cleaned_data["kind"] and (
                figure is not None or self.cleaned_data[VERDICT + name]
            ):
                found.append(Answer(one.key, figure=figure))
        return found

    @property
    def cap_fields(self) -> list[tuple[Any, Mapping[str, Any]]]:
        """Each box with the line it caps."""
        return [(self[name], line) for name, line in self.caps.items()]

    def offer(self) -> dict[str, Any]:
        """The option and its caps; those of the option asked for say nothing of another."""
        kind = self.cleaned_data["kind"]
        given = {line["line"]: self.cleaned_data[name] for name, line in self.caps.items()}
        caps = {key: cap for key, cap in given.items() if cap is not None} if kind == self.asked_kind else {}
        return {"kind": kind, "caps": caps}


class AnswerLessForm(PortalForm):
    """The owner's answer; which one is said by the button that is pressed."""

    answer = forms.ChoiceField(
        choices=[("accept", _("Accept")), ("revise", _("Revise"))],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose one of the answers.")},
    )
