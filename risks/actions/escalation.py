"""Putting a question with a proposal to a decider: raised, given to the counterpart first, asked, moved up, withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import on_behalf, record
from portal.common.errors import InvalidInputError
from portal.common.written import date_long
from portal.notifications.actions import announce, owe, settle
from portal.policy.store import value
from projects.actions.project import check_fields, check_person
from projects.models import Project
from risks import policy
from risks.actions.occurrence import one_line
from risks.actions.register import check_day, in_working_days, lock_register, tidy
from risks.enums import EscalationDeed, EscalationState, OptionKind
from risks.lifecycle import InvalidEscalationMoveError, check_escalation_move
from risks.models import Escalation, EscalationEvent, EscalationOption
from risks.permissions import can_escalate, can_settle_low

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.lifecycle import Passage
    from risks.models import Risk

D = EscalationDeed
#: Every kind of thing that is owed to a question.
ABOUT_ESCALATIONS = ("escalation_counterpart", "escalation_answer", "escalation_next")
#: The longest line of managers that is walked; a ring of managers ends here.
MOST_LEVELS = 12


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a question, with what it changes."""

    title: str
    days: int = 0
    cost_amount: Decimal | None = None
    scope: str = ""
    benefit_amount: Decimal | None = None


NOTHING = Way("")


@transaction.atomic
def escalate(  # noqa: PLR0913 -- the question, its ways out, and whom it goes to: each is asked for
    project: Project,
    *,
    question: str,
    proposal: Way,
    nothing: Way = NOTHING,
    others: Sequence[Way] = (),
    background: str = "",
    decider: User,
    counterpart: User | None = None,
    answer_on: date,
    risk: Risk | None = None,
    by: User,
    now: datetime,
) -> Escalation:
    """Put a question. With a counterpart it stays between the two until the end of the next working day.

    Raises PermissionDenied, IllegalStateError (the project is over), InvalidInputError.
    """
    require(can_escalate(by, project), owner_asks(project))
    current = lock_register(project)
    private_until = in_working_days(current, 1, now=now) if counterpart is not None else None
    check_asked(current, decider, counterpart, risk)
    check_day(answer_on, current, "answer_on", now=now)
    if private_until is not None and answer_on <= current.local_day(private_until):
        words = _("The other side has a working day first: name a day after %s.")
        raise InvalidInputError({"answer_on": words % date_long(current.local_day(private_until))})
    escalation = Escalation(
        project=current,
        risk=risk,
        question=tidy(question),
        background=background.strip(),
        decider=decider,
        counterpart=counterpart,
        asked_by=by,
        raised_at=now,
        private_until=private_until,
        answer_by=current.site.end_of_day(answer_on),
        updated_at=now,
    )
    check_fields(escalation, ["question", "background"])
    escalation.save()
    add_option(escalation, OptionKind.PROPOSAL, proposal, "proposal", by=by, now=now)
    for other in others:
        add_option(escalation, OptionKind.OTHER, other, "other", by=by, now=now)
    add_option(escalation, OptionKind.NOTHING, nothing, "nothing", by=by, now=now)
    told = [counterpart] if counterpart is not None else []
    note(escalation, D.RAISED, told=told, by=by, now=now, after={"question": escalation.question})
    if counterpart is None:
        put_to_decider(escalation, by=by, now=now)
    else:
        owe_escalation("escalation_counterpart", escalation, counterpart, private_until or now, now=now)
    return reread(escalation)


def check_asked(project: Project, decider: User, counterpart: User | None, risk: Risk | None) -> None:
    """Whoever is asked is another, still works here and sees the project. Raises InvalidInputError."""
    check_person(project, decider, "decider")
    if decider.pk == project.owner_id:
        raise InvalidInputError({"decider": _("Nobody decides on a question of his own project.")})
    if counterpart is not None:
        check_person(project, counterpart, "counterpart")
        if counterpart.pk in {project.owner_id, decider.pk}:
            raise InvalidInputError({"counterpart": _("The other side is neither you nor the decider.")})
    if risk is not None and risk.project_id != project.pk:
        raise InvalidInputError({"risk": _("This risk belongs to another project.")})


def add_option(
    escalation: Escalation, kind: OptionKind, way: Way, prefix: str, *, by: User, now: datetime
) -> EscalationOption:
    """One way out; doing nothing needs no words. Field errors carry `prefix`, because a form asks for several ways."""
    if kind != OptionKind.NOTHING and not tidy(way.title):
        raise InvalidInputError({f"{prefix}_title": _("Write what is done, in one sentence.")})
    option = EscalationOption(
        escalation=escalation,
        kind=kind,
        title=tidy(way.title),
        days=way.days,
        cost_amount=way.cost_amount,
        scope=tidy(way.scope),
        benefit_amount=way.benefit_amount,
        added_by=by,
        added_at=now,
    )
    fields = ("title", "days", "cost_amount", "scope", "benefit_amount")
    check_fields(option, fields, given_as={field: f"{prefix}_{field}" for field in fields})
    option.save()
    return option


@transaction.atomic
def let_it_go_up(escalation: Escalation, *, note: str = "", by: User, now: datetime) -> Escalation:
    """The counterpart says: ask the decider now, we do not agree.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError.
    """
    require(can_settle_low(by, escalation), _("Only %s can say this.") % (escalation.counterpart or ""))
    words = one_line(note, "note")
    current = lock_escalation(escalation)
    check_state(current, EscalationState.WAITING, only=EscalationState.OPEN)
    put_to_decider(current, by=by, now=now, words=words)
    return reread(current)


@transaction.atomic
def end_private_day(escalation: Escalation, *, now: datetime) -> bool:
    """Policy: the counterpart's day is over, so the decider is asked; True if it was asked now."""
    current = lock_escalation(escalation)
    if current.state != EscalationState.OPEN or current.private_until is None or current.private_until > now:
        return False
    put_to_decider(current, by=None, now=now)
    return True


def put_to_decider(escalation: Escalation, *, by: User | None, now: datetime, words: str = "") -> None:
    """Ask the decider. The caller holds the lock. He has a working day at least, however late the private one ended."""
    project = escalation.project
    answer_by = max(escalation.answer_by, in_working_days(project, 1, now=now))
    change_state(escalation, EscalationState.WAITING, now=now, asked_at=now, answer_by=answer_by)
    settle("escalation_counterpart", escalation.pk, now=now)
    owe_escalation("escalation_answer", escalation, escalation.decider, answer_by, now=now)
    note(
        escalation,
        D.ASKED,
        told=[escalation.decider],
        by=by,
        now=now,
        words=words,
        person=escalation.decider,
        after={"decider": escalation.decider_id, "answer_by": answer_by},
    )


@transaction.atomic
def move_up(escalation: Escalation, *, now: datetime) -> bool:
    """Policy: the answer was missed, so the question goes to the decider's own manager; True if it moved.

    One level at a time, and each level gets its working days anew. Where nobody stands above, it stays where it is.
    """
    current = lock_escalation(escalation)
    if not current.is_late(now):
        return False
    above = next_decider(current)
    if above is None:
        return False
    before = current.decider
    answer_by = in_working_days(current.project, value(policy.ESCALATION_REPLY_DAYS), now=now)
    change_state(current, EscalationState.WAITING, now=now, decider=above, level=F("level") + 1, answer_by=answer_by)
    settle("escalation_answer", current.pk, now=now)
    owe_escalation("escalation_answer", current, above, answer_by, now=now)
    note(
        current,
        D.MOVED_UP,
        told=[above, before, current.project.owner],
        by=None,
        now=now,
        person=above,
        before={"decider": before.pk},
        after={"decider": above.pk, "answer_by": answer_by},
    )
    return True


def next_decider(escalation: Escalation) -> User | None:
    """The direct manager of the decider. Passed over is only who left, who owns the project, or may not see it."""
    person = escalation.decider
    seen = {person.pk}
    for _level in range(MOST_LEVELS):
        above = person.manager or person.dotted_manager
        if above is None or above.pk in seen:
            return None
        seen.add(above.pk)
        if above.is_active and above.pk != escalation.project.owner_id and sees(above, escalation.project):
            return above
        person = above
    return None


def sees(person: User, project: Project) -> bool:
    """Whether the person may see the project."""
    return Project.objects.visible_to(person).filter(pk=project.pk).exists()


@transaction.atomic
def withdraw(escalation: Escalation, *, reason: str = "", by: User, now: datetime) -> Escalation:
    """Take the question back. Close to the launch the reason is asked, and the launch shows it.

    Raises PermissionDenied, InvalidEscalationMoveError, InvalidInputError.
    """
    require(can_escalate(by, escalation.project), owner_asks(escalation.project))
    words = one_line(reason, "reason")
    current = lock_escalation(escalation)
    is_late = current.asked_at is not None and is_close_to_launch(current.project, now=now)
    if is_late and not words:
        raise InvalidInputError({"reason": _("The launch is close: write why the question is no longer one.")})
    end(current, by=by, now=now, words=words, is_late=is_late)
    return reread(current)


def end(escalation: Escalation, *, by: User | None, now: datetime, words: str, is_late: bool = False) -> None:
    """Withdrawn: nobody owes anything to it any more. The caller holds the lock."""
    deed = D.DROPPED if escalation.asked_at is None else D.WITHDRAWN
    told = {escalation.counterpart} if escalation.asked_at is None else {escalation.decider, escalation.counterpart}
    change_state(
        escalation,
        EscalationState.WITHDRAWN,
        now=now,
        closed_at=now,
        why_withdrawn=words,
        is_withdrawn_late=is_late,
    )
    settle_all(escalation, now=now)
    note(escalation, deed, told=told, by=by, now=now, words=words, after={"why": words})


def is_close_to_launch(project: Project, *, now: datetime) -> bool:
    """Whether the planned launch lies within the days in which a withdrawal shows."""
    if project.planned_launch_on is None or not project.is_in_motion:
        return False
    days = project.site.calendar().working_days_between(project.local_day(now), project.planned_launch_on)
    return days <= value(policy.LATE_WITHDRAWAL_DAYS)


def withdraw_all(passage: Passage) -> None:
    """Consequence of closing and cancelling: no question of the project waits for anybody."""
    for escalation in Escalation.objects.filter(project=passage.project).unsettled().select_related(*RELATED):
        end(escalation, by=passage.by, now=passage.now, words="")


# -- What the deeds share ----------------------------------------------------------------------------------------------

RELATED = (
    "project__owner",
    "project__site",
    "decider__manager",
    "decider__dotted_manager",
    "counterpart",
    "chosen",
    "reported_by",
    "asked_by",
)


def owner_asks(project: Project) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("Only the owner can do this. The owner is %s.") % project.owner


def lock_escalation(escalation: Escalation) -> Escalation:
    """The escalation as it is now, with its project under lock."""
    project = lock_register(escalation.project)
    current = Escalation.objects.select_related(*RELATED).get(pk=escalation.pk)
    current.project = project
    return current


def check_state(escalation: Escalation, target: EscalationState, *, only: EscalationState | None = None) -> None:
    """Raise InvalidEscalationMoveError unless `target` may follow, and `only` is where it stands."""
    check_escalation_move(EscalationState(escalation.state), target)
    if only is not None and escalation.state != only:
        raise InvalidEscalationMoveError(EscalationState(escalation.state), target)


def change_state(escalation: Escalation, target: EscalationState, *, now: datetime, **fields: Any) -> None:
    """Table and update. The caller holds the lock, owes and settles, and writes the history."""
    check_escalation_move(EscalationState(escalation.state), target)
    Escalation.objects.filter(pk=escalation.pk).update(state=target, version=F("version") + 1, updated_at=now, **fields)
    escalation.state = target


def owe_escalation(kind: str, escalation: Escalation, person: User, due_at: datetime, *, now: datetime) -> None:
    """One person owes the next word."""
    owe(kind, escalation.pk, person, due_at=due_at, now=now, project_id=escalation.project_id)


def settle_all(escalation: Escalation, *, now: datetime) -> None:
    """Nobody owes a word about it."""
    for kind in ABOUT_ESCALATIONS:
        settle(kind, escalation.pk, now=now)


def note(  # noqa: PLR0913 -- who did what, who hears it, and what the record keeps
    escalation: Escalation,
    deed: EscalationDeed,
    *,
    told: Iterable[User | None],
    by: User | None,
    now: datetime,
    words: str = "",
    person: User | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """History, audit and news of one deed; the news is about the deed, so that a second one is news again."""
    event = EscalationEvent.objects.create(
        escalation=escalation, deed=deed, actor=by, person=person, at=now, note=words
    )
    hearers = {hearer for hearer in told if hearer is not None and hearer != by}
    announce("escalation", event.pk, hearers, now=now, project_id=escalation.project_id)
    with on_behalf(absent_decider(escalation, deed, by)):
        record(
            f"escalation.{deed}",
            escalation,
            by=by,
            now=now,
            project_id=escalation.project_id,
            before=before,
            after=(after or {}) | ({"note": words} if words else {}),
        )


def absent_decider(escalation: Escalation, deed: EscalationDeed, by: User | None) -> User | None:
    """The decider, where somebody who stands in for him said his word."""
    is_his = deed in {D.DECIDED, D.COUNTERED, D.RATIFIED, D.DISPUTED}
    return escalation.decider if is_his and by is not None and by.pk != escalation.decider_id else None


def reread(escalation: Escalation) -> Escalation:
    """The escalation as it is stored now."""
    return Escalation.objects.select_related(*RELATED).get(pk=escalation.pk)
