"""Who may do what with a metric. Whose figures count is asked where they are pledged (`projects`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.accounts.enums import Role

if TYPE_CHECKING:
    from metrics.models import Metric
    from portal.accounts.models import User

DEFINERS = frozenset(Role)


def can_use(user: User, metric: Metric) -> bool:
    """Who may judge a project by it: whoever sees it."""
    return not metric.is_restricted or metric.owner_id == user.pk


def can_define(user: User) -> bool:
    """Who pitches, builds, decides or administers may say how a number is reckoned."""
    return user.is_active and not DEFINERS.isdisjoint(user.roles)
