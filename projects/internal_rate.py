"""The rates at which a series of flows is worth nothing: none, one or several. Pure.

A present value is a polynomial in the discount factor, so it has as many roots as it likes. All of them are found, on a
fine grid of 1 + rate from a millionth to a million: by changes of sign, and by turning points that only touch zero. A rate
is an answer to "what does this return?" only where it is the single one and the present value crosses zero there.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import brentq

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

#: One step is seven tenths of a per cent; the middle one is exactly 1, where the rate is zero.
GROWTHS: Final = np.geomspace(1e-6, 1e6, 4001)
#: Where the flows change their sign but once there is exactly one root, and nothing between two points to miss.
FEW: Final = GROWTHS[::100]
#: A present value this small, as a share of all that flows, is zero.
NEARLY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Root:
    """A rate for a period at which the flows are worth nothing; where it does not cross, their worth only touches zero."""

    rate: Decimal
    crosses: bool = True


def internal_rates(flows: Sequence[Decimal]) -> tuple[Root, ...]:
    """Every rate above -100 % at which the flows are worth nothing, in order; none where they never change their sign."""
    figures = np.trim_zeros(np.array([float(flow) for flow in flows]))
    if not figures.size or np.all(figures >= 0) or np.all(figures <= 0):
        return ()
    # As early as late: what is worth nothing is so in any unit.
    worth = _Worth(figures / np.abs(figures).max())
    return tuple(Root(Decimal(repr(growth)) - 1, crosses) for growth, crosses in sorted(_roots(worth)))


@dataclass(frozen=True, slots=True)
class _Worth:
    """The present value by growth (1 + rate), as a share of all that flows, so that nothing overflows."""

    figures: NDArray[np.float64]

    def __call__(self, growths: NDArray[np.float64]) -> NDArray[np.float64]:
        is_late = growths < 1.0
        return np.concatenate(
            [self._share(self.figures, growths[is_late]), self._share(self.figures[::-1], 1.0 / growths[~is_late])]
        )

    def at(self, growth: float) -> float:
        """The same at one point, without an array around each step of it."""
        is_late = growth < 1.0
        factor = growth if is_late else 1.0 / growth
        value = size = 0.0
        for figure in self.figures.tolist() if is_late else self.figures[::-1].tolist():
            value = value * factor + figure
            size = size * factor + abs(figure)
        return value / size

    @staticmethod
    def _share(figures: NDArray[np.float64], factors: NDArray[np.float64]) -> NDArray[np.float64]:
        with np.errstate(under="ignore"):
            share: NDArray[np.float64] = np.polyval(figures, factors) / np.polyval(abs(figures), factors)
        return share

    def slope(self, low: float) -> Callable[[float], float]:
        """What is zero where a worth that touches zero turns: by the growth below one, by the discount factor above."""
        if low < 1.0:
            by_growth = np.polyder(self.figures)
            return lambda growth: float(np.polyval(by_growth, growth))
        by_factor = np.polyder(self.figures[::-1])
        return lambda growth: float(np.polyval(by_factor, 1.0 / growth))


def _roots(worth: _Worth) -> Iterator[tuple[float, bool]]:
    growths = FEW if _changes_of_sign(worth.figures) == 1 else GROWTHS
    shares = worth(growths)
    shares[abs(shares) < NEARLY] = 0.0
    signs = np.sign(shares)
    for place in np.flatnonzero(signs[:-1] * signs[1:] < 0):
        yield _between(worth.at, growths[place], growths[place + 1]), True
    for place in np.flatnonzero(signs == 0):
        if 0 < place < growths.size - 1:
            yield float(growths[place]), bool(signs[place - 1] * signs[place + 1] < 0)
    if growths is GROWTHS:
        yield from _turning(worth, abs(shares), signs)


def _changes_of_sign(figures: NDArray[np.float64]) -> int:
    """There are at most so many roots (Descartes), and an even number fewer."""
    signs = np.sign(figures[figures != 0])
    return int(np.count_nonzero(signs[:-1] != signs[1:]))


def _turning(worth: _Worth, sizes: NDArray[np.float64], signs: NDArray[np.float64]) -> Iterator[tuple[float, bool]]:
    """Roots between two points of the grid with the same sign: one that only touches, or two close ones that cross."""
    inner = np.arange(1, GROWTHS.size - 1)
    is_lowest = (sizes[inner] < sizes[inner - 1]) & (sizes[inner] <= sizes[inner + 1])
    is_even = (signs[inner - 1] == signs[inner]) & (signs[inner] == signs[inner + 1]) & (signs[inner] != 0)
    for place in inner[is_lowest & is_even]:
        low, high = float(GROWTHS[place - 1]), float(GROWTHS[place + 1])
        slope = worth.slope(low)
        if slope(low) * slope(high) >= 0:
            continue
        turn = _between(slope, low, high)
        share = worth.at(turn)
        if abs(share) < NEARLY:
            yield turn, False
        elif share * signs[place] < 0:
            yield _between(worth.at, low, turn), True
            yield _between(worth.at, turn, high), True


def _between(function: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(function, low, high, xtol=1e-300, rtol=8.9e-16, maxiter=200))
