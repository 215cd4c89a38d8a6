"""Settings that a company changes in the portal: typed, bounded, audited, without a deploy.

Each app declares its own in its `policy.py`. What a running decision was made under is copied onto it, so a change
here moves nothing that is under way.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import ADMINS_MAY, require
from portal.audit.actions import record
from portal.common.errors import InvalidInputError, StaleObjectError
from portal.common.once import forget, remembered
from portal.policy.kinds import Percent, kind_of
from portal.policy.models import PolicyValue

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User

__all__ = ["Current", "Percent", "Setting", "change", "current", "parsed", "shown", "value"]

T = TypeVar("T")
logger = logging.getLogger(__name__)

_ROWS = "policy values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting(Generic[T]):
    """One thing a company may decide otherwise. Its type is that of the default.

    Bounds are those of a number, of each of several numbers, or of the length of a text; `choices` are the only
    values allowed, where they are given.
    """

    key: str
    default: T
    label: _StrOrPromise
    help: _StrOrPromise
    group: str
    minimum: int | Decimal | None = None
    maximum: int | Decimal | None = None
    choices: tuple[tuple[T, _StrOrPromise], ...] = ()


@dataclass(frozen=True, slots=True)
class Current(Generic[T]):
    """A setting as it stands, for the page that shows it; version 0 is the default."""

    setting: Setting[T]
    value: T
    version: int = 0
    changed_by_id: int | None = None
    changed_at: datetime | None = None


def value(setting: Setting[T]) -> T:
    """What is in force; within a request all values are of one moment, read by one query at the first question.

    A stored value that no longer fits the setting counts as the default, with a warning.
    """
    stored = remembered(_ROWS, _read_rows)
    return _read(setting, stored[setting.key]) if setting.key in stored else setting.default


def current(settings: Iterable[Setting[Any]]) -> list[Current[Any]]:
    """All of the settings as they stand, by one query."""
    rows = {row.key: row for row in PolicyValue.objects.all()}
    return [
        Current(s, _read(s, rows[s.key].value), rows[s.key].version, rows[s.key].changed_by_id, rows[s.key].changed_at)
        if s.key in rows
        else Current(s, s.default)
        for s in settings
    ]


def parsed(setting: Setting[T], text: str) -> T:
    """What a person typed, as a value; raises InvalidInputError with what to write instead."""
    try:
        new = kind_of(setting.default).from_text(text)
    except ValueError:
        raise _refusal(setting) from None
    return _checked(setting, new)


def shown(setting: Setting[T], of: T) -> str:
    """The value as it is typed into a form; `parsed` reads it back."""
    return kind_of(setting.default).to_text(of)


@transaction.atomic
def change(setting: Setting[T], new: T, *, by: User | None, now: datetime, version: int | None = None) -> None:
    """Decide otherwise, for what begins from now on.

    `version` is that of the value the person saw (`Current.version`); without it the last word counts.
    Raises PermissionDenied, InvalidInputError, StaleObjectError.
    """
    require(by is None or by.is_admin, ADMINS_MAY)
    new = _checked(setting, new)
    kind = kind_of(setting.default)
    row, _is_new = PolicyValue.objects.get_or_create(
        key=setting.key,
        defaults={"value": kind.to_json(setting.default), "changed_by": by, "changed_at": now, "version": 0},
    )
    seen = row.version if version is None else version
    won = PolicyValue.objects.filter(pk=row.pk, version=seen).update(
        value=kind.to_json(new), changed_by=by, changed_at=now, version=F("version") + 1
    )
    if not won:
        raise StaleObjectError(row)
    forget(_ROWS)
    before, after = {setting.key: row.value}, {setting.key: kind.to_json(new)}
    record("policy.changed", row, by=by, now=now, before=before, after=after)


def _read_rows() -> dict[str, Any]:
    return dict(PolicyValue.objects.values_list("key", "value"))


def _read(setting: Setting[T], raw: Any) -> T:
    try:
        return _checked(setting, kind_of(setting.default).from_json(raw))
    except (ValueError, InvalidInputError):
        logger.warning("policy value of %s is unreadable, using the default", setting.key)
        return setting.default


def _checked(setting: Setting[T], new: Any) -> T:
    kind = kind_of(setting.default)
    if not kind.is_one(new):
        raise _refusal(setting)
    if setting.choices and new not in dict(setting.choices):
        raise _refusal(setting)
    low, high = setting.minimum, setting.maximum
    if any((low is not None and m < low) or (high is not None and m > high) for m in kind.measures(new)):
        raise _refusal(setting)
    return cast("T", new)


def _refusal(setting: Setting[Any]) -> InvalidInputError:
    low, high, example = setting.minimum, setting.maximum, shown(setting, setting.default)
    words: _StrOrPromise
    if setting.choices:
        words = _("Choose one of the values offered.")
    elif isinstance(setting.default, str) and high is not None:
        words = _("Write at most %(high)s characters.") % {"high": high}
    elif low is not None and high is not None:
        words = _("Write a value from %(low)s to %(high)s, such as %(example)s.") % {
            "low": low,
            "high": high,
            "example": example,
        }
    else:
        words = _("Write a value such as %(example)s.") % {"example": example}
    return InvalidInputError({"value": [words]})
