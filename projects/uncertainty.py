"""Figures that are not known exactly: ranges by three of their quantiles, and how to draw from them. Pure.

A range says what the figure falls below once in twenty times (low), what it is as often above as below (likely), and what
it exceeds once in twenty times (high). Between and beyond them it is normal on a scale on which figures of its kind are
even: amounts by their logarithm, shares by the logarithm of their odds. Each side has a width of its own, so that the
three quantiles hold exactly; with equal widths an amount is lognormal. An end at the edge of the scale (nothing; always)
has no logarithm: that side is a straight line which stops at the edge.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]

#: The standard normal quantile at 19 in 20.
ONE_IN_TWENTY: Final = 1.6448536269514722
NOTHING: Final = Decimal(0)
ALWAYS: Final = Decimal(1)


class Scale(StrEnum):
    """What a figure is, and so on which scale it is even."""

    AMOUNT = "amount"
    SHARE = "share"


class InvalidRangeError(ValueError):
    """Ends that no range can have; `fields` names them."""

    def __init__(self, *fields: str) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Range:
    """Low, likely and high of one figure; all three alike for what is known exactly. Raises InvalidRangeError."""

    low: Decimal
    likely: Decimal
    high: Decimal
    scale: Scale = Scale.AMOUNT

    def __post_init__(self) -> None:
        most = ALWAYS if self.scale == Scale.SHARE else None
        ends = {"low": self.low, "likely": self.likely, "high": self.high}
        wrong = [name for name, end in ends.items() if _is_out(end, most)]
        if wrong:
            raise InvalidRangeError(*wrong)
        if self.low > self.high:
            raise InvalidRangeError("low", "high")
        if not self.low <= self.likely <= self.high:
            raise InvalidRangeError("likely")

    @property
    def is_exact(self) -> bool:
        return self.low == self.high

    def at(self, normals: Draws) -> Draws:
        """The figure where a standard normal one would be at `normals`; same shape, monotone."""
        below = self._side(np.minimum(normals, 0.0), self.low)
        above = self._side(np.maximum(normals, 0.0), self.high)
        return np.where(normals < 0.0, below, above)

    def _side(self, normals: Draws, end: Decimal) -> Draws:
        steps = np.abs(normals) / ONE_IN_TWENTY
        likely, outer = float(self.likely), float(end)
        if likely == outer:
            return np.full_like(normals, likely)
        if self._has_edge(self.likely) or self._has_edge(end):
            straight: Draws = likely + steps * (outer - likely)
            return np.clip(straight, 0.0, 1.0 if self.scale == Scale.SHARE else None)
        if self.scale == Scale.AMOUNT:
            grown: Draws = likely * (outer / likely) ** steps
            return grown
        odds = _odds(likely) * (_odds(outer) / _odds(likely)) ** steps
        return odds / (1.0 + odds)

    def _has_edge(self, end: Decimal) -> bool:
        return end == NOTHING or (self.scale == Scale.SHARE and end == ALWAYS)


def exactly(figure: Decimal, scale: Scale = Scale.AMOUNT) -> Range:
    """A figure that is known. Raises InvalidRangeError."""
    return Range(figure, figure, figure, scale)


def widened(figure: Decimal, by: Decimal, scale: Scale = Scale.AMOUNT) -> Range:
    """The range of a single figure that may as well be `by` (0.5: half as much again) more, or as many times less.

    Of a share the odds are widened, so that it stays one; those of never and of always stay. Raises InvalidRangeError.
    """
    if _is_out(by, None):
        raise InvalidRangeError("by")
    if scale == Scale.AMOUNT:
        return Range(figure / (1 + by), figure, figure * (1 + by), scale)
    if not by or _is_out(figure, ALWAYS) or figure in {NOTHING, ALWAYS}:
        return exactly(figure, scale)
    odds = figure / (1 - figure)
    low, high = odds / (1 + by), odds * (1 + by)
    return Range(min(low / (1 + low), figure), figure, max(high / (1 + high), figure), scale)


def _odds(share: float) -> float:
    return share / (1.0 - share)


def _is_out(figure: Decimal, most: Decimal | None) -> bool:
    return not figure.is_finite() or figure < 0 or (most is not None and figure > most)
