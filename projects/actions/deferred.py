"""What becomes of something left out when its day comes: kept for another day, or dropped, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import owe, settle
from projects.actions.project import check_fields, lock
from projects.models import DeferredItem
from projects.permissions import can_settle_deferred

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User


@transaction.atomic
def keep_deferred(item: DeferredItem, *, due_on: date, why: str, by: User, now: datetime) -> DeferredItem:
    """It is still wanted, by another day.

    Raises PermissionDenied, IllegalStateError (settled already), InvalidInputError.
    """
    current = lock_item(item, why, by=by)
    if due_on <= current.project.local_day(now):
        raise InvalidInputError({"due_on": _("Name a day after today.")})
    check_fields(DeferredItem(due_on=due_on), ["due_on"])
    before = current.due_on
    current.due_on, current.why = due_on, why.strip()
    current.save(update_fields=["due_on", "why"])
    due_at = current.project.site.end_of_day(due_on)
    owe("deferred_scope", current.pk, current.owner, due_at=due_at, now=now, project_id=current.project_id)
    record(
        "scope.kept",
        current,
        by=by,
        now=now,
        project_id=current.project_id,
        before={"due_on": before},
        after={"due_on": due_on, "why": current.why},
    )
    return current


@transaction.atomic
def drop_deferred_item(item: DeferredItem, *, why: str, by: User, now: datetime) -> DeferredItem:
    """It will not come any more: its share of the benefit stays away, and the reason is kept.

    Raises PermissionDenied, IllegalStateError (settled already), InvalidInputError.
    """
    current = lock_item(item, why, by=by)
    current.settled_at, current.is_dropped, current.why = now, True, why.strip()
    current.save(update_fields=["settled_at", "is_dropped", "why"])
    settle("deferred_scope", current.pk, now=now)
    record("scope.dropped", current, by=by, now=now, project_id=current.project_id, after={"why": current.why})
    return current


def lock_item(item: DeferredItem, why: str, *, by: User) -> DeferredItem:
    """The item as it is now, with its project under lock, for whoever may settle it and says why."""
    require(can_settle_deferred(by, item), who_settles(item))
    if not why.strip():
        raise InvalidInputError({"why": _("Write why, in one sentence.")})
    check_fields(DeferredItem(why=why.strip()), ["why"])
    project = lock(item.project)
    current = DeferredItem.objects.select_related("owner").get(pk=item.pk)
    current.project = project
    if current.settled_at is not None:
        raise IllegalStateError(_("It was settled already."))
    return current


def who_settles(item: DeferredItem) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("Only %s or the owner of the project settles it.") % item.owner
