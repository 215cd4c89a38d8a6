"""Raising a risk, and keeping it up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.common.errors import InvalidInputError, StaleObjectError
from portal.notifications.actions import announce
from projects.actions.project import check_fields, check_person
from projects.enums import Stage
from risks.actions.register import (
    lock_open_risk,
    lock_register,
    owe_values,
    record_deed,
    refresh,
    tidy,
    touch,
)
from risks.exposure import expected_loss
from risks.models import Assessment, Review, Risk, RiskTag
from risks.permissions import can_keep_register, can_raise
from risks.tags import MOST_TAGS, tidy_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Project

WORDS = ("cause", "event", "effect")
ESTIMATE = ("probability", "impact_days")
EDITABLE = frozenset((*WORDS, *ESTIMATE, "impact_amount", "owner", "tags"))


@transaction.atomic
def raise_risk(project: Project, *, event: str, cause: str = "", effect: str = "", by: User, now: datetime) -> Risk:
    """Put a risk on the register; one line is enough. Raised in flight, its owner is asked to value it soon.

    Raises PermissionDenied, IllegalStateError (the project is over), InvalidInputError.
    """
    require(can_raise(by, project), members_only())
    current = lock_register(project)
    return add_risk(current, event=event, cause=cause, effect=effect, by=by, now=now)


def members_only() -> _StrOrPromise:
    """The words of a refusal: who may, and from when on others may too."""
    return _("Until the project is approved, its people list the risks.")


def add_risk(project: Project, *, event: str, cause: str, effect: str, by: User, now: datetime) -> Risk:
    """Create the row, tell the owner, keep the record. The caller holds the lock and checked the right."""
    is_in_flight = in_flight(project)
    risk = Risk(
        project=project,
        event=tidy(event),
        cause=tidy(cause),
        effect=tidy(effect),
        owner=project.owner,
        raised_by=by,
        raised_at=now,
        is_raised_in_flight=is_in_flight,
        updated_at=now,
        updated_by=by,
    )
    check_fields(risk, WORDS)
    risk.search_text = risk.searched()
    risk.save()
    refresh(project, now=now)
    if is_in_flight:
        owe_values(project, now=now)
    if by != project.owner:
        announce("risk_raised", risk.pk, [project.owner], now=now, project_id=project.pk)
    record_deed(
        "risk.raised",
        risk,
        project,
        by=by,
        now=now,
        after={"event": risk.event, "cause": risk.cause, "effect": risk.effect, "is_raised_in_flight": is_in_flight},
    )
    return risk


def in_flight(project: Project) -> bool:
    """Whether the plan is made: delivery has begun, or engineers have looked at the risks before it."""
    if project.stage in {Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.LAUNCHED}:
        return True
    return project.stage == Stage.APPROVED and Review.objects.filter(project=project, held_at__isnull=False).exists()


@transaction.atomic
def edit_risk(risk: Risk, values: Mapping[str, Any], *, version: int, by: User, now: datetime) -> Risk:
    """Save words, owner, tags, money, and chance and days where no engineer has given them.

    Raises PermissionDenied, IllegalStateError, StaleObjectError, InvalidInputError.
    """
    require(can_keep_register(by, risk.project), owner_only(risk.project))
    current = lock_open_risk(risk)
    if current.version != version:
        raise StaleObjectError(current)
    changed = changes_of(current, values)
    if not changed:
        return current
    if "owner" in changed:
        check_person(current.project, changed["owner"])
    if set(ESTIMATE) & changed.keys() and is_assessed(current):
        words = _("Engineers have assessed this: their estimate stands. Call another review to ask again.")
        raise InvalidInputError({name: words for name in ESTIMATE if name in changed})
    before = {name: tags_of(current) if name == "tags" else getattr(current, name) for name in changed}
    fields = {name: value for name, value in changed.items() if name != "tags"}
    for name, value in fields.items():
        setattr(current, name, value)
    check_fields(current, [*fields])
    if "tags" in changed:
        replace_tags(current, changed["tags"])
    touch(
        current,
        by=by,
        now=now,
        **fields,
        search_text=current.searched(),
        exposure_amount=expected_loss(current.probability, current.impact_amount),
    )
    refresh(current.project, now=now)
    record_deed("risk.edited", current, current.project, by=by, now=now, before=before, after=changed)
    return reread(current)


def changes_of(risk: Risk, values: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from what is stored, of the fields that may be edited; text as it will be stored."""
    given = {name: tidy(value) if name in WORDS else value for name, value in values.items() if name in EDITABLE}
    tags = tidy_tags(given.pop("tags")) if "tags" in given else None
    changed = {name: value for name, value in given.items() if getattr(risk, name) != value}
    return changed if tags is None or tags == tags_of(risk) else changed | {"tags": tags}


def tags_of(risk: Risk) -> list[str]:
    """Its tags as they are stored."""
    return sorted(risk.tags.values_list("name", flat=True))


def replace_tags(risk: Risk, tags: Sequence[str]) -> None:
    """Let the risk carry these and no others. Raises InvalidInputError."""
    if len(tags) > MOST_TAGS:
        raise InvalidInputError({"tags": _("At most %(most)d tags on a risk.") % {"most": MOST_TAGS}})
    rows = [RiskTag(risk=risk, name=name) for name in tags]
    for row in rows:
        check_fields(row, ["name"], given_as={"name": "tags"})
    risk.tags.all().delete()
    RiskTag.objects.bulk_create(rows)


def is_assessed(risk: Risk) -> bool:
    """Whether an engineer's figures stand behind the estimate, in a review that was held."""
    return Assessment.objects.filter(
        risk=risk, probability__isnull=False, invitation__review__held_at__isnull=False
    ).exists()


def owner_only(project: Project) -> _StrOrPromise:
    """The words of a refusal: who may."""
    return _("Only the owner can do this. The owner is %s.") % project.owner


def reread(risk: Risk) -> Risk:
    """The risk as it is stored now."""
    return Risk.objects.select_related("project", "project__site", "owner", "plan_b", "acceptance").get(pk=risk.pk)
