"""The forms of a question: putting it, answering it, and every short word about it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.fields import PersonField
from portal.common.fields import DayFormField, MoneyFormField, NumberFormField
from portal.common.forms import PortalForm
from projects.forms import CURRENCY_SIGN
from projects.forms.fields import LinesField, wanted
from risks.actions.escalation import Way
from risks.models import EscalationOption, Risk
from risks.models.escalation import MOST_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrOrPromise

    from projects.models import Project
    from risks.models import Escalation

WAY = ("title", "days", "cost_amount", "scope", "benefit_amount")


def way_fields(prefix: str, title: _StrOrPromise, hint: _StrOrPromise = "", **more: Any) -> dict[str, forms.Field]:
    """The five values of one way out. Only the first may be asked for; what is left empty changes nothing."""
    return {
        f"{prefix}_title": forms.CharField(label=title, max_length=300, help_text=hint, **more),
        f"{prefix}_days": NumberFormField(
            label=_("Working days later"), maximum=Decimal(MOST_DAYS), places=0, may_be_negative=True, required=False
        ),
        f"{prefix}_cost_amount": MoneyFormField(label=_("Costs more"), may_be_negative=True, required=False),
        f"{prefix}_scope": forms.CharField(label=_("Change of scope"), max_length=200, required=False),
        f"{prefix}_benefit_amount": MoneyFormField(
            label=_("Benefit more, or less with a minus"), may_be_negative=True, required=False
        ),
    }


def way_of(values: dict[str, Any], prefix: str) -> Way:
    """What was typed about one way."""
    days = values.get(f"{prefix}_days")
    return Way(
        title=values.get(f"{prefix}_title", ""),
        days=0 if days is None else int(days),
        cost_amount=values.get(f"{prefix}_cost_amount"),
        scope=values.get(f"{prefix}_scope", ""),
        benefit_amount=values.get(f"{prefix}_benefit_amount"),
    )


def signs(*prefixes: str) -> dict[str, _StrOrPromise]:
    """The currency in front of every amount."""
    return {f"{prefix}_{name}": CURRENCY_SIGN for prefix in prefixes for name in ("cost_amount", "benefit_amount")}


def ways_asked() -> dict[str, forms.Field]:
    """What I propose, what happens without it, and another way."""
    return {
        **way_fields(
            "proposal", _("What I propose"), _("Such as “Scan by phone until the scanners are here”."),
            **wanted(_("Write what you propose: a question without a proposal takes longest.")),
        ),
        **way_fields(
            "nothing", _("What happens then"), _("Such as “The launch waits for the scanners”."), required=False
        ),
        **way_fields("other", _("Another way"), required=False),
    }  # fmt: skip


def answer_asked() -> dict[str, forms.Field]:
    """The way out of a counter-proposal, or of the answer to one."""
    return way_fields("way", _("What is done instead"), **wanted(_("Write what is done, in one sentence.")))


class EscalateForm(PortalForm):
    """A question, what I propose, what happens if nothing is done, and whom it goes to."""

    question = forms.CharField(
        label=_("Question"),
        max_length=200,
        help_text=_("One sentence that a yes or a no answers, such as “May we scan by phone for two weeks?”"),
        **wanted(_("Write the question, in one sentence.")),
    )
    background = LinesField(
        label=_("What one must know"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    decider = PersonField(
        label=_("Who decides"),
        help_text=_("Without an answer in time it goes one level up, to this person's manager."),
        **wanted(_("Name who decides.")),
    )
    answer_on = DayFormField(label=_("Answer by"), **wanted(_("Name the day.")))
    counterpart = PersonField(
        label=_("The other side"),
        required=False,
        empty_label=_("nobody"),
        help_text=_("Whoever it concerns has one working day to settle it with you before the decider is asked."),
    )
    risk = forms.ModelChoiceField(Risk.objects.none(), label=_("About a risk"), required=False, empty_label=_("none"))
    wide: Sequence[str] = ("question", "background", "proposal_title", "nothing_title", "other_title")
    units = signs("proposal", "nothing", "other")

    def __init__(self, data: Any = None, *, project: Project, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields |= ways_asked()
        for name in ("decider", "counterpart"):
            self.fields[name].offer(but=project.owner_id)
        self.fields["risk"].queryset = Risk.objects.filter(project=project)

    def section(self, *names: str) -> list[Any]:
        return [self[name] for name in names]

    @property
    def about(self) -> list[Any]:
        return self.section("question", "background")

    @property
    def proposal(self) -> list[Any]:
        return self.section(*(f"proposal_{name}" for name in WAY))

    @property
    def nothing(self) -> list[Any]:
        return self.section(*(f"nothing_{name}" for name in WAY[:3]))

    @property
    def other(self) -> list[Any]:
        return self.section(*(f"other_{name}" for name in WAY))

    @property
    def whom(self) -> list[Any]:
        shown = ("decider", "answer_on", "counterpart", "risk")
        return self.section(*(shown if self.fields["risk"].queryset else shown[:3]))

    @property
    def names_another_way(self) -> bool:
        """Whether the folded section holds something, and is shown open."""
        return self.is_bound and any(field.data for field in self.other)

    def values(self) -> dict[str, Any]:
        """As the action takes them."""
        typed = self.cleaned_data
        names = ("question", "background", "decider", "answer_on", "counterpart", "risk")
        other = way_of(typed, "other")
        return {name: typed[name] for name in names} | {
            "proposal": way_of(typed, "proposal"),
            "nothing": way_of(typed, "nothing"),
            "others": [] if other == Way("") else [other],
        }


class ChooseForm(PortalForm):
    """One of the ways out, and a word to it."""

    option = forms.ModelChoiceField(
        EscalationOption.objects.none(),
        label=_("Which way"),
        widget=forms.RadioSelect,
        empty_label=None,
        **wanted(_("Choose one of the ways out.")),
    )
    note = forms.CharField(label=_("A word to it"), max_length=500, required=False)
    wide = ("option", "note")

    def __init__(self, data: Any = None, *, escalation: Escalation) -> None:
        super().__init__(data)
        self.fields["option"].queryset = escalation.options.all()


class ReportForm(ChooseForm):
    """What the decider said elsewhere."""

    note = forms.CharField(
        label=_("Where and when it was said"),
        max_length=500,
        help_text=_("Such as “On the phone on Tuesday”."),
        **wanted(_("Write where and when it was said.")),
    )


class WayForm(PortalForm):
    """Another way out, as a counter-proposal or as the answer to one."""

    note = forms.CharField(label=_("Why"), max_length=500, required=False)
    wide = ("way_title", "note")
    units = signs("way")

    def __init__(self, data: Any = None, *, escalation: Escalation) -> None:  # noqa: ARG002 -- as every deed's form
        super().__init__(data)
        note = self.fields.pop("note")
        self.fields |= answer_asked()
        self.fields["note"] = note

    def values(self) -> dict[str, Any]:
        return {"way": way_of(self.cleaned_data, "way"), "note": self.cleaned_data["note"]}


class WordForm(PortalForm):
    """A word that may be left out."""

    note = forms.CharField(label=_("A word to it"), max_length=500, required=False)
    wide = ("note",)

    def __init__(self, data: Any = None, *, escalation: Escalation) -> None:  # noqa: ARG002 -- as every deed's form
        super().__init__(data)


class DisputeForm(WordForm):
    """What was said instead."""

    note = forms.CharField(
        label=_("What was said instead"),
        max_length=500,
        **wanted(_("Write what was said instead, in one sentence.")),
    )


class PlainForm(WordForm):
    """A button and nothing else."""

    note = None  # type: ignore[assignment] # Django takes a declared field away like this


class WithdrawForm(PortalForm):
    """Why the question is none any more."""

    reason = forms.CharField(label=_("Why"), max_length=500, required=False)
    wide = ("reason",)

    def __init__(self, data: Any = None, *, escalation: Escalation) -> None:  # noqa: ARG002 -- as every deed's form
        super().__init__(data)
