"""How a risk and an escalation may move from state to state. No queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.common.errors import PortalError
from risks.enums import EscalationState as E
from risks.enums import RiskState as S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise

#: A risk may be answered or happen before any engineer saw it: the register follows what is, it does not forbid it.
TRANSITIONS: Mapping[S, frozenset[S]] = {
    S.IDENTIFIED: frozenset({S.ASSESSED, S.PLANNED, S.OCCURRED, S.CLOSED}),
    S.ASSESSED: frozenset({S.PLANNED, S.OCCURRED, S.CLOSED}),
    S.PLANNED: frozenset({S.MONITORING, S.OCCURRED, S.CLOSED}),
    S.MONITORING: frozenset({S.OCCURRED, S.CLOSED}),
    S.OCCURRED: frozenset({S.RESOLVED}),
    S.RESOLVED: frozenset(),
    S.CLOSED: frozenset(),
}


class InvalidRiskMoveError(PortalError):
    """The move may not follow the state the risk is in."""

    def __init__(self, current: S, target: S) -> None:
        super().__init__(current, target)
        self.current = current
        self.target = target

    @property
    def message(self) -> _StrOrPromise:
        return _("This is not possible now: the risk is “%s”.") % self.current.label


def check_move(current: S, target: S) -> None:
    """Raise InvalidRiskMoveError unless `target` may follow `current`."""
    if target not in TRANSITIONS[current]:
        raise InvalidRiskMoveError(current, target)


#: Waiting stays waiting when a missed answer moves one level up. A reported agreement that is disputed waits again.
ESCALATION_MOVES: Mapping[E, frozenset[E]] = {
    E.OPEN: frozenset({E.WAITING, E.AGREED, E.WITHDRAWN}),
    E.WAITING: frozenset({E.WAITING, E.AGREED, E.COUNTERED, E.WITHDRAWN}),
    E.COUNTERED: frozenset({E.AGREED, E.WAITING, E.WITHDRAWN}),
    E.AGREED: frozenset({E.AGREED, E.APPLIED, E.WAITING, E.WITHDRAWN}),
    E.APPLIED: frozenset(),
    E.WITHDRAWN: frozenset(),
}


class InvalidEscalationMoveError(PortalError):
    """The move may not follow the state the escalation is in."""

    def __init__(self, current: E, target: E) -> None:
        super().__init__(current, target)
        self.current = current
        self.target = target

    @property
    def message(self) -> _StrOrPromise:
        return _("This is not possible now. The question stands at: %s.") % self.current.label


def check_escalation_move(current: E, target: E) -> None:
    """Raise InvalidEscalationMoveError unless `target` may follow `current`."""
    if target not in ESCALATION_MOVES[current]:
        raise InvalidEscalationMoveError(current, target)
