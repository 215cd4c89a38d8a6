"""Making people, changing what is known of them, ending their access."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.checks import save_checked
from portal.accounts.models import ApiToken, User
from portal.accounts.names import normal_email, normal_name, normal_number
from portal.accounts.permissions import (
    ADMINS_MAY,
    can_change_preferences,
    can_deactivate,
    can_manage_people,
    require,
)
from portal.accounts.querysets import groups_of
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import time

    from portal.accounts.enums import Role

_PLACE: Final = frozenset({"email", "name", "staff_number", "department", "skill", "manager", "dotted_manager", "site"})
#: What everybody sets for himself.
PREFERENCES: Final = (
    "nickname",
    "language",
    "time_zone",
    "theme",
    "wants_inbox",
    "wants_mail",
    "quiet_from",
    "quiet_until",
    "is_quiet_at_noon",
)
#: What the audit keeps by value; of the rest (names, address, number) it says only that it changed.
_KEPT: Final = _PLACE.union(PREFERENCES, {"is_active"}) - {"email", "name", "nickname", "staff_number"}
#: Some hours of every working day must remain in which a person can be told what is his.
_MOST_QUIET: Final = timedelta(hours=16)


@transaction.atomic
def create_person(
    email: str,
    name: str,
    *,
    by: User | None,
    now: datetime,
    password: str | None = None,
    roles: Iterable[Role] = (),
    is_demo: bool = False,
    **details: Any,
) -> User:
    """Add a colleague; `details` are his place and preferences.

    Without a password he can sign in only after setting one by the mail of a reset.
    """
    require(can_manage_people(by), ADMINS_MAY)
    _refuse_others(details, _PLACE.union(PREFERENCES))
    person = User(email=email, name=name, is_demo=is_demo, created_at=now, password=make_password(password))
    _assign(person, details)
    save_checked(person)
    person.groups.set(groups_of(roles))
    after = _kept(person, details) | {"roles": _role_values(person), "is_demo": is_demo}
    record("person.created", person, by=by, now=now, after=after)
    return person


@transaction.atomic
def change_person(person: User, *, by: User | None, now: datetime, **changes: Any) -> User:
    """Change name, address, number, department, managers or site."""
    require(can_manage_people(by), ADMINS_MAY)
    return _change(person, changes, allowed=_PLACE, verb="person.changed", by=by, now=now)


@transaction.atomic
def change_preferences(person: User, *, by: User | None, now: datetime, **changes: Any) -> User:
    """Change language, time zone, theme, by which ways messages come, and when they do not."""
    require(can_change_preferences(by, person), ADMINS_MAY)
    _check_quiet(changes.get("quiet_from", person.quiet_from), changes.get("quiet_until", person.quiet_until))
    return _change(person, changes, allowed=frozenset(PREFERENCES), verb="person.preferences_changed", by=by, now=now)


@transaction.atomic
def change_roles(person: User, roles: Iterable[Role], *, by: User | None, now: datetime) -> User:
    """Set the roles. Nobody changes his own, so that one administrator always remains."""
    require(can_deactivate(by, person), ADMINS_MAY)
    person = _locked(person)
    before = _role_values(person)
    person.groups.set(groups_of(roles))
    person.forget_roles()
    after = _role_values(person)
    if before != after:
        record("person.roles_changed", person, by=by, now=now, before={"roles": before}, after={"roles": after})
    return person


@transaction.atomic
def deactivate(person: User, *, by: User | None, now: datetime) -> User:
    """End a person's access at once, his sessions and tokens included. What he did and owes stays on record."""
    return _set_active(person, False, verb="person.deactivated", by=by, now=now)


@transaction.atomic
def reactivate(person: User, *, by: User | None, now: datetime) -> User:
    """Give access back; password and roles are those he had."""
    return _set_active(person, True, verb="person.reactivated", by=by, now=now)


def _set_active(person: User, is_active: bool, *, verb: str, by: User | None, now: datetime) -> User:
    require(can_deactivate(by, person), ADMINS_MAY)
    _refuse_erased(person)
    changed = User.objects.filter(pk=person.pk).exclude(is_active=is_active).update(is_active=is_active)
    person = _locked(person)
    if changed:
        if not is_active:
            end_sessions(person)
            ApiToken.objects.kept().filter(person=person).update(revoked_at=now)
        record(verb, person, by=by, now=now)
    return person


def end_sessions(person: User, *, keep: str | None = None) -> int:
    """Sign a person out everywhere (but in the session `keep`) and return how many sessions ended.

    Sessions name their person only inside their data, so all are read; it is done rarely.
    """
    ended = [
        session.session_key
        for session in Session.objects.iterator()
        if session.get_decoded().get(SESSION_KEY) == str(person.pk) and session.session_key != keep
    ]
    Session.objects.filter(session_key__in=ended).delete()
    return len(ended)


def _change(
    person: User, changes: Mapping[str, Any], *, allowed: Collection[str], verb: str, by: User | None, now: datetime
) -> User:
    _refuse_others(changes, allowed)
    person = _locked(person)
    _refuse_erased(person)
    old = {field: getattr(person, field) for field in changes}
    before = _kept(person, changes)
    _assign(person, changes)
    changed = [field for field in changes if getattr(person, field) != old[field]]
    if changed:
        save_checked(person)
        after = _kept(person, changed) | {"changed": sorted(changed)}
        record(verb, person, by=by, now=now, before={k: v for k, v in before.items() if k in changed}, after=after)
    return person


def _check_quiet(begins: time | None, ends: time | None) -> None:
    """Both or neither, and not nearly the whole day. Raises InvalidInputError."""
    if begins is None and ends is None:
        return
    if begins is None or ends is None:
        missing = "quiet_from" if begins is None else "quiet_until"
        raise InvalidInputError({missing: [_("Write both times, or leave both empty.")]})
    day = date.min
    lasts = (datetime.combine(day, ends) - datetime.combine(day, begins)) % timedelta(days=1)
    if lasts > _MOST_QUIET:
        raise InvalidInputError({"quiet_until": [_("At most 16 hours: some of the day must be left to reach you.")]})


def _refuse_erased(person: User) -> None:
    if person.erased_at is not None:
        raise IllegalStateError(_("This person was erased: nothing is known any more that could be changed."))


def _locked(person: User) -> User:
    """The row as it is now, held until the transaction ends (on SQLite the IMMEDIATE transaction holds it)."""
    return User.objects.select_for_update().get(pk=person.pk)


def _refuse_others(given: Iterable[str], allowed: Collection[str]) -> None:
    if others := sorted(set(given) - set(allowed)):
        raise TypeError(f"not to be set here: {', '.join(others)}")


def _assign(person: User, values: Mapping[str, Any]) -> None:
    """Set the values, each in its one spelling."""
    for field, value in values.items():
        setattr(person, field, value)
    person.email = normal_email(person.email)
    person.name = normal_name(person.name)
    person.nickname = normal_name(person.nickname)
    person.staff_number = normal_number(person.staff_number or "") or None
    if person.time_zone and person.time_zone not in available_timezones():
        raise InvalidInputError({"time_zone": [_("Write a zone such as Asia/Shanghai or Europe/Berlin.")]})
    person.refresh_search_text()


def _kept(person: User, fields: Iterable[str]) -> dict[str, Any]:
    return {field: getattr(person, field) for field in sorted(set(fields) & _KEPT)}


def _role_values(person: User) -> list[str]:
    person.forget_roles()
    return sorted(person.roles)
