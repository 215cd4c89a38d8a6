"""Quarters as goals name them: “2026 Q4”. Pure."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from portal.common.dates import Calendar

_QUARTER: Final = re.compile(r"([0-9]{4}) Q([1-4])")
_A_YEAR: Final = 4
_TENTH: Final = Decimal("0.1")


def quarter_of(day: date) -> str:
    """The quarter that a day lies in."""
    return f"{day.year:04} Q{(day.month + 2) // 3}"


def is_quarter(text: str) -> bool:
    """Whether it names a quarter."""
    return _QUARTER.fullmatch(text) is not None


def later(quarter: str, count: int = 1) -> str:
    """The quarter that comes `count` after, or before where it is negative. Raises ValueError for anything else."""
    found = _QUARTER.fullmatch(quarter)
    if found is None:
        raise ValueError(quarter)
    year, index = divmod(int(found[1]) * _A_YEAR + int(found[2]) - 1 + count, _A_YEAR)
    return f"{year:04} Q{index + 1}"


def spread(days: Decimal, calendar: Calendar, first: date, last: date) -> Mapping[str, Decimal]:
    """Person-days over the quarters from one day to another, by their working days, to a tenth; the last has the rest.

    Where no working day lies between them, all of it falls to the quarter of the first day.
    """
    working: dict[str, int] = {quarter_of(first): 0}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        quarter = quarter_of(day)
        working[quarter] = working.get(quarter, 0) + calendar.is_working(day)
    total = sum(working.values())
    if not total:
        return {quarter_of(first): days}
    shares = {quarter: (days * count / total).quantize(_TENTH, ROUND_HALF_UP) for quarter, count in working.items()}
    end = quarter_of(last)
    return shares | {end: days - sum((share for quarter, share in shares.items() if quarter != end), Decimal(0))}
