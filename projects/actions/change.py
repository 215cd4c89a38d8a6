"""Recorded changes of date, budget and scope, and what they do to the approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import record
from portal.common.errors import InvalidInputError, StaleObjectError
from portal.notifications.actions import announce
from projects.actions.delivery import owe_launch_on
from projects.actions.project import check_fields, delivering
from projects.actions.renewal import void_if_moved
from projects.enums import ChangeKind, Stage
from projects.models import Change, Project
from projects.permissions import people_of
from projects.summaries import budget_of

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from portal.accounts.models import User


@transaction.atomic
def change_launch_date(
    project: Project, *, launch_on: date, reason: str, version: int, by: User, now: datetime
) -> Change:
    """Move the launch, with a reason; the approved date stays beside it."""
    current = delivering(project, by=by)
    errors = {}
    if not reason.strip():
        errors["reason"] = _("Write why, in one sentence.")
    if launch_on < current.local_day(now):
        errors["launch_on"] = _("This day is past. Name a day from today on.")
    elif launch_on == current.planned_launch_on:
        errors["launch_on"] = _("This is the date it already has.")
    if errors:
        raise InvalidInputError(errors)
    check_fields(
        Project(planned_launch_on=launch_on), ["planned_launch_on"], given_as={"planned_launch_on": "launch_on"}
    )
    check_fields(Change(reason=reason), ["reason"])
    if current.version != version:
        raise StaleObjectError(current)
    old = current.planned_launch_on
    Project.objects.filter(pk=current.pk).update(
        planned_launch_on=launch_on, version=version + 1, updated_at=now, updated_by=by
    )
    change = record_change(
        current,
        ChangeKind.DATE,
        before="" if old is None else old.isoformat(),
        after=launch_on.isoformat(),
        reason=reason,
        by=by,
        now=now,
    )
    if current.stage == Stage.IN_DELIVERY:
        owe_launch_on(current, launch_on, now=now)
    announce("launch_moved", change.pk, people_of(current).exclude(pk=by.pk), now=now, project_id=current.pk)
    return change


@transaction.atomic
def change_budget(project: Project, amount: Decimal, *, reason: str, by: User, now: datetime) -> Change:
    """Add to the budget, or take from it; the approved one stays beside it.

    Raises PermissionDenied, IllegalStateError (delivery has not started), InvalidInputError.
    """
    current = delivering(project, by=by)
    check_fields(Change(reason=reason), ["reason"])
    before = budget_of(current)
    after = before + amount
    if after < 0:
        raise InvalidInputError({"cost_amount": _("The budget cannot fall below zero.")})
    return record_change(
        current, ChangeKind.BUDGET, before=str(before), after=str(after), reason=reason, by=by, now=now
    )


@transaction.atomic
def change_scope(project: Project, words: str, *, reason: str, by: User, now: datetime) -> Change:
    """Say what the project does otherwise than approved.

    Raises PermissionDenied, IllegalStateError (delivery has not started), InvalidInputError.
    """
    current = delivering(project, by=by)
    check_fields(Change(reason=reason, after=words), ["reason", "after"])
    return record_change(current, ChangeKind.SCOPE, before="", after=words, reason=reason, by=by, now=now)


def record_change(
    project: Project, kind: ChangeKind, *, before: str, after: str, reason: str, by: User, now: datetime
) -> Change:
    """One numbered row in the history of changes; it may take the ground from the approval. The caller holds the lock."""
    change = write_change(project, kind, before=before, after=after, reason=reason, by=by, now=now)
    void_if_moved(project, by=by, now=now)
    return change


def write_change(
    project: Project, kind: ChangeKind, *, before: str, after: str, reason: str, by: User, now: datetime
) -> Change:
    """One numbered row, and its audit row. The caller holds the lock, and asks what it does to the approval."""
    last = Change.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    change = Change.objects.create(
        project=project,
        number=last + 1,
        kind=kind,
        before=before,
        after=after,
        reason=reason,
        made_by=by,
        made_at=now,
    )
    record(
        "change.recorded",
        change,
        by=by,
        now=now,
        project_id=project.pk,
        before={kind: before},
        after={kind: after, "reason": reason},
    )
    return change
