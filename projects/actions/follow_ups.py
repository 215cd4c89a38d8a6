"""Follow-ups: opened by a retro or a condition, moved by their owners until the effect is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import owe, settle
from projects.actions.project import lock
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
    if due_on < current.local_day(now):
        raise InvalidInputError({"due_on": _("This day is past. Name a day from today on.")})
    if not owner.is_active:
        raise InvalidInputError({"owner": _("This person no longer works here.")})
    follow_up = FollowUp.objects.create(
        project=current, origin=origin, title=title, owner=owner, due_on=due_on, opened_by=by, opened_at=now
    )
    owe("follow_up", follow_up.pk, owner, due_at=current.site.end_of_day(due_on), now=now, project_id=current.pk)
    record(
        "follow_up.opened",
        follow_up,
        by=by,
        now=now,
        project_id=current.pk,
        after={"title": title, "owner": owner.pk, "due_on": due_on},
    )
    return follow_up


@transaction.atomic
def change_follow_up(follow_up: FollowUp, state: F, *, note: str = "", by: User, now: datetime) -> FollowUp:
    """Move a follow-up along. Raises PermissionDenied, IllegalStateError, InvalidInputError (dropped without a reason)."""
    require(
        can_change_follow_up(by, follow_up),
        _("Only %s or the owner of the project moves it.") % follow_up.owner,
    )
    current = lock(follow_up.project)
    if state == F.DROPPED and not note.strip():
        raise InvalidInputError({"note": _("Write why it is dropped.")})
    sources = [source for source, targets in NEXT.items() if state in targets]
    closed_at = None if state in STILL_OWED else now
    won = FollowUp.objects.filter(pk=follow_up.pk, state__in=sources).update(
        state=state, note=note, closed_at=closed_at
    )
    if not won:
        raise IllegalStateError(_("The follow-up was moved meanwhile, or cannot become “%s” from here.") % state.label)
    if state not in STILL_OWED:
        settle("follow_up", follow_up.pk, now=now)
    record(
        f"follow_up.{state}",
        follow_up,
        by=by,
        now=now,
        project_id=current.pk,
        before={"state": follow_up.state},
        after={"state": state, "note": note},
    )
    return FollowUp.objects.get(pk=follow_up.pk)
