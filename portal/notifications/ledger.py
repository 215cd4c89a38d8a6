"""How a message gets its rows in the ledger: one for each channel, and none a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings

from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.accounts.models import User


def rows_for(person: User, *, now: datetime, why_not: str = "", **subject: Any) -> list[Delivery]:
    """Unsaved rows for one person: the inbox has it at once, mail waits for its turn. `why_not` says it is kept back."""
    common = subject | {"person": person, "created_at": now}
    if why_not:
        return [Delivery(**common, channel=Channel.INBOX, state=DeliveryState.SKIPPED, why=why_not)]
    rows = [Delivery(**common, channel=Channel.INBOX, state=DeliveryState.SENT, sent_at=now)]
    if person.wants_mail:
        rows.append(Delivery(**common, channel=Channel.MAIL, next_try_at=now, message_id=_message_id()))
    return rows


def write(rows: Iterable[Delivery]) -> None:
    """Save; a message that has its row already is left as it is."""
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _message_id() -> str:
    """Fixed with the row, so that a mail sent twice around a crash is recognised as one."""
    return f"<{uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
