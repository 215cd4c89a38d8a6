"""The life cycle of a project: the transition table, its types and errors. No queries.

What a transition demands (gates) and brings about (consequences) is listed in the one process table,
`settings.PROCESS`, because both reach into later stages that this package must not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.db.models import TextChoices
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.errors import PortalError
from projects.enums import Stage, Tier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from portal.common.errors import Reason
    from projects.models import Project


class Transition(TextChoices):
    """Everything that can move a project."""

    SUBMIT = "submit", _("Submit")
    WITHDRAW = "withdraw", _("Withdraw")
    ASK_BACK = "ask_back", _("Ask back")
    DECLINE = "decline", _("Decline")
    DEFER = "defer", _("Defer")
    REVISE = "revise", _("Revise")
    APPROVE = "approve", _("Approve")
    START = "start", _("Start delivery")
    HOLD = "hold", _("Put on hold")
    RESUME = "resume", _("Resume")
    LAUNCH = "launch", _("Launch")
    ROLL_BACK = "roll_back", _("Roll back")
    CLOSE = "close", pgettext_lazy("project", "Close")
    CANCEL = "cancel", pgettext_lazy("project", "Cancel")


@dataclass(frozen=True, slots=True)
class Move:
    """From which stages a transition may be made and where it leads; `None` leads back to where it was held."""

    sources: frozenset[Stage]
    target: Stage | None


def _move(*sources: Stage, to: Stage | None) -> Move:
    return Move(frozenset(sources), to)


S, T = Stage, Transition
TRANSITIONS: Mapping[Transition, Move] = {
    T.SUBMIT: _move(S.DRAFT, to=S.SUBMITTED),
    T.WITHDRAW: _move(S.SUBMITTED, to=S.DRAFT),
    T.ASK_BACK: _move(S.SUBMITTED, to=S.DRAFT),
    T.DECLINE: _move(S.SUBMITTED, to=S.DECLINED),
    T.DEFER: _move(S.SUBMITTED, to=S.DEFERRED),
    T.REVISE: _move(S.DECLINED, S.DEFERRED, to=S.DRAFT),
    T.APPROVE: _move(S.SUBMITTED, to=S.APPROVED),
    T.START: _move(S.APPROVED, to=S.IN_DELIVERY),
    T.HOLD: _move(S.APPROVED, S.IN_DELIVERY, to=S.ON_HOLD),
    T.RESUME: _move(S.ON_HOLD, to=None),
    T.LAUNCH: _move(S.IN_DELIVERY, to=S.LAUNCHED),
    T.ROLL_BACK: _move(S.LAUNCHED, to=S.IN_DELIVERY),
    T.CLOSE: _move(S.LAUNCHED, to=S.CLOSED),
    T.CANCEL: _move(S.DRAFT, S.SUBMITTED, S.APPROVED, S.IN_DELIVERY, S.ON_HOLD, S.DECLINED, S.DEFERRED, to=S.CANCELLED),
}


class InvalidTransitionError(PortalError):
    """The transition may not follow the stage the project is in."""

    def __init__(self, current: Stage, transition: Transition) -> None:
        super().__init__(current, transition)
        self.current = current
        self.transition = transition

    @property
    def message(self) -> _StrOrPromise:
        return _("“%(deed)s” is not possible: the project is now “%(stage)s”.") % {
            "deed": self.transition.label,
            "stage": self.current.label,
        }


def can_follow(current: Stage, transition: Transition) -> bool:
    """Whether the table allows `transition` from `current`."""
    return current in TRANSITIONS[transition].sources


def target_of(current: Stage, transition: Transition, *, held_from: Stage | None) -> Stage:
    """Where the transition leads. Raises InvalidTransitionError."""
    if not can_follow(current, transition):
        raise InvalidTransitionError(current, transition)
    target = TRANSITIONS[transition].target
    if target is None:
        if held_from is None:
            raise InvalidTransitionError(current, transition)
        return held_from
    return target


@dataclass(frozen=True, slots=True)
class Passage:
    """A transition that is being made: handed to every consequence, inside its transaction."""

    project: Project
    transition: Transition
    source: Stage
    by: User | None
    now: datetime
    note: str = ""


class Gate(Protocol):
    """Names what is missing for a transition; an empty answer lets it pass."""

    def __call__(self, project: Project, by: User | None, now: datetime, /) -> Sequence[Reason]: ...


class Consequence(Protocol):
    """What a transition brings about in the same transaction."""

    def __call__(self, passage: Passage, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Rules:
    """Gates by tier, consequences and notices of one transition."""

    gates: Mapping[Tier, tuple[Gate, ...]]
    consequences: tuple[Consequence, ...] = ()
    #: What is shown before the transition and does not refuse it.
    notices: tuple[Gate, ...] = ()


def for_every_tier(*gates: Gate) -> Mapping[Tier, tuple[Gate, ...]]:
    """The same gates, whatever the tier."""
    return dict.fromkeys(Tier, gates)


def for_tiers(
    *, light: tuple[Gate, ...], standard: tuple[Gate, ...], major: tuple[Gate, ...]
) -> Mapping[Tier, tuple[Gate, ...]]:
    """Each tier its own gates."""
    return {Tier.LIGHT: light, Tier.STANDARD: standard, Tier.MAJOR: major}


class Process(Protocol):
    """What `settings.PROCESS` names: the whole process in one object."""

    rules: Mapping[Transition, Rules]


@cache
def process() -> Process:
    """The process table, found through the one dotted name, as Django finds its ROOT_URLCONF."""
    return cast("Process", import_string(settings.PROCESS))


def missing_for(project: Project, transition: Transition, *, by: User | None, now: datetime) -> list[Reason]:
    """Every reason for which the transition is refused now; empty if it may pass."""
    gates = process().rules[transition].gates[Tier(project.tier)]
    return [reason for gate in gates for reason in gate(project, by, now)]
