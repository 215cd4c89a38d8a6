"""The answer to a question: decided, countered, reported and ratified, and written into the plan as a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.permissions import require
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.policy.store import value
from projects.actions.change import change_budget, change_launch_date, change_scope
from projects.models import Project
from risks import policy
from risks.actions.escalation import (
    add_option,
    change_state,
    check_state,
    lock_escalation,
    note,
    owe_escalation,
    owner_asks,
    reread,
    settle_all,
)
from risks.actions.occurrence import one_line, required_line
from risks.actions.register import in_working_days
from risks.enums import EscalationDeed, EscalationState, OptionKind
from risks.permissions import can_answer_escalation, can_escalate, can_settle_low

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Change
    from risks.actions.escalation import Way
    from risks.models import Escalation, EscalationOption

D, S = EscalationDeed, EscalationState


@transaction.atomic
def settle_low(escalation: Escalation, *, note: str = "", by: User, now: datetime) -> Escalation:
    """The counterpart agrees to the proposal, so that nobody above has to be asked.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError.
    """
    require(can_settle_low(by, escalation), _("Only %s can say this.") % (escalation.counterpart or ""))
    words = one_line(note, "note")
    current = lock_escalation(escalation)
    check_state(current, S.AGREED, only=S.OPEN)
    agree(current, latest(current, OptionKind.PROPOSAL), D.SETTLED, with_whom=by, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def decide(escalation: Escalation, option: EscalationOption, *, note: str = "", by: User, now: datetime) -> Escalation:
    """The decider chooses one of the ways out.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError.
    """
    words = one_line(note, "note")
    current = lock_as_decider(escalation, by=by)
    check_state(current, S.AGREED, only=S.WAITING)
    agree(current, own_option(current, option), D.DECIDED, with_whom=by, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def counter(escalation: Escalation, way: Way, *, note: str = "", by: User, now: datetime) -> Escalation:
    """The decider proposes another way; the owner accepts it or answers.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError.
    """
    words = one_line(note, "note")
    current = lock_as_decider(escalation, by=by)
    check_state(current, S.COUNTERED, only=S.WAITING)
    option = add_option(current, OptionKind.COUNTER, way, "way", by=by, now=now)
    change_state(current, S.COUNTERED, now=now)
    settle_all(current, now=now)
    owe_next(current, now=now)
    record_deed(current, D.COUNTERED, option, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def accept_counter(escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """The owner takes the counter-proposal. Raises PermissionDenied, InvalidEscalationMoveError."""
    require(can_escalate(by, escalation.project), owner_asks(escalation.project))
    current = lock_escalation(escalation)
    check_state(current, S.AGREED, only=S.COUNTERED)
    agree(current, latest(current, OptionKind.COUNTER), D.ACCEPTED, with_whom=current.decider, by=by, now=now)
    return reread(current)


@transaction.atomic
def reply(escalation: Escalation, way: Way, *, note: str = "", by: User, now: datetime) -> Escalation:
    """The owner answers a counter-proposal with a proposal of his own; the decider is asked again.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError.
    """
    require(can_escalate(by, escalation.project), owner_asks(escalation.project))
    words = one_line(note, "note")
    current = lock_escalation(escalation)
    check_state(current, S.WAITING, only=S.COUNTERED)
    option = add_option(current, OptionKind.PROPOSAL, way, "way", by=by, now=now)
    ask_again(current, now=now)
    record_deed(current, D.REPLIED, option, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def report(escalation: Escalation, option: EscalationOption, *, note: str, by: User, now: datetime) -> Escalation:
    """The owner writes down what the decider said elsewhere. It counts once the decider ratifies it.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError (where and when it was said is missing).
    """
    require(can_escalate(by, escalation.project), owner_asks(escalation.project))
    words = required_line(note, "note", _("Write where and when it was said."))
    current = lock_escalation(escalation)
    check_state(current, S.AGREED, only=S.WAITING)
    chosen = own_option(current, option)
    change_state(
        current,
        S.AGREED,
        now=now,
        chosen=chosen,
        agreed_at=now,
        agreed_with=current.decider,
        reported_by=by,
        ratified_at=None,
    )
    settle_all(current, now=now)
    owe_escalation("escalation_answer", current, current.decider, soon(current, now=now), now=now)
    record_deed(current, D.REPORTED, chosen, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def ratify(escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """The decider confirms what was reported in his name.

    Raises PermissionDenied, IllegalStateError (nothing reported, confirmed already).
    """
    current = lock_reported(escalation, by=by)
    change_state(current, S.AGREED, now=now, ratified_at=now)
    record_deed(current, D.RATIFIED, current.chosen, by=by, now=now)
    go_on(current, by=by, now=now)
    return reread(current)


@transaction.atomic
def dispute(escalation: Escalation, *, note: str, by: User, now: datetime) -> Escalation:
    """The decider says that this was not agreed: the question waits for him again.

    Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    words = required_line(note, "note", _("Write what was said instead, in one sentence."))
    current = lock_reported(escalation, by=by)
    disputed = current.chosen
    ask_again(current, now=now, chosen=None, agreed_at=None, agreed_with=None, reported_by=None)
    record_deed(current, D.DISPUTED, disputed, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def apply(escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """Write what was agreed into the plan, by the same actions as any other change, and link the changes to it.

    Raises PermissionDenied, IllegalStateError (not confirmed yet, delivery not started), InvalidInputError.
    """
    require(can_escalate(by, escalation.project), owner_asks(escalation.project))
    current = lock_escalation(escalation)
    check_state(current, S.APPLIED, only=S.AGREED)
    if current.is_reported:
        raise IllegalStateError(_("%s has not confirmed this yet.") % current.decider)
    finish(current, by=by, now=now)
    return reread(current)


# -- What the deeds share ----------------------------------------------------------------------------------------------


def decider_answers(escalation: Escalation) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("Only %s answers this question now.") % escalation.decider


def own_option(escalation: Escalation, option: EscalationOption) -> EscalationOption:
    """The option, if it is one of this question. Raises InvalidInputError."""
    if option.escalation_id != escalation.pk:
        raise InvalidInputError({"option": _("Choose one of the ways out.")})
    return option


def latest(escalation: Escalation, kind: OptionKind) -> EscalationOption:
    """What stands on the table from that side now."""
    return escalation.options.filter(kind=kind).latest("pk")


def soon(escalation: Escalation, *, now: datetime) -> datetime:
    """The end of the working days that an answer is given."""
    return in_working_days(escalation.project, value(policy.ESCALATION_REPLY_DAYS), now=now)


def lock_as_decider(escalation: Escalation, *, by: User) -> Escalation:
    """The escalation under lock, for whoever it waits for now: it may have moved up since the page was opened."""
    require(can_answer_escalation(by, escalation), decider_answers(escalation))
    current = lock_escalation(escalation)
    require(can_answer_escalation(by, current), decider_answers(current))
    return current


def lock_reported(escalation: Escalation, *, by: User) -> Escalation:
    """The escalation under lock, for the decider in whose name an agreement was reported."""
    current = lock_as_decider(escalation, by=by)
    if not current.is_reported:
        raise IllegalStateError(_("No reported agreement waits for you here."))
    return current


def agree(
    escalation: Escalation,
    option: EscalationOption,
    deed: EscalationDeed,
    *,
    with_whom: User,
    by: User,
    now: datetime,
    words: str = "",
) -> None:
    """An agreement in the words of whoever could give it. The caller holds the lock."""
    change_state(
        escalation,
        S.AGREED,
        now=now,
        chosen=option,
        agreed_at=now,
        agreed_with=with_whom,
        reported_by=None,
        ratified_at=now,
    )
    escalation.chosen = option
    record_deed(escalation, deed, option, by=by, now=now, words=words)
    go_on(escalation, by=by, now=now)


def go_on(escalation: Escalation, *, by: User, now: datetime) -> None:
    """What is agreed is applied by the owner; where it changes nothing, it is done."""
    settle_all(escalation, now=now)
    if escalation.chosen is not None and escalation.chosen.changes_something:
        owe_next(escalation, now=now)
    else:
        finish(escalation, by=by, now=now)


def finish(escalation: Escalation, *, by: User, now: datetime) -> None:
    """Write the changes, link them, close the question. The caller holds the lock."""
    changes = write_changes(escalation, by=by, now=now)
    change_state(escalation, S.APPLIED, now=now, closed_at=now)
    escalation.changes.set(changes)
    settle_all(escalation, now=now)
    if changes:
        record_deed(escalation, D.APPLIED, escalation.chosen, by=by, now=now)


def write_changes(escalation: Escalation, *, by: User, now: datetime) -> list[Change]:
    """A change of the date, the budget and the scope, as far as the chosen way names them."""
    option, project = escalation.chosen, escalation.project
    if option is None:
        return []
    reason = _("%(question)s Agreed with %(person)s: %(way)s") % {
        "question": escalation.question,
        "person": escalation.agreed_with,
        "way": option,
    }
    changes = []
    if option.scope:
        changes.append(change_scope(project, option.scope, reason=reason, by=by, now=now))
    if option.cost_amount:
        changes.append(change_budget(project, option.cost_amount, reason=reason, by=by, now=now))
    if option.days:
        changes.append(move_launch(project, option.days, reason=reason, by=by, now=now))
    return changes


def move_launch(project: Project, days: int, *, reason: str, by: User, now: datetime) -> Change:
    """So many working days later than planned now."""
    current = Project.objects.select_related("site", "owner").get(pk=project.pk)
    if current.planned_launch_on is None:
        raise IllegalStateError(_("Delivery has not started yet."))
    day = current.site.calendar().add_working_days(current.planned_launch_on, days)
    return change_launch_date(current, launch_on=day, reason=reason, version=current.version, by=by, now=now)


def ask_again(escalation: Escalation, *, now: datetime, **fields: object) -> None:
    """The decider is asked anew, with his working days."""
    answer_by = soon(escalation, now=now)
    change_state(escalation, S.WAITING, now=now, answer_by=answer_by, **fields)
    settle_all(escalation, now=now)
    owe_escalation("escalation_answer", escalation, escalation.decider, answer_by, now=now)


def owe_next(escalation: Escalation, *, now: datetime) -> None:
    """The owner owes the next step: accept or answer a counter-proposal, apply an agreement."""
    owe_escalation("escalation_next", escalation, escalation.project.owner, soon(escalation, now=now), now=now)


def record_deed(
    escalation: Escalation,
    deed: EscalationDeed,
    option: EscalationOption | None,
    *,
    by: User,
    now: datetime,
    words: str = "",
) -> None:
    """History and news to the owner, the decider and the counterpart."""
    note(
        escalation,
        deed,
        told=[escalation.project.owner, escalation.decider, escalation.counterpart],
        by=by,
        now=now,
        words=words,
        after={"option": option.pk if option else None},
    )
