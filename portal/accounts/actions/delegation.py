"""Naming a stand-in for some days, and taking over again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.checks import save_checked
from portal.accounts.models import Delegation, User
from portal.accounts.permissions import HIMSELF_OR_ADMINS, can_delegate, require
from portal.audit.actions import record
from portal.common.dates import ONE_DAY, day_in, start_of_day
from portal.common.errors import IllegalStateError, InvalidInputError

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

#: Whoever is away for longer hands his work over instead.
LONGEST: Final = timedelta(days=180)


@transaction.atomic
def delegate(
    person: User, delegate: User, *, starts_on: date, ends_on: date, reason: str, by: User | None, now: datetime
) -> Delegation:
    """Let a colleague decide for `person` from one day to another, both included.

    Raises PermissionDenied, InvalidInputError.
    """
    require(can_delegate(by, person), HIMSELF_OR_ADMINS)
    # In one order whoever asks: two people who name each other at once wait, and neither waits for ever.
    people = {
        one.pk: one for one in User.objects.select_for_update().filter(pk__in=[person.pk, delegate.pk]).order_by("pk")
    }
    person, delegate = people[person.pk], people[delegate.pk]
    if errors := _errors_in_days(starts_on, ends_on, today=day_in(person.zone, now)):
        raise InvalidInputError(errors)
    row = Delegation(
        person=person,
        delegate=delegate,
        starts_at=start_of_day(starts_on, person.zone),
        ends_at=start_of_day(ends_on + ONE_DAY, person.zone),
        reason=" ".join(reason.split()),
        made_by=by,
    )
    if errors := _errors_in_people(row, now):
        raise InvalidInputError(errors)
    save_checked(row)
    after = {"person": person.pk, "delegate": delegate.pk, "starts_on": starts_on, "ends_on": ends_on}
    record("delegation.made", row, by=by, now=now, after=after)
    return row


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: User | None, now: datetime) -> None:
    """Take over again, at once. Raises PermissionDenied, IllegalStateError."""
    require(can_delegate(by, delegation.person), HIMSELF_OR_ADMINS)
    if not Delegation.objects.ahead(now).filter(pk=delegation.pk).update(ended_at=now):
        raise IllegalStateError(_("This is over already."))
    record("delegation.ended", delegation, by=by, now=now)


def _errors_in_days(starts_on: date, ends_on: date, *, today: date) -> dict[str, _StrOrPromise]:
    if starts_on < today:
        return {"starts_on": _("Name today or a later day.")}
    if ends_on < starts_on:
        return {"ends_on": _("Name the first day or a later one.")}
    if ends_on - starts_on >= LONGEST:
        return {"ends_on": _("Name at most %s days.") % LONGEST.days}
    return {}


def _errors_in_people(row: Delegation, now: datetime) -> dict[str, _StrOrPromise]:
    """Nobody stands in for himself, after he left, or while he is away: a stand-in has no stand-in."""
    if row.person_id == row.delegate_id:
        return {"delegate": _("Choose somebody else.")}
    if not (row.delegate.is_active and row.person.is_active):
        return {"delegate": _("%s no longer works here.") % (row.person if row.delegate.is_active else row.delegate)}
    meanwhile = Delegation.objects.ahead(now).filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    if other := meanwhile.filter(person=row.person).select_related("delegate").first():
        return {"starts_on": _("%s stands in already on some of these days.") % other.delegate}
    if meanwhile.filter(person=row.delegate).exists():
        return {"delegate": _("%s is away too on some of these days.") % row.delegate}
    if other := meanwhile.filter(delegate=row.person).select_related("person").first():
        words = _("%(person)s stands in for %(other)s on some of these days; nobody stands in for a stand-in.")
        return {"starts_on": words % {"person": row.person, "other": other.person}}
    return {}
