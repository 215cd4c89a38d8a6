"""What can be asked of the portal's own state, as plain facts: the page puts them into words, the metrics into numbers."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Count, Min, Q

from portal.audit.summaries import unsealed_since
from portal.backup.summaries import last_backup_at
from portal.health.summaries import last_beats
from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery, Obligation
from portal.notifications.policy import HOLD_MAIL
from portal.policy.store import value

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portal.health.enums import Beat

#: So long a mail that failed for good is shown: older ones are history, and stand in the list of what was sent.
FAILED_LATELY: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Facts:
    """The state at one moment."""

    now: datetime
    beats: Mapping[str, datetime]
    reminders_waiting: int
    oldest_reminder: datetime | None
    mails_waiting: int
    oldest_mail: datetime | None
    mails_failed: int
    mails_held: bool
    unsealed_since: datetime | None
    backed_up_at: datetime | None
    disk_free: int
    disk_size: int

    def last(self, beat: Beat) -> datetime | None:
        return self.beats.get(beat)


def facts(now: datetime) -> Facts:
    """Eight queries, each by an index."""
    ripe = Obligation.objects.open().filter(next_rung_at__lte=now)
    reminders = ripe.aggregate(count=Count("pk"), oldest=Min("next_rung_at"))
    mails = Delivery.objects.filter(channel=Channel.MAIL, state=DeliveryState.PENDING, next_try_at__lte=now).aggregate(
        count=Count("pk"), oldest=Min("next_try_at")
    )
    failed = Q(state=DeliveryState.FAILED, created_at__gt=now - FAILED_LATELY)
    disk = shutil.disk_usage(settings.VAR_DIR)
    return Facts(
        now=now,
        beats=last_beats(),
        reminders_waiting=reminders["count"],
        oldest_reminder=reminders["oldest"],
        mails_waiting=mails["count"],
        oldest_mail=mails["oldest"],
        mails_failed=Delivery.objects.filter(failed).count(),
        mails_held=value(HOLD_MAIL),
        unsealed_since=unsealed_since(),
        backed_up_at=last_backup_at(),
        disk_free=disk.free,
        disk_size=disk.total,
    )
