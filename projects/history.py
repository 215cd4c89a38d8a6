"""How estimates fared: what was used over what was estimated, by class. Pure.

Order statistics only: a few large overruns would carry any mean. Quantiles are those of Hyndman and Fan's type 8, which
is unbiased for small samples. A class of fewer than `FEWEST` says how many it has, and no ratio.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

FEWEST: Final = 5
#: Lower ends of the size classes, in estimated person-days.
SIZES: Final = (0, 1, 5, 20, 60)


@dataclass(frozen=True, slots=True)
class Past:
    """One finished piece of work."""

    estimated: Decimal
    actual: Decimal
    kind: str = ""
    #: The file it came from; empty for a project of the portal itself.
    source: str = ""

    @property
    def ratio(self) -> float:
        return float(self.actual / self.estimated)


@dataclass(frozen=True, slots=True)
class Fared:
    """How one class fared; None where there are too few to say."""

    n: int
    median: float | None
    p80: float | None


def size_of(estimated: Decimal) -> int:
    """The lower end of the class it belongs to."""
    return max(end for end in SIZES if end <= estimated)


def fared(past: Iterable[Past]) -> Fared:
    ratios = sorted(one.ratio for one in past)
    if len(ratios) < FEWEST:
        return Fared(len(ratios), None, None)
    return Fared(len(ratios), quantile(ratios, 0.5), quantile(ratios, 0.8))


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which this share of the ordered values lies."""
    place = (len(ordered) + 1 / 3) * share + 1 / 3
    below = min(max(math.floor(place), 1), len(ordered))
    above = min(below + 1, len(ordered))
    part = min(max(place - below, 0.0), 1.0)
    return ordered[below - 1] + part * (ordered[above - 1] - ordered[below - 1])


def by_size(past: Sequence[Past]) -> dict[int, Fared]:
    """By lower end, the smallest first; classes without any are left out."""
    classes: dict[int, list[Past]] = {end: [] for end in SIZES}
    for one in past:
        classes[size_of(one.estimated)].append(one)
    return {end: fared(those) for end, those in classes.items() if those}


def by_kind(past: Sequence[Past]) -> dict[str, Fared]:
    """By kind, the one with the most cases first."""
    classes: dict[str, list[Past]] = {}
    for one in past:
        classes.setdefault(one.kind, []).append(one)
    return {kind: fared(those) for kind, those in sorted(classes.items(), key=lambda item: (-len(item[1]), item[0]))}
