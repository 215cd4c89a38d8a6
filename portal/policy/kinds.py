"""The types a setting may have: how each is stored as JSON, read back, typed into a form and bounded. Pure but for the
words of refusal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from portal.common.dates import NEVER, Hours

if TYPE_CHECKING:
    from collections.abc import Callable

_TRUE: Final = frozenset({"true", "1", "yes", "on"})
_FALSE: Final = frozenset({"false", "0", "no", "off", ""})
#: More digits than any setting means; a longer text is refused before it costs time.
_LONGEST_NUMBER: Final = 40


class Percent(Decimal):
    """A share as a fraction: Percent("0.15") is 15 %."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of setting. `from_json` and `from_text` raise ValueError for what is not of the kind."""

    is_one: Callable[[Any], bool]
    to_json: Callable[[Any], Any]
    from_json: Callable[[Any], Any]
    from_text: Callable[[str], Any]
    to_text: Callable[[Any], str]
    #: What the bounds apply to: the value itself, each of several, or the length of a text.
    measures: Callable[[Any], tuple[Any, ...]]


def kind_of(default: object) -> Kind:
    """The kind of a setting is that of its default; raises TypeError for a type that no setting has."""
    for types, kind in _KINDS:
        if isinstance(default, types):
            return kind
    raise TypeError(f"no setting is of type {type(default).__name__}")


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_decimal(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite()


def _is_ints(value: object) -> bool:
    return isinstance(value, tuple) and all(map(_is_int, value))


def _int_from_json(raw: object) -> int:
    if not _is_int(raw):
        raise ValueError(raw)
    return int(raw)  # type: ignore[call-overload, no-any-return] # it is one: see above


def _bool_from_json(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(raw)  # noqa: TRY004 -- one error for every unreadable value
    return raw


def _text_from_json(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(raw)  # noqa: TRY004 -- as above
    return raw


def _decimal(raw: object) -> Decimal:
    text = _text_from_json(raw).strip()
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(raw)
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError(raw) from None
    if not number.is_finite():
        raise ValueError(raw)
    return number


def _percent_from_text(text: str) -> Percent:
    bare = text.strip()
    if bare.endswith(("%", "％")):
        return Percent(_decimal(bare[:-1]) / 100)
    return Percent(_decimal(bare))


def _percent_to_text(share: Percent) -> str:
    return f"{(share * 100).normalize():f} %"


def _int_from_text(text: str) -> int:
    bare = text.strip()
    if not re.fullmatch(r"[-+]?[0-9]{1,18}", bare):
        raise ValueError(text)
    return int(bare)


def _bool_from_text(text: str) -> bool:
    bare = text.strip().casefold()
    if bare not in _TRUE | _FALSE:
        raise ValueError(text)
    return bare in _TRUE


def _ints_from_json(raw: object) -> tuple[int, ...]:
    if not isinstance(raw, list):
        raise ValueError(raw)  # noqa: TRY004 -- as above
    return tuple(map(_int_from_json, raw))


def _ints_from_text(text: str) -> tuple[int, ...]:
    return tuple(_int_from_text(part) for part in re.split(r"[,，、;；\s]+", text.strip()) if part)


def _hours_from_text(text: str) -> Hours:
    """Such as 19:00–09:00 or 12-13:30; nothing written means never."""
    bare = text.strip()
    if not bare:
        return NEVER
    found = re.fullmatch(r"(\d{1,2})(?:[:：](\d{2}))?\s*[-–—~至到]\s*(\d{1,2})(?:[:：](\d{2}))?", bare)
    if found is None:
        raise ValueError(text)
    hour, minute, until_hour, until_minute = (int(part or 0) for part in found.groups())
    return Hours(time(hour, minute), time(until_hour, until_minute))


def _one(value: Any) -> tuple[Any, ...]:
    return (value,)


def _none(_value: Any) -> tuple[Any, ...]:
    return ()


# In this order: a bool is an int, a Percent a Decimal.
_KINDS: Final[tuple[tuple[type, Kind], ...]] = (
    (bool, Kind(lambda v: isinstance(v, bool), bool, _bool_from_json, _bool_from_text, str, _none)),
    (int, Kind(_is_int, int, _int_from_json, _int_from_text, str, _one)),
    (Percent, Kind(_is_decimal, str, lambda raw: Percent(_decimal(raw)), _percent_from_text, _percent_to_text, _one)),
    (Decimal, Kind(_is_decimal, str, _decimal, _decimal, lambda v: f"{v:f}", _one)),
    (str, Kind(lambda v: isinstance(v, str), str, _text_from_json, str.strip, str, lambda v: (len(v),))),
    (
        Hours,
        Kind(
            lambda v: isinstance(v, Hours),
            str,
            lambda raw: _hours_from_text(_text_from_json(raw)),
            _hours_from_text,
            str,
            _none,
        ),
    ),
    (tuple, Kind(_is_ints, list, _ints_from_json, _ints_from_text, lambda v: ", ".join(map(str, v)), tuple)),
)
