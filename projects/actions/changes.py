"""The history of changes of a project: numbered rows that are never changed themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from portal.audit.actions import record
from projects.models import Change

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User
    from projects.enums import ChangeKind
    from projects.models import Project


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
