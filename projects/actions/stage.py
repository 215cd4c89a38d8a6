"""The one way in which a project moves from stage to stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import GateError, InvalidInputError, StaleObjectError
from projects.actions.project import check_fields, lock
from projects.enums import LaunchKind, Stage, Tier
from projects.lifecycle import TRANSITIONS, Passage, Transition, missing_for, process, target_of
from projects.models import Project, StageChange
from projects.permissions import can_move

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User

#: A person says why; the reason is kept with the history.
NEEDS_REASON = frozenset({Transition.HOLD, Transition.CANCEL, Transition.ROLL_BACK})


@transaction.atomic
def move(
    project: Project, transition: Transition, *, by: User, now: datetime, note: str = "", version: int | None = None
) -> Project:
    """Make a transition that a person may make by himself. `version` binds it to what he saw.

    Raises PermissionDenied, InvalidTransitionError, GateError, StaleObjectError, InvalidInputError (no reason given).
    """
    require(
        can_move(by, project, transition),
        _("Only the owner can do this. The owner is %s.") % project.owner,
    )
    if transition in NEEDS_REASON and not note.strip():
        raise InvalidInputError({"note": _("Write why, in one sentence.")})
    check_fields(StageChange(note=note), ["note"])
    current = lock(project)
    if version is not None and current.version != version:
        raise StaleObjectError(current)
    return pass_on(current, transition, by=by, now=now, note=note)


def pass_on(project: Project, transition: Transition, *, by: User | None, now: datetime, note: str = "") -> Project:
    """Table, gates, conditional update, history, audit, consequences. The caller holds the lock and checked the right."""
    source = Stage(project.stage)
    held_from = Stage(project.held_from) if project.held_from else None
    target = target_of(source, transition, held_from=held_from)
    missing = missing_for(project, transition, by=by, now=now)
    if missing:
        raise GateError(missing)
    won = Project.objects.filter(pk=project.pk, stage=source).update(
        stage=target,
        held_from=source if transition == Transition.HOLD else "",
        version=F("version") + 1,
        **dates_of(transition, now),
    )
    if not won:
        raise StaleObjectError(project)
    StageChange.objects.create(
        project=project,
        transition=transition,
        from_stage=source,
        to_stage=target,
        actor=by,
        at=now,
        note=note,
    )
    moved = Project.objects.select_related("site", "owner").get(pk=project.pk)
    record(
        f"project.{transition}",
        moved,
        by=by,
        now=now,
        project_id=project.pk,
        before={"stage": source},
        after={"stage": target},
    )
    passage = Passage(project=moved, transition=transition, source=source, by=by, now=now, note=note)
    for consequence in process().rules[transition].consequences:
        consequence(passage)
    return Project.objects.select_related("site", "owner").get(pk=project.pk)


def dates_of(transition: Transition, now: datetime) -> dict[str, Any]:
    """The dates that a transition itself writes."""
    if transition == Transition.START:
        return {"started_at": now}
    if transition == Transition.LAUNCH:
        return {"launched_at": now, "launch_kind": LaunchKind.FULL}
    if transition == Transition.ROLL_BACK:
        return {"launched_at": None, "launch_kind": ""}
    if transition == Transition.CLOSE:
        return {"closed_at": now}
    return {}


@transaction.atomic
def try_close(project: Project, *, now: datetime) -> bool:
    """Close a light project by policy once its retro is settled and its number is in; True if it closed now."""
    current = lock(project)
    if current.tier != Tier.LIGHT or current.stage not in TRANSITIONS[Transition.CLOSE].sources:
        return False
    if missing_for(current, Transition.CLOSE, by=None, now=now):
        return False
    pass_on(current, Transition.CLOSE, by=None, now=now)
    return True
