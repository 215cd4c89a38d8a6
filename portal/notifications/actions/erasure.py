"""What was said to a person, taken away with his name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notifications.models import Delivery, Extension

if TYPE_CHECKING:
    from portal.accounts.models import User


def forget_messages(person: User) -> None:
    """Delete every message to him, and why he asked for more time. What he owed and when it was settled stays."""
    messages = Delivery.objects.filter(person=person)
    # A morning mail protects its parts.
    messages.update(digest=None)
    messages.delete()
    Extension.objects.filter(obligation__person=person).update(reason="")
