"""What tells who a person was, taken away for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import CASCADE, ForeignObjectRel, Q
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.actions.person import PREFERENCES, end_sessions
from portal.accounts.models import Delegation, User
from portal.accounts.permissions import ADMINS_MAY, can_erase, require

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def forget_person(person: User, *, by: User | None, now: datetime) -> User:
    """Leave a number where there was a name. What others need stays: his place, because rights go by it, and what he did.

    A part of `portal.privacy.actions.erase`, which asks first whether anything still waits for him.
    """
    require(can_erase(by, person), ADMINS_MAY)
    person = User.objects.select_for_update().get(pk=person.pk)
    for tries in (AccessAttempt, AccessFailureLog, AccessLog):
        tries.objects.filter(username__iexact=person.email).delete()
    end_sessions(person)
    _drop_his_own(person)
    Delegation.objects.filter(person=person).update(reason="")
    Delegation.objects.filter(Q(person=person) | Q(delegate=person), ended_at=None).update(ended_at=now)
    person.groups.clear()
    person.forget_roles()
    nobody = User()
    for name in PREFERENCES:
        setattr(person, name, getattr(nobody, name))
    with translation.override(settings.LANGUAGE_CODE):
        person.name = _("Former user #%(number)s") % {"number": person.pk}
    person.email = f"former-user-{person.pk}@erased.invalid"
    person.staff_number = None
    person.password = make_password(None)
    person.last_login = None
    person.is_active = False
    person.erased_at = now
    person.refresh_search_text()
    person.save()
    return person


def _drop_his_own(person: User) -> None:
    """What would go with the row itself is his alone: saved views, tokens, keys of forms."""
    for relation in hanging_on_people():
        relation.related_model._base_manager.filter(**{relation.field.name: person}).delete()


def hanging_on_people() -> list[ForeignObjectRel]:
    """Relations of tables whose rows would be deleted with the row of their person."""
    return [
        relation
        for relation in User._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and getattr(relation, "on_delete", None) is CASCADE
    ]
