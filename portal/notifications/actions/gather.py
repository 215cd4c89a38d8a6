"""The one mail of the morning: what is not urgent is gathered into it, once a day for each person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from portal.accounts.models import User
from portal.common.dates import day_in
from portal.notifications.digest import DIGEST
from portal.notifications.enums import Channel
from portal.notifications.ladder import morning_of
from portal.notifications.ledger import message_id
from portal.notifications.models import Delivery, Obligation

if TYPE_CHECKING:
    from datetime import date, datetime


def gather(*, now: datetime) -> int:
    """Begin the mail of everybody whose morning has come, and say how many those were.

    Whoever is still to be reminded this minute is left to the next run, so that nothing of this morning comes tomorrow.
    """
    begun = set(
        Delivery.objects.filter(event=DIGEST, created_at__gt=now - timedelta(days=2)).values_list("person", "object_id")
    )
    waiting = User.objects.filter(pk__in=Delivery.objects.gathered().values("person")).select_related("site")
    ripe = Obligation.objects.ripe(now=now).values("person")
    count = 0
    for person in waiting.exclude(pk__in=ripe):
        day = day_in(person.zone, now)
        if (person.pk, number_of(day)) in begun or now < morning_of(day, person.zone):
            continue
        if person.calendar().is_working(day):
            count += begin(person, day, now=now)
    return count


@transaction.atomic
def begin(person: User, day: date, *, now: datetime) -> bool:
    """The row of that day, and all that waits into it; False where another run was faster."""
    digest, is_new = Delivery.objects.get_or_create(
        event=DIGEST,
        object_id=number_of(day),
        person=person,
        channel=Channel.MAIL,
        obligation=None,
        defaults={"created_at": now, "next_try_at": now, "message_id": message_id()},
    )
    if is_new:
        Delivery.objects.gathered().filter(person=person).update(digest=digest)
    return is_new


def number_of(day: date) -> int:
    """20261123: the object of the event."""
    return int(f"{day:%Y%m%d}")
