"""The order of a list: by which key rows stand, and which of them lie beyond a place that an address names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from django.db.models import F, Q

from portal.common.text import has_control_characters

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model, QuerySet
    from django.db.models.expressions import Combinable
    from django.utils.functional import _StrOrPromise

_ROW: Final = re.compile(r"([0-9]{1,18})(?:~(.*))?", re.DOTALL)
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}")
_SHARE: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,6})?")
_AMOUNT: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")

RowT = TypeVar("RowT", bound="Model")


def read_text(text: str) -> str:
    """A key that is text. Raises ValueError, as the other readers do."""
    if has_control_characters(text):
        raise ValueError(text)
    return text


def read_whole(text: str) -> int:
    """A key that is a whole number."""
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


def read_amount(text: str) -> Decimal:
    """A key that is an amount of money."""
    if _AMOUNT.fullmatch(text) is None:
        raise ValueError(text)
    return Decimal(text)


def read_share(text: str) -> Decimal:
    """A key that is a share, such as a chance."""
    if _SHARE.fullmatch(text) is None:
        raise ValueError(text)
    return Decimal(text)


def read_day(text: str) -> date:
    """A key that is a day."""
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Sort:
    """An order that a list offers. `read` takes a key out of an address; what is not known stands last, either way."""

    words: _StrOrPromise
    key: str | Combinable
    read: Callable[[str], Any] = read_text
    is_nullable: bool = False
    starts_down: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins or ends: the id and the sort key of a row."""

    pk: int
    key: Any

    @classmethod
    def read(cls, text: str, sort: Sort) -> Place:
        """From an address. Raises ValueError for what is no place in this order."""
        found = _ROW.fullmatch(text)
        if found is None or (found[2] is None and not sort.is_nullable):
            raise ValueError(text)
        return cls(int(found[1]), None if found[2] is None else sort.read(found[2]))

    @property
    def text(self) -> str:
        return f"{self.pk}" if self.key is None else f"{self.pk}~{self.key}"


@dataclass(frozen=True, slots=True)
class Order:
    """A sort in one direction: how rows stand, and which of them lie beyond a place."""

    name: str
    sort: Sort
    is_down: bool

    def applied(self, rows: QuerySet[RowT], *, backward: bool = False) -> QuerySet[RowT]:
        """The rows in order and with their `sort_key`; backward, from the end to the beginning."""
        falls = self.is_down != backward
        nulls = {"nulls_first" if backward else "nulls_last": True} if self.sort.is_nullable else {}
        key = F("sort_key").desc(**nulls) if falls else F("sort_key").asc(**nulls)
        return self.keyed(rows).order_by(key, "-pk" if falls else "pk")

    def keyed(self, rows: QuerySet[RowT]) -> QuerySet[RowT]:
        """The rows with their `sort_key`."""
        key = F(self.sort.key) if isinstance(self.sort.key, str) else self.sort.key
        return cast("QuerySet[RowT]", rows.annotate(sort_key=key))

    def beyond(self, place: Place, *, backward: bool = False) -> Q:
        """The rows after a place, or before it."""
        going = "lt" if self.is_down != backward else "gt"
        further = Q(**{f"pk__{going}": place.pk})
        if place.key is None:
            unknown = Q(sort_key=None) & further
            return unknown | Q(sort_key__isnull=False) if backward else unknown
        rest = Q(**{f"sort_key__{going}": place.key}) | (Q(sort_key=place.key) & further)
        if self.sort.is_nullable:
            return rest if backward else rest | Q(sort_key=None)
        # Said twice: an index is searched by this condition, and could not be by the one above.
        return Q(**{f"sort_key__{going}e": place.key}) & rest
