"""The forms of the register. They read what people type; the actions decide and write."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from portal.common import formats
from portal.common.fields import DayFormField, MoneyFormField, NumberFormField, PercentFormField
from portal.common.forms import PortalForm, VersionedForm
from projects.forms import CURRENCY_SIGN, PersonField
from projects.models import Project
from risks.actions.review import Answer
from risks.actions.risk import tags_of
from risks.enums import PlanVerdict, RiskState
from risks.exposure import CHANCES, DAYS
from risks.models import Risk
from risks.permissions import OPEN_EARS
from risks.tags import LONGEST_TAG, MOST_TAGS, tags_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model

    from portal.accounts.models import User
    from risks.models import Acceptance, PlanB
    from risks.summaries import Card, Hand

#: Chance in the words of people, each with its number.
CHANCE_WORDS = (
    pgettext_lazy("chance", "remote"),
    pgettext_lazy("chance", "unlikely"),
    pgettext_lazy("chance", "possible"),
    pgettext_lazy("chance", "likely"),
    pgettext_lazy("chance", "expected"),
)
MAX_DAYS = Decimal("9999.9")


class RaiseForm(PortalForm):
    """One line is enough; cause and effect may come with it, or later."""

    event = forms.CharField(
        label=_("What may happen"),
        max_length=200,
        help_text=_("One sentence, such as “Night hubs lose the network while scanning”."),
        error_messages={"required": _("Write what may happen, in one sentence.")},
    )
    cause = forms.CharField(label=_("Because of"), max_length=300, required=False)
    effect = forms.CharField(label=_("So that"), max_length=300, required=False)
    wide: Sequence[str] = ("event", "cause", "effect")


class LineForm(PortalForm):
    """One line about a project, and what it is: a risk at once; a question or something left out is asked more of."""

    line = forms.CharField(
        label=_("In one line"), max_length=200, error_messages={"required": _("Write it in one line.")}
    )
    kind = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect, initial="risk")
    wide = ("line", "kind")

    def __init__(self, data: Any = None, *, is_owner: bool) -> None:
        super().__init__(data)
        own = [("question", _("a question")), ("left_out", _("left out"))] if is_owner else []
        self.fields["kind"].choices = [("risk", _("a risk")), *own]


class RaiseAnywhereForm(RaiseForm):
    """As above, with the project."""

    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), empty_label=_("Choose a project"))
    field_order = ("project",)
    wide = ("project", "event", "cause", "effect")

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data)
        where = Project.objects.visible_to(user).filter(Q(stage__in=OPEN_EARS) | Q(owner=user)).running()
        self.fields["project"].queryset = where.order_by("-pk")


class TagsField(forms.CharField):
    """Several tags in one line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=MOST_TAGS * (LONGEST_TAG + 2), **kwargs)

    def clean(self, value: Any) -> Any:
        line: str = super().clean(value)
        tags = tags_in(line)
        if any(len(tag) > LONGEST_TAG for tag in tags):
            raise forms.ValidationError(_("A tag has at most %(most)d characters.") % {"most": LONGEST_TAG})
        if len(tags) > MOST_TAGS:
            raise forms.ValidationError(_("At most %(most)d tags on a risk.") % {"most": MOST_TAGS})
        return tags


class RiskForm(VersionedForm):
    """A risk as its owner edits it. Where engineers gave chance and days, those two are not asked."""

    event = forms.CharField(
        label=_("What may happen"),
        max_length=200,
        error_messages={"required": _("Write what may happen, in one sentence.")},
    )
    cause = forms.CharField(label=_("Because of"), max_length=300, required=False)
    effect = forms.CharField(label=_("So that"), max_length=300, required=False)
    impact_amount = MoneyFormField(
        label=_("Money if it happens"),
        may_be_unknown=True,
        help_text=_("What it costs in all, such as 120,000 or 12万. Left empty: not known yet."),
    )
    probability = PercentFormField(label=_("Chance"), may_be_unknown=True, help_text=_("Such as 30%, or 1 in 7."))
    impact_days = NumberFormField(
        label=_("Working days lost"), maximum=MAX_DAYS, places=1, may_be_unknown=True, help_text=_("Such as 5.")
    )
    owner = PersonField(label=_("Owner"), empty_label=None, help_text=_("Who watches it."))
    tags = TagsField(
        label=_("Tags"), help_text=_("Your own words for its kind, with commas between: network, night hubs.")
    )
    wide = ("event", "cause", "effect")
    units = {"impact_amount": CURRENCY_SIGN}

    def __init__(self, data: Any = None, *, risk: Risk, is_assessed: bool) -> None:
        super().__init__(data)
        self.initial = {**self.saved_values(risk), "version": risk.version}
        if is_assessed:
            del self.fields["probability"], self.fields["impact_days"]

    def saved_values(self, obj: Model) -> Mapping[str, Any]:
        risk: Any = obj
        saved = {name: value for name, value in shown(risk).items() if name in self.fields}
        return saved | {"tags": ", ".join(tags_of(risk))} if "tags" in self.fields else saved

    def values(self) -> dict[str, Any]:
        """What `edit_risk` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RiskLineForm(RiskForm):
    """What is changed most often, in the line of the list itself."""

    event = cause = effect = tags = None  # type: ignore[assignment] # so Django takes a field away from a subclass

    def __init__(self, data: Any = None, *, risk: Risk, is_assessed: bool) -> None:
        super().__init__(data, risk=risk, is_assessed=is_assessed)
        self.auto_id = f"risk{risk.pk}_%s"  # several lines may be open at once


class BulkForm(PortalForm):
    """What several risks are given; what is left empty stays as it is with each."""

    owner = PersonField(label=_("Owner"), required=False, empty_label=_("As it is with each"))
    target = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("As it is with each")),
            (RiskState.MONITORING, _("Watched: the answer is in place")),
            (RiskState.CLOSED, _("Closed: it can no longer happen")),
        ],
    )
    outcome = forms.CharField(
        label=_("Why they can no longer happen"),
        max_length=500,
        required=False,
        help_text=_("Asked where they are closed."),
    )
    add_tags = TagsField(label=_("Tags to add"), help_text=_("With commas between."))
    drop_tags = TagsField(label=_("Tags to take away"))
    wide = ("outcome",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("target") == RiskState.CLOSED and not cleaned.get("outcome"):
            self.add_error("outcome", _("Write why it can no longer happen, in one sentence."))
        if not self.errors and not any(cleaned.values()):
            self.add_error(None, _("Choose what they are given."))
        return cleaned


def shown(risk: Any) -> dict[str, Any]:
    """The saved values of a risk as its boxes show them."""
    return {
        "event": risk.event,
        "cause": risk.cause,
        "effect": risk.effect,
        "impact_amount": plain(risk.impact_amount),
        "probability": "" if risk.probability is None else formats.percent(risk.probability, language()),
        "impact_days": plain(risk.impact_days),
        "owner": risk.owner_id,
    }


def plain(value: Decimal | None) -> str:
    """A figure as a box shows it; nothing where it is not known."""
    return "" if value is None else formats.number(value)


def language() -> str:
    return get_language() or settings.LANGUAGE_CODE


class EngineersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg] # not generic when it runs
    """Several people. A number that no database can hold is nobody, like any other that is not on the list."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise forms.ValidationError(_("Choose among the people on the list."), code="invalid_choice") from error


class AssessmentForm(PortalForm):
    """One card: two rows of chips, a note, or “not my field”, which is a full answer."""

    risk = forms.ModelChoiceField(Risk.objects.none(), widget=forms.HiddenInput)
    is_change = forms.BooleanField(required=False, widget=forms.HiddenInput)
    probability = forms.TypedChoiceField(
        label=_("How likely is it?"),
        coerce=Decimal,
        choices=[(str(chance), words) for chance, words in zip(CHANCES, CHANCE_WORDS, strict=True)],
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )
    impact_days = forms.TypedChoiceField(
        label=_("If it happens, how many working days late?"),
        coerce=Decimal,
        choices=[(str(days), str(days) if days != DAYS[-1] else f"{days}+") for days in DAYS],
        widget=forms.RadioSelect,
        required=False,
        empty_value=None,
    )
    note = forms.CharField(
        label=_("Add a sentence (optional)"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, hand: Hand) -> None:
        super().__init__(data, initial=given(hand.current) if hand.current else None)
        cards = Risk.objects.filter(project=hand.invitation.review.project_id)
        self.fields["risk"].queryset = cards

    @property
    def chances(self) -> list[tuple[Any, str, Any]]:
        """The chips of the first row: control, number, words."""
        return [
            (chip.tag(), formats.percent(chance, language()), words)
            for chip, chance, words in zip(self["probability"], CHANCES, CHANCE_WORDS, strict=True)
        ]

    @property
    def days(self) -> list[tuple[Any, str]]:
        """The chips of the second row: control, number."""
        return [(chip.tag(), chip.choice_label) for chip in self["impact_days"]]

    def answer(self) -> Answer:
        """What the engineer says; pressing “not my field” says just that, whatever chips were touched."""
        note = self.cleaned_data["note"]
        if "skip" in self.data:
            return Answer(is_not_my_field=True, note=note)
        return Answer(self.cleaned_data["probability"], self.cleaned_data["impact_days"], note=note)


def given(card: Card) -> dict[str, Any]:
    """One's own earlier answer, on the chips."""
    mine = card.assessment
    if mine is None:
        return {"risk": card.risk.pk}
    chance = next((str(step) for step in CHANCES if step == mine.probability), "")
    days = next((str(step) for step in DAYS if step == mine.impact_days), "")
    return {"risk": card.risk.pk, "is_change": True, "probability": chance, "impact_days": days, "note": mine.note}


class MitigationForm(PortalForm):
    """What is done before, so that the risk becomes smaller."""

    deed = forms.CharField(
        label=_("What is done"),
        max_length=300,
        help_text=_("Such as “Order the first 20 terminals now, from stock”."),
        error_messages={"required": _("Write what is done.")},
    )
    owner = PersonField(label=_("Who does it"), empty_label=None)
    due_on = DayFormField(label=_("By"))
    cost_amount = MoneyFormField(label=_("What it costs"), may_be_unknown=True)
    wide = ("deed",)
    units = {"cost_amount": CURRENCY_SIGN}


class PlanBForm(PortalForm):
    """What is done if it happens, and by when that is decided."""

    trigger = forms.CharField(
        label=_("Trigger: what is watched"),
        max_length=200,
        help_text=_("Something anybody can see, such as “On 4 Dec recognition is below 90%”."),
        error_messages={"required": _("Write by what you will know that it happens.")},
    )
    deed = forms.CharField(
        label=_("What is done then"),
        max_length=300,
        help_text=_("Such as “Count a sample by hand for two weeks”."),
        error_messages={"required": _("Write what is done then.")},
    )
    decide_by = DayFormField(label=_("Decide by"), help_text=_("The last day on which the plan can still be chosen."))
    owner = PersonField(label=_("Who decides and does it"), empty_label=None)
    cost_amount = MoneyFormField(label=_("What it costs"), help_text=_("0 if nothing."))
    days = NumberFormField(label=_("Working days it takes"), maximum=MAX_DAYS, places=1, help_text=_("0 if none."))
    wide = ("trigger", "deed")
    units = {"cost_amount": CURRENCY_SIGN}

    def __init__(self, data: Any = None, *, risk: Risk, plan: PlanB | None) -> None:
        super().__init__(data, initial=planned(plan) if plan else {"owner": risk.owner_id})


def planned(plan: PlanB) -> dict[str, Any]:
    """The plan as its boxes show it."""
    return {
        "trigger": plan.trigger,
        "deed": plan.deed,
        "decide_by": plan.decide_by,
        "owner": plan.owner_id,
        "cost_amount": plain(plan.cost_amount),
        "days": plain(plan.days),
    }


class AcceptForm(PortalForm):
    """A signature: we live with it until a day, because …"""

    reason = forms.CharField(
        label=_("Why we can live with it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why we can live with it.")},
    )
    until = DayFormField(label=_("Until"), help_text=_("Then it is looked at again."))

    def __init__(self, data: Any = None, *, acceptance: Acceptance | None = None) -> None:
        initial = {"reason": acceptance.reason, "until": acceptance.until} if acceptance else None
        super().__init__(data, initial=initial)


class OccurForm(PortalForm):
    """What happened, in a sentence."""

    note = forms.CharField(
        label=_("What happened"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ResolveForm(PortalForm):
    """What came of it; where plan B was used, what it really took."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write what came of it, in one sentence.")},
    )
    actual_amount = MoneyFormField(label=_("What plan B really cost"), help_text=_("0 if nothing."))
    actual_days = NumberFormField(
        label=_("Working days it really took"), maximum=MAX_DAYS, places=1, help_text=_("0 if none.")
    )
    verdict = forms.ChoiceField(
        label=_("Was plan B good?"),
        choices=PlanVerdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether plan B was good: the next one learns from it.")},
    )
    units = {"actual_amount": CURRENCY_SIGN}

    def __init__(self, data: Any = None, *, has_used_plan: bool) -> None:
        super().__init__(data)
        if not has_used_plan:
            del self.fields["actual_amount"], self.fields["actual_days"], self.fields["verdict"]


class CloseForm(PortalForm):
    """Why it can no longer happen."""

    outcome = forms.CharField(
        label=_("Why it can no longer happen"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write why it can no longer happen, in one sentence.")},
    )


class PressForm(PortalForm):
    """A button that asks for nothing more."""
