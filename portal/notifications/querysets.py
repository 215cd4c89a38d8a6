"""What is owed and what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from portal.notifications import registry
from portal.notifications.enums import Channel, DeliveryState

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User
    from portal.notifications.models import Delivery, Obligation


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Who owes what."""

    def open(self) -> Self:
        return self.filter(settled_at=None)

    def shown_to(self, reader: User) -> Self:
        """Without what stands between few people, unless the reader is who owes it."""
        return self.exclude(~Q(person=reader), kind__in=registry.private_obligations())

    def owed_by(self, person: User) -> Self:
        return self.filter(person=person)

    def told_to_manager(self) -> Self:
        """Open ones of which the direct manager was told, after the private notice."""
        told = Q(deliveries__person=F("person__manager"), deliveries__state=DeliveryState.SENT)
        return self.open().filter(told).distinct()

    def ripe(self, *, now: datetime) -> Self:
        """Open ones whose next rung has come, the oldest first."""
        return self.open().filter(next_rung_at__lte=now).order_by("next_rung_at", "pk")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """The ledger."""

    def inbox_of(self, person: User) -> Self:
        return self.filter(person=person, channel=Channel.INBOX, state=DeliveryState.SENT)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def gathered(self) -> Self:
        """Mail that waits for the morning."""
        return self.filter(channel=Channel.MAIL, state=DeliveryState.PENDING, next_try_at=None, digest=None)

    def mail_due(self, *, now: datetime) -> Self:
        """Mail that waits and that no other worker holds."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.filter(free, channel=Channel.MAIL, state=DeliveryState.PENDING, next_try_at__lte=now)
