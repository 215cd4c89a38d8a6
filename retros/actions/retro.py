"""Owing a retro, picking its day, holding or waiving it. Answers and lessons have modules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import GateError, IllegalStateError, InvalidInputError, StaleObjectError
from portal.common.formats import date_long
from portal.notifications.actions import announce, owe, settle
from portal.policy.store import value
from projects.actions.project import check_fields, lock
from projects.actions.stage import try_close
from projects.enums import Stage
from projects.lifecycle import Transition
from projects.permissions import people_of
from retros import policy
from retros.enums import UNSETTLED, RetroState
from retros.models import Note, Participant, Retro
from retros.permissions import asked, can_answer, can_facilitate, can_hold, can_waive
from retros.summaries import missing_to_hold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from portal.accounts.models import User
    from portal.audit.models import AuditEntry
    from projects.lifecycle import Passage
    from projects.models import Project

#: A project cancelled from here had been approved: what was learnt is owed. (An on-hold one was approved before.)
AFTER_APPROVAL = frozenset({Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD})


def owe_retro(passage: Passage) -> None:
    """Consequence of launch, and of a cancellation after approval: the owner owes a retro, the others their answers.

    An unsettled one stays as it is: a project that was rolled back and launched again still owes that.
    """
    if passage.transition == Transition.CANCEL and passage.source not in AFTER_APPROVAL:
        return
    project, now = passage.project, passage.now
    if Retro.objects.owed().filter(project=project).exists():
        return
    today, calendar = project.local_day(now), project.site.calendar()
    due_on = calendar.add_working_days(today, value(policy.RETRO_DAYS))
    retro = Retro.objects.create(project=project, tier=project.tier, owed_since=now, due_on=due_on)
    record("retro.owed", retro, by=passage.by, now=now, project_id=project.pk, after={"due_on": due_on})
    owe("retro", retro.pk, project.owner, due_at=project.site.end_of_day(due_on), now=now, project_id=project.pk)
    answers_on = min(due_on, calendar.add_working_days(today, value(policy.ANSWER_DAYS)))
    invite(retro, project, answers_on=answers_on, now=now)


def invite(retro: Retro, project: Project, *, answers_on: date, now: datetime) -> None:
    """Let every member and assessor owe an answer by a day; the caller holds the lock."""
    due_at = project.site.end_of_day(answers_on)
    for person in asked(project):
        owe("retro_answer", retro.pk, person, due_at=due_at, now=now, project_id=project.pk)


def still_open(retro: Retro) -> Retro:
    """The retro as it is now, under the lock of its project. Raises IllegalStateError once it is held or waived."""
    project = lock(retro.project)
    current = Retro.objects.get(pk=retro.pk)
    current.project = project
    if current.is_waived:
        raise IllegalStateError(_("The retro was waived: nothing is written in it any more."))
    if current.is_settled:
        raise IllegalStateError(_("The retro was held already: nothing is written in it any more."))
    return current


@transaction.atomic
def pick_day(retro: Retro, *, planned_on: date, version: int, by: User, now: datetime, **details: Any) -> Retro:
    """The owner names the day of the retro; he is reminded for that day. The day it was due stays beside it.

    For a meeting `details` are its hour, place and facilitator, and everybody is told of it.
    Raises PermissionDenied, IllegalStateError, StaleObjectError, InvalidInputError (past, or too far ahead).
    """
    require_hold(retro, by)
    current = still_open(retro)
    project = current.project
    check_day(project, planned_on, now=now)
    check_details(current, details)
    if all(getattr(current, name) == new for name, new in {"planned_on": planned_on, **details}.items()):
        return current
    write(
        current, version=version, planned_on=planned_on, state=after_picking(current), pulse=F("pulse") + 1, **details
    )
    owe("retro", current.pk, project.owner, due_at=project.site.end_of_day(planned_on), now=now, project_id=project.pk)
    after = {"planned_on": planned_on, **details}
    before = {name: getattr(current, name) for name in after}
    entry = record("retro.day_picked", current, by=by, now=now, project_id=project.pk, before=before, after=after)
    if current.is_board:
        tell_meeting(current, entry, by=by, now=now)
    return Retro.objects.get(pk=current.pk)


def tell_meeting(before: Retro, entry: AuditEntry, *, by: User, now: datetime) -> None:
    """Everybody hears when it is, and of each move of its time or place: the news is about the move."""
    hearers, project_id = people_of(before.project).exclude(pk=by.pk), before.project_id
    if before.planned_on is None:
        announce("retro_called", before.pk, hearers, now=now, project_id=project_id)
    elif has_moved(entry):
        announce("retro_moved", entry.pk, hearers, now=now, project_id=project_id)


def has_moved(entry: AuditEntry) -> bool:
    """Whether day, hour or place are others; who leads it is no news."""
    old, new = entry.before or {}, entry.after or {}
    return any(old.get(name) != new.get(name) for name in ("planned_on", "begins_at", "place"))


def check_day(project: Project, planned_on: date, *, now: datetime) -> None:
    """Neither past nor too far ahead. Raises InvalidInputError."""
    today = project.local_day(now)
    latest = project.site.calendar().add_working_days(today, value(policy.PICK_DAYS))
    if planned_on < today:
        raise InvalidInputError({"planned_on": _("This day is past. Name a day from today on.")})
    if planned_on > latest:
        words = _("Too far ahead: %s at the latest.") % date_long(latest, get_language() or "en", today)
        raise InvalidInputError({"planned_on": words})


def check_details(retro: Retro, details: Mapping[str, Any]) -> None:
    """Hour, place and facilitator of a meeting, who is one of its people. Raises InvalidInputError."""
    check_fields(Retro(place=details.get("place", "")), ["place"])
    facilitator = details.get("facilitator")
    if facilitator is not None and not can_answer(facilitator, retro.project):
        raise InvalidInputError({"facilitator": _("%s has no part in the project.") % facilitator})


def after_picking(retro: Retro) -> RetroState:
    """A picked day does not undo that answers are coming in."""
    return RetroState.SCHEDULED if retro.state == RetroState.OWED else RetroState(retro.state)


@transaction.atomic
def hold(retro: Retro, *, nothing_to_do: bool = False, by: User, now: datetime) -> Retro:
    """Say that the retro was held: what is owed for it is settled, and a light project may close by itself.

    Raises PermissionDenied, IllegalStateError (settled already), GateError (what is missing).
    """
    require_hold(retro, by)
    current = still_open(retro)
    missing = missing_to_hold(current, nothing_to_do=nothing_to_do)
    if missing:
        raise GateError(missing)
    is_nothing_to_do = not current.follow_ups.exists()
    held = conclude(current, RetroState.HELD, by=by, now=now, held_at=now, is_nothing_to_do=is_nothing_to_do)
    hearers = people_of(current.project).exclude(pk=by.pk)
    announce("retro_held", held.pk, hearers, now=now, project_id=current.project_id)
    try_close(current.project, now=now)
    return held


@transaction.atomic
def waive(retro: Retro, *, reason: str, by: User, now: datetime) -> Retro:
    """A lead does without this retro and says why.

    Raises PermissionDenied, IllegalStateError (settled already), InvalidInputError (no reason).
    """
    require_waive(retro, by)
    if not reason.strip():
        raise InvalidInputError({"reason": _("Write why, in one sentence.")})
    current = still_open(retro)
    clear_board(current)
    waived = conclude(current, RetroState.WAIVED, by=by, now=now, waived_because=reason.strip())
    announce("retro_waived", waived.pk, [current.project.owner], now=now, project_id=current.project_id)
    try_close(current.project, now=now)
    return waived


def clear_board(retro: Retro) -> None:
    """What was written for a meeting that will not be held is nobody's to read. The caller holds the lock."""
    Note.objects.filter(retro=retro).delete()
    Participant.objects.filter(retro=retro).delete()
    Retro.objects.filter(pk=retro.pk).update(vote_secret="")


@transaction.atomic
def mail_minutes(retro: Retro, *, by: User, now: datetime) -> None:
    """Tell everybody of the project what came of it, with the way to the minutes; sent again it is no news.

    Raises PermissionDenied, IllegalStateError (not held).
    """
    require(can_facilitate(by, retro), only_owner(retro.project))
    if not retro.is_held:
        raise IllegalStateError(_("There are no minutes before the retro was held."))
    hearers = people_of(retro.project).exclude(pk=by.pk)
    announce("retro_minutes", retro.pk, hearers, now=now, project_id=retro.project_id)
    record("retro.minutes_sent", retro, by=by, now=now, project_id=retro.project_id)


def conclude(retro: Retro, state: RetroState, *, by: User, now: datetime, **values: Any) -> Retro:
    """Settle the retro and everything that is owed for it. The caller holds the lock."""
    write(retro, version=retro.version, state=state, closed_by=by, pulse=F("pulse") + 1, **values)
    settle("retro", retro.pk, now=now)
    settle("retro_answer", retro.pk, now=now)
    record(
        f"retro.{state}",
        retro,
        by=by,
        now=now,
        project_id=retro.project_id,
        before={"state": retro.state},
        after={"state": state, **values},
    )
    return Retro.objects.get(pk=retro.pk)


def write(retro: Retro, *, version: int, **values: Any) -> None:
    """Change the row that was read, as long as nobody else did. Raises StaleObjectError."""
    won = Retro.objects.filter(pk=retro.pk, version=version, state__in=UNSETTLED).update(
        version=F("version") + 1, **values
    )
    if not won:
        raise StaleObjectError(retro)


def beat(retro: Retro) -> None:
    """Let the open pages of the board know that there is something new."""
    Retro.objects.filter(pk=retro.pk).update(pulse=F("pulse") + 1)


def only_owner(project: Project) -> Any:
    """Who could have done it, for a refusal."""
    return _("Only the owner of the project does this. The owner is %s.") % project.owner


def require_hold(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may set its day and hold it."""
    require(can_hold(by, retro.project), only_owner(retro.project))


def require_waive(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may waive it."""
    require(can_waive(by, retro.project), _("A lead may waive it, but not for a project of his own."))
