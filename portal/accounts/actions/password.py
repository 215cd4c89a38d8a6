"""Setting passwords, and the first person of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.person import create_person, end_sessions
from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.permissions import require
from portal.accounts.querysets import groups_of
from portal.audit.actions import record
from portal.common.errors import IllegalStateError

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def set_password(person: User, password: str, *, by: User, now: datetime, keep: str | None = None) -> User:
    """Give a person a password of his own choice and sign him out everywhere but in the session `keep`.

    `by` is the person himself: signed in, or by the link that was mailed to him. That the old password was right, and
    the new one good enough, is for the form to see.
    """
    require(by == person and person.is_active, _("Only the person can do this."))
    person.password = make_password(password)
    User.objects.filter(pk=person.pk).update(password=person.password)
    end_sessions(person, keep=keep)
    record("person.password_changed", person, by=by, now=now)
    return person


@transaction.atomic
def create_first_admin(email: str, name: str, password: str, *, language: str, now: datetime) -> User:
    """Make the first person of an installation, an administrator. A second one is refused, also at the same instant."""
    groups_of([Role.ADMIN])
    Group.objects.select_for_update().get(name=Role.ADMIN)
    if User.objects.exists():
        raise IllegalStateError(_("There is somebody already. Sign in, or ask an administrator."))
    return create_person(email, name, by=None, now=now, password=password, roles=[Role.ADMIN], language=language)
