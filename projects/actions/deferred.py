"""What is left out for later: a debt with an owner and a day, until it comes, is kept for another day, or is dropped."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import owe, settle
from projects.actions.project import check_fields, check_person, delivering, lock
from projects.models import DeferredItem, Project
from projects.permissions import can_settle_deferred

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.lifecycle import Passage
    from projects.models import BenefitLine


@transaction.atomic
def defer_scope(  # noqa: PLR0913 -- what, who, when, and what it costs: each is asked for
    project: Project,
    *,
    title: str,
    owner: User,
    due_on: date,
    benefit_line: BenefitLine,
    share: Decimal,
    by: User,
    now: datetime,
) -> DeferredItem:
    """Leave something out, as a debt with an owner, a date, and the benefit it takes away."""
    current = delivering(project, by=by)
    item = DeferredItem(
        project=current,
        title=title.strip(),
        owner=owner,
        due_on=due_on,
        benefit_line=benefit_line,
        share=share,
        added_by=by,
        added_at=now,
    )
    check_fields(item, ["title", "due_on", "share"])
    check_person(current, owner)
    errors = {}
    if benefit_line.project_id != current.pk:
        errors["benefit_line"] = _("This benefit belongs to another project.")
    if due_on <= current.local_day(now):
        errors["due_on"] = _("Name a day after today.")
    missing = Q(settled_at__isnull=True) | Q(is_dropped=True)
    taken = DeferredItem.objects.filter(missing, benefit_line=benefit_line).aggregate(total=Sum("share"))[
        "total"
    ] or Decimal(0)
    if taken + share > 1:
        errors["share"] = _("Together the items would take away more than the whole benefit.")
    if errors:
        raise InvalidInputError(errors)
    item.save()
    Project.objects.filter(pk=current.pk).update(nothing_deferred_by=None)
    owe("deferred_scope", item.pk, owner, due_at=current.site.end_of_day(due_on), now=now, project_id=current.pk)
    record(
        "scope.deferred",
        item,
        by=by,
        now=now,
        project_id=current.pk,
        after={"title": item.title, "owner": owner.pk, "due_on": due_on, "share": share},
    )
    return item


@transaction.atomic
def settle_deferred(item: DeferredItem, *, by: User, now: datetime) -> DeferredItem:
    """The deferred scope came after all, or is no longer wanted."""
    require(can_settle_deferred(by, item), who_settles(item))
    current = lock(item.project)
    won = DeferredItem.objects.filter(pk=item.pk, settled_at__isnull=True).update(settled_at=now)
    if not won:
        raise IllegalStateError(_("It was settled already."))
    settle("deferred_scope", item.pk, now=now)
    record("scope.settled", item, by=by, now=now, project_id=current.pk, after={"settled_at": now})
    item.settled_at = now
    return item


@transaction.atomic
def confirm_nothing_deferred(project: Project, *, by: User, now: datetime) -> Project:
    """Say that nothing was left out: launch asks for this or for the list."""
    current = delivering(project, by=by)
    if DeferredItem.objects.filter(project=current, settled_at__isnull=True).exists():
        raise IllegalStateError(_("Something is listed as left out; settle it first."))
    Project.objects.filter(pk=current.pk).update(nothing_deferred_by=by)
    record("scope.nothing_deferred", current, by=by, now=now, project_id=current.pk)
    current.nothing_deferred_by = by
    return current


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


def drop_deferred(passage: Passage) -> None:
    """Consequence of cancelling: nobody brings what was left out of it; the list stays as it was."""
    for item in DeferredItem.objects.filter(project=passage.project, settled_at__isnull=True):
        settle("deferred_scope", item.pk, now=passage.now)


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
