"""Quarters as goals name them: “2026 Q4”. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

_QUARTER: Final = re.compile(r"([0-9]{4}) Q([1-4])")
_A_YEAR: Final = 4


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
