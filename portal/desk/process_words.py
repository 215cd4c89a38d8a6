"""The gates and consequences of the process in a reader's words, by the names that `portal/process.py` lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from projects.enums import Stage, Tier
from projects.lifecycle import TRANSITIONS, process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from django.utils.functional import _StrOrPromise

DEMANDS: Mapping[str, _StrOrPromise] = {
    "pitch_complete": _("Every value of the pitch is there; one of the three factors may be not known yet"),
    "screened": _("The three screening questions are answered; a no says why all the same"),
    "options_weighed": _(
        "A low-cost option stands beside the full one, with what it gives up and when to decide again"
    ),
    "nothing_weighed": _("It is said what happens if nothing is done"),
    "has_approver": _("Somebody above the owner can decide"),
    "approval_stands": _("Date, budget and scope have not moved beyond what the approval bears, or are approved anew"),
    "review_held": _("A review was held in which at least one engineer gave an estimate"),
    "review_passed": _("A review was held and passed, with conditions or without"),
    "two_reviews_passed": _("Two reviews were held and passed, with conditions or without"),
    "go_live_passed": _("A go-live review, if one was called, was held and passed"),
    "risks_answered": _("Every open risk has chance and money, and each above the line an answer"),
    "metric_pledged": _("The metric has a baseline and a target"),
    "deferred_listed": _("What is left out is listed, or “none” is confirmed"),
    "no_open_escalation": _("No question waits for an answer, or for being applied"),
    "lessons_answered": _("Up to three lessons of the product are answered: adopted, or why they do not apply"),
    "retro_settled": _("The retro is held, or waived by a lead"),
    "measured_after_launch": _("The metric was measured on the day of the launch or later"),
}
BRINGS_ABOUT: Mapping[str, _StrOrPromise] = {
    "settle_stage": _("What the stage before asked for is no longer owed"),
    "freeze": _("The content is frozen with its hash, and the first approver is asked"),
    "settle_confirmation": _("The business partner is no longer asked whether the figures are right"),
    "take_back": _("A submission that waits is taken back; its approvers are no longer asked"),
    "owe_pitch": _("Where work began early, its pitch is owed again"),
    "open_rework": _("The owner is asked for what is missing"),
    "open_reconsideration": _("On the day named the owner looks at it again"),
    "open_preparation": _("The owner lists the risks, calls the review and starts"),
    "freeze_baseline": _("Dates, budget and metric are kept as what the project is compared with"),
    "owe_again": _("What the stage asks for is owed again"),
    "owe_retro": _("The owner owes a retro, the others their answers"),
    "owe_measurement": _("One number is owed some weeks later"),
    "owe_launch": _("The launch is owed again, and the number waits for the next one"),
    "tell_people": _("The people of the project are told"),
    "release_grants": _("The resources granted are free again"),
    "drop_deferred": _("Nobody has to bring what was left out of it"),
    "withdraw_all": _("No question about it waits for anybody any more"),
    "close_register": _("Nothing about its risks is owed any more"),
}


def said_of(functions: Iterable[Callable[..., object]], words: Mapping[str, _StrOrPromise]) -> list[_StrOrPromise]:
    """What each function demands or brings about."""
    return [words[getattr(function, "__name__", "")] for function in functions]


@dataclass(frozen=True, slots=True)
class StepOfProcess:
    """A transition as the process page shows it."""

    name: _StrOrPromise
    sources: Sequence[_StrOrPromise]
    target: _StrOrPromise
    gates: Sequence[_StrOrPromise]
    consequences: Sequence[_StrOrPromise]


def process_steps() -> list[StepOfProcess]:
    """The process, read from the same objects that enforce it."""
    return [
        StepOfProcess(
            name=transition.label,
            sources=[stage.label for stage in Stage if stage in move.sources],
            target=_("where it was held") if move.target is None else move.target.label,
            gates=said_of(process().rules[transition].gates[Tier.LIGHT], DEMANDS),
            consequences=said_of(process().rules[transition].consequences, BRINGS_ABOUT),
        )
        for transition, move in TRANSITIONS.items()
    ]
