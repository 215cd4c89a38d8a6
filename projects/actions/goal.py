"""Goals: set for a quarter, measured by key results, carried over where they are not reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import normal_name
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, StaleObjectError
from projects.actions.product import check_owner
from projects.actions.project import check_fields, only_one
from projects.models import Goal, KeyResult, Product
from projects.permissions import can_keep_goals
from projects.quarters import later

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from metrics.models import Metric
    from portal.accounts.models import User

WHO_MAY = _("Product managers and leads set the goals.")
TAKEN = _("This quarter has this goal already.")


@transaction.atomic
def set_goal(objective: str, *, quarter: str, owner: User, by: User, now: datetime) -> Goal:
    """Set a goal for a quarter. Raises PermissionDenied, InvalidInputError (already set, owner left)."""
    require(can_keep_goals(by), WHO_MAY)
    goal = Goal(**judged(objective, quarter), owner=owner, updated_at=now, updated_by=by)
    check_owner(owner)
    with only_one("objective", TAKEN, "objective"):
        goal.save()
    record("goal.set", goal, by=by, now=now, after=kept(goal))
    return goal


@transaction.atomic
def edit_goal(goal: Goal, *, objective: str, quarter: str, owner: User, version: int, by: User, now: datetime) -> Goal:
    """Change the words, the quarter or the owner. Raises PermissionDenied, InvalidInputError, StaleObjectError."""
    require(can_keep_goals(by), WHO_MAY)
    values = judged(objective, quarter) | {"owner": owner}
    current = held(goal)
    if owner.pk != current.owner_id:
        check_owner(owner)
    if current.version != version:
        raise StaleObjectError(current)
    before = kept(current)
    with only_one("objective", TAKEN, "objective"):
        Goal.objects.filter(pk=goal.pk).update(**values, version=F("version") + 1, updated_at=now, updated_by=by)
    saved = Goal.objects.get(pk=goal.pk)
    record("goal.edited", saved, by=by, now=now, before=before, after=kept(saved))
    return saved


@transaction.atomic
def set_key_result(goal: Goal, metric: Metric, *, target: Decimal, by: User, now: datetime) -> KeyResult:
    """Measure the goal by a metric; where it is measured by it already, the target moves.

    Raises PermissionDenied, InvalidInputError.
    """
    require(can_keep_goals(by) and not metric.is_restricted, WHO_MAY)
    check_fields(KeyResult(target=target), ["target"])
    current = held(goal)
    before = KeyResult.objects.filter(goal=current, metric=metric).values("target").first()
    last = KeyResult.objects.filter(goal=current).aggregate(last=Max("position"))["last"] or 0
    key_result, _is_new = KeyResult.objects.update_or_create(
        goal=current,
        metric=metric,
        defaults={"target": target},
        create_defaults={"target": target, "position": last + 1},
    )
    after = {"metric": metric.pk, "target": target}
    record("goal.key_result_set", current, by=by, now=now, before=before, after=after)
    return key_result


@transaction.atomic
def drop_key_result(key_result: KeyResult, *, by: User, now: datetime) -> None:
    """Measure the goal by this metric no longer; again changes nothing. Raises PermissionDenied."""
    require(can_keep_goals(by), WHO_MAY)
    goal = held(key_result.goal)
    dropped, _rows = KeyResult.objects.filter(pk=key_result.pk).delete()
    if dropped:
        before = {"metric": key_result.metric_id, "target": key_result.target}
        record("goal.key_result_dropped", goal, by=by, now=now, before=before)


@transaction.atomic
def carry_over(goal: Goal, *, by: User, now: datetime) -> Goal:
    """Go on with the goal in the quarter after its own: a copy with its key results, to which its products turn.

    Its projects stay where they were pitched. Raises PermissionDenied, IllegalStateError (done already, no owner).
    """
    require(can_keep_goals(by), WHO_MAY)
    current = held(goal)
    quarter = later(current.quarter)
    check_carried(current, quarter)
    copy = Goal(
        quarter=quarter,
        objective=current.objective,
        owner=current.owner,
        carried_from=current,
        updated_at=now,
        updated_by=by,
    )
    copy.save()
    KeyResult.objects.bulk_create(
        KeyResult(goal=copy, metric_id=one.metric_id, target=one.target, position=one.position)
        for one in current.key_results.all()
    )
    followers = list(Product.objects.filter(goal=current).values_list("pk", flat=True))
    Product.objects.filter(pk__in=followers).update(goal=copy, version=F("version") + 1, updated_at=now, updated_by=by)
    after = kept(copy) | {"products": followers}
    record(
        "goal.carried_over", copy, by=by, now=now, before={"goal": current.pk, "quarter": current.quarter}, after=after
    )
    return copy


def check_carried(goal: Goal, quarter: str) -> None:
    """Whether the goal can go on in this quarter, in words that say what stands in the way. Raises IllegalStateError."""
    if Goal.objects.filter(carried_from=goal).exists():
        raise IllegalStateError(_("This goal is carried over already."))
    if Goal.objects.filter(quarter=quarter, objective=goal.objective).exists():
        raise IllegalStateError(_("%(quarter)s has this goal already.") % {"quarter": quarter})
    if not goal.owner.is_active:
        raise IllegalStateError(_("%s no longer works here. Name an owner first.") % goal.owner)


def held(goal: Goal) -> Goal:
    """The goal as it is now, locked until the transaction ends."""
    return Goal.objects.select_for_update(of=("self",)).select_related("owner").get(pk=goal.pk)


def judged(objective: str, quarter: str) -> dict[str, Any]:
    """The values as they are kept, by the model's own rules. Raises InvalidInputError."""
    values = {"objective": normal_name(objective), "quarter": quarter}
    check_fields(Goal(**values), values)
    return values


def kept(goal: Goal) -> dict[str, Any]:
    """For the record: ids, not names of people."""
    return {"quarter": goal.quarter, "objective": goal.objective, "owner": goal.owner_id}
