"""How a message gets its rows in the ledger: one for each channel, and none a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings

from portal.notifications.enums import Channel, DeliveryState, Pace, WhyNot
from portal.notifications.models import Delivery

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from portal.accounts.models import User


def rows_for(
    person: User, *, now: datetime, pace: Pace, is_certain: bool = False, why_not: str = "", **subject: Any
) -> list[Delivery]:
    """Unsaved rows for one person: the inbox has it at once, mail waits for its turn. `why_not` says it is kept back.

    What is certain is in the inbox whatever the person wants: the private notice, and what reaches a manager after it.
    """
    common = subject | {"person": person, "created_at": now}
    if not why_not and not person.wants_inbox and not is_certain:
        why_inbox: str = WhyNot.NO_INBOX
    else:
        why_inbox = why_not
    if why_inbox:
        rows = [Delivery(**common, channel=Channel.INBOX, state=DeliveryState.SKIPPED, why=why_inbox)]
    else:
        rows = [Delivery(**common, channel=Channel.INBOX, state=DeliveryState.SENT, sent_at=now)]
    if person.wants_mail and not why_not:
        next_try_at = None if pace == Pace.MORNING else now
        rows.append(Delivery(**common, channel=Channel.MAIL, next_try_at=next_try_at, message_id=message_id()))
    return rows


def write(rows: Iterable[Delivery]) -> None:
    """Save; a message that has its row already is left as it is."""
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def message_id() -> str:
    """Fixed with the row, so that a mail sent twice around a crash is recognised as one."""
    return f"<{uuid4().hex}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
