"""What every refusal goes through, and who may change people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Delegation

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import ApiToken, SavedView, User

ADMINS_MAY = _("Only an administrator can do this.")
HIMSELF_OR_ADMINS = _("Only the person himself or an administrator can do this.")


def require(allowed: bool, who_may: _StrOrPromise = "") -> None:
    """Raise PermissionDenied unless allowed; `who_may` is the sentence that says who could."""
    if not allowed:
        raise PermissionDenied(who_may)


def can_manage_people(user: User | None) -> bool:
    """Administrators, and policy itself (the first start, the demo)."""
    return user is None or user.is_admin


def can_deactivate(user: User | None, person: User) -> bool:
    """Nobody himself, so that one administrator always remains."""
    return can_manage_people(user) and user != person


def can_erase(user: User | None, person: User) -> bool:
    """Whoever may end the access."""
    return can_deactivate(user, person)


def can_change_preferences(user: User | None, person: User) -> bool:
    """Each his own; administrators those of all."""
    return (user is not None and user.is_active and user == person) or can_manage_people(user)


def can_delegate(user: User | None, person: User) -> bool:
    """Each for himself; administrators for whoever cannot any more."""
    return can_change_preferences(user, person)


def acts_for(by: User, person: User, now: datetime) -> bool:
    """Whether `by` stands in for `person` at this moment. Not through a third one, and not after either left."""
    return Delegation.objects.standing_in(by, now).filter(person=person).exists()


def can_change_view(user: User, view: SavedView) -> bool:
    """Each his own."""
    return user.is_active and view.person_id == user.pk


def can_change_token(user: User, token: ApiToken) -> bool:
    """Each his own."""
    return user.is_active and token.person_id == user.pk
