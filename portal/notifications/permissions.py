"""Who may take a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.accounts.models import User
    from portal.notifications.models import Extension, Obligation


def can_pick_time(user: User, owed: Obligation) -> bool:
    """Whoever owes it, as long as he does."""
    return user.is_active and owed.person_id == user.pk and owed.settled_at is None


def can_answer_extension(user: User, extension: Extension) -> bool:
    """The manager who was asked."""
    return user.is_active and extension.decider_id == user.pk
