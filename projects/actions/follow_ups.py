"""Follow-ups: opened by a retro or a condition, moved by their owners until the effect is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import owe, settle
from projects.actions.project import check_fields, check_person, lock
from projects.enums import FollowUpState as F
from projects.models import FollowUp
from projects.permissions import can_change_follow_up

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.models import Project

NEXT: Mapping[F, frozenset[F]] = {
    F.OPEN: frozenset({F.DOING, F.DONE, F.DROPPED}),
    F.DOING: frozenset({F.DONE, F.DROPPED}),
    F.DONE: frozenset({F.EFFECTIVE, F.NOT_EFFECTIVE}),
    F.EFFECTIVE: frozenset(),
    F.NOT_EFFECTIVE: frozenset(),
    F.DROPPED: frozenset(),
}
STILL_OWED = frozenset({F.OPEN, F.DOING})


@transaction.atomic
def open_follow_up(
    project: Project, *, title: str, owner: User, due_on: date, origin: str, by: User, now: datetime
) -> FollowUp:
    """Open a follow-up and let its owner owe it. The caller has checked the right to promise it."""
    current = lock(project)
    follow_up = FollowUp(
        project=current, origin=origin, title=title.strip(), owner=owner, due_on=due_on, opened_by=by, opened_at=now
    )
    check_fields(follow_up, ["origin", "title", "due_on"])
    check_person(current, owner)
    if due_on < current.local_day(now):
        raise InvalidInputError({"due_on": _("This day is past. Name a day from today on.")})
    follow_up.save()
    owe("follow_up", follow_up.pk, owner, due_at=current.site.end_of_day(due_on), now=now, project_id=current.pk)
    record(
        "follow_up.opened",
        follow_up,
        by=by,
        now=now,
        project_id=current.pk,
        after={"title": follow_up.title, "owner": owner.pk, "due_on": due_on},
    )
    return follow_up


@transaction.atomic
def change_follow_up(follow_up: FollowUp, state: F, *, note: str = "", by: User, now: datetime) -> FollowUp:
    """Move a follow-up along. Raises PermissionDenied, IllegalStateError, InvalidInputError (dropped without a reason)."""
    require_change(follow_up, by)
    project = lock(follow_up.project)
    if state == F.DROPPED and not note.strip():
        raise InvalidInputError({"note": _("Write why it is dropped.")})
    check_fields(FollowUp(note=note), ["note"])
    current = FollowUp.objects.get(pk=follow_up.pk)
    before = F(current.state)
    if state not in NEXT[before]:
        words = _("The follow-up is “%(state)s” and cannot become “%(target)s”.")
        raise IllegalStateError(words % {"state": before.label, "target": state.label})
    current.state, current.note = state, note
    if before in STILL_OWED and state not in STILL_OWED:
        current.closed_at = now
        settle("follow_up", current.pk, now=now)
    current.save(update_fields=["state", "note", "closed_at"])
    record(
        f"follow_up.{state}",
        current,
        by=by,
        now=now,
        project_id=project.pk,
        before={"state": before},
        after={"state": state, "note": note},
    )
    return current


@transaction.atomic
def carry_over(follow_up: FollowUp, due_on: date, *, by: User, now: datetime) -> FollowUp:
    """Take a follow-up along to a later day; how often that was done stays with it.

    Raises PermissionDenied, IllegalStateError (done, dropped), InvalidInputError (not later).
    """
    require_change(follow_up, by)
    project = lock(follow_up.project)
    current = FollowUp.objects.get(pk=follow_up.pk)
    if current.state not in STILL_OWED:
        raise IllegalStateError(_("It is not open any more, so there is nothing to carry over."))
    check_fields(FollowUp(due_on=due_on), ["due_on"])
    if due_on <= max(current.due_on, project.local_day(now)):
        raise InvalidInputError({"due_on": _("Name a later day than it is due now.")})
    before = current.due_on
    current.due_on, current.carried_over = due_on, current.carried_over + 1
    current.save(update_fields=["due_on", "carried_over"])
    owner, due_at = current.owner, project.site.end_of_day(due_on)
    owe("follow_up", current.pk, owner, due_at=due_at, now=now, project_id=project.pk)
    record(
        "follow_up.carried_over",
        current,
        by=by,
        now=now,
        project_id=project.pk,
        before={"date": before},
        after={"date": due_on},
    )
    return current


def require_change(follow_up: FollowUp, by: User) -> None:
    """Raise PermissionDenied unless the person may move it."""
    words = _("Only %s or the owner of the project moves it.") % follow_up.owner
    require(can_change_follow_up(by, follow_up), words)
