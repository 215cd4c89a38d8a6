"""The ways out that a private notice offers: another time, or more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.dates import day_in, end_of_day
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.notifications import registry
from portal.notifications.actions.news import announce
from portal.notifications.actions.obligations import owe, settle
from portal.notifications.actions.reminders import planned_falls
from portal.notifications.enums import Reach
from portal.notifications.ladder import morning_of
from portal.notifications.models import Extension, Obligation
from portal.notifications.permissions import can_answer_extension, can_pick_time
from portal.notifications.policy import MOST_SNOOZES
from portal.policy.store import value

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.models import User


@transaction.atomic
def pick_time(owed: Obligation, *, day: date, reason: str, by: User, now: datetime) -> None:
    """Be quiet until the morning of that day. Not past the day on which the manager would hear, and not without end.

    Raises PermissionDenied, InvalidInputError, StaleObjectError.
    """
    require(can_pick_time(by, owed))
    if owed.snoozes >= value(MOST_SNOOZES):
        raise InvalidInputError({"day": _("You picked a later time often enough: ask for an extension instead.")})
    at, last = morning_of(day, by.zone), last_moment(owed)
    if at <= now:
        raise InvalidInputError({"day": _("Pick a day that is still to come.")})
    if last is not None and at >= last:
        raise InvalidInputError(
            {"day": _("On that day your manager would have heard of it: pick an earlier one, or ask for an extension.")}
        )
    as_read = Obligation.objects.open().filter(pk=owed.pk, snoozes=owed.snoozes, next_rung=owed.next_rung)
    if not as_read.update(next_rung_at=at, snoozes=F("snoozes") + 1):
        raise StaleObjectError(owed)
    record(
        "obligation.time_picked", owed, by=by, now=now, project_id=owed.project_id, after={"day": day, "reason": reason}
    )


@transaction.atomic
def ask_extension(owed: Obligation, *, day: date, reason: str, by: User, now: datetime) -> Extension:
    """Ask the direct manager for more time; the reminders go on until he answers.

    Raises PermissionDenied, InvalidInputError.
    """
    require(can_pick_time(by, owed))
    owed = Obligation.objects.select_for_update().get(pk=owed.pk)
    manager = by.manager
    if manager is None or not manager.is_active or not sees(manager, owed):
        raise InvalidInputError({"day": _("Nobody above you can see this: move the date where it was set.")})
    if day <= max(day_in(by.zone, now), day_in(by.zone, owed.due_at)):
        raise InvalidInputError({"day": _("Pick a day after today and after the day it is due.")})
    if owed.extensions.filter(answered_at=None).exists():
        raise InvalidInputError({"day": _("You have asked already; the answer is still open.")})
    extension = Extension.objects.create(obligation=owed, until=day, reason=reason, decider=manager, asked_at=now)
    answer_by = end_of_day(manager.calendar().add_working_days(day_in(manager.zone, now), 1), manager.zone)
    owe("extension_answer", extension.pk, manager, due_at=answer_by, now=now, project_id=owed.project_id)
    record("extension.asked", extension, by=by, now=now, project_id=owed.project_id, after={"until": day})
    return extension


@transaction.atomic
def answer_extension(extension: Extension, *, is_granted: bool, by: User, now: datetime) -> None:
    """Yes moves what is owed to the day asked for, with a ladder of its own; no leaves it as it is.

    Raises PermissionDenied, IllegalStateError.
    """
    require(can_answer_extension(by, extension))
    owed = Obligation.objects.select_for_update().select_related("person").get(pk=extension.obligation_id)
    unanswered = Extension.objects.filter(pk=extension.pk, answered_at=None)
    if owed.settled_at is not None or not unanswered.update(is_granted=is_granted, answered_at=now):
        raise IllegalStateError(_("This is answered already, or done meanwhile."))
    settle("extension_answer", extension.pk, now=now)
    if is_granted:
        due_at = end_of_day(extension.until, owed.person.zone)
        owe(owed.kind, owed.object_id, owed.person, due_at=due_at, now=now, project_id=owed.project_id)
    announce("extension_answered", extension.pk, [owed.person], now=now, project_id=owed.project_id)
    record(
        "extension.answered",
        extension,
        by=by,
        now=now,
        project_id=owed.project_id,
        after={"is_granted": is_granted, "until": extension.until},
    )


def sees(person: User, owed: Obligation) -> bool:
    """Whether what is owed may be shown to somebody who does not owe it."""
    kind = registry.obligation_kind(owed.kind)
    return not kind.is_private and kind.visible_to(owed, person)


def last_moment(owed: Obligation) -> datetime | None:
    """When the manager would hear of it; None where he never does."""
    planned = planned_falls(owed, owed.person.calendar())
    return next((planned[n] for n, rung in enumerate(owed.ladder) if rung.get("reach") == Reach.MANAGER), None)
