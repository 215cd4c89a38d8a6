"""Mail that was held, after a restore: let go or dropped, all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from portal.accounts.permissions import ADMINS_MAY, can_manage_people, require
from portal.notifications.enums import Channel, DeliveryState, WhyNot
from portal.notifications.models import Delivery
from portal.notifications.policy import HOLD_MAIL
from portal.policy.store import change, value

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User


@transaction.atomic
def release_mail(*, by: User | None, now: datetime) -> None:
    """Let what waits go out; each mail is asked once more whether it is still wanted."""
    require(can_manage_people(by), ADMINS_MAY)
    if value(HOLD_MAIL):
        change(HOLD_MAIL, False, by=by, now=now)


@transaction.atomic
def drop_mail(*, by: User | None, now: datetime) -> int:
    """Send nothing of what waits, and go on with what comes; says how many. The inbox keeps all of it."""
    require(can_manage_people(by), ADMINS_MAY)
    if not value(HOLD_MAIL):
        return 0  # let go meanwhile: what waits now is no longer what was looked at
    waiting = Delivery.objects.filter(channel=Channel.MAIL, state=DeliveryState.PENDING)
    dropped = waiting.update(state=DeliveryState.SKIPPED, why=WhyNot.DROPPED, lease_until=None)
    change(HOLD_MAIL, False, by=by, now=now)
    return dropped
