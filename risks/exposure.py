"""What risks may cost: expected loss, estimates combined, the total a register stays under, and days. Pure.

Exact: probabilities are fractions of integers and money is cents, so no simulation and no float decides a limit.
A risk with an unknown figure is never counted as zero; callers say how many they left out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from portal.common.amounts import from_minor_units, rounded, to_minor_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: What an engineer chooses from on a card. The last of the days means that many or more.
CHANCES = (Decimal("0.03"), Decimal("0.10"), Decimal("0.30"), Decimal("0.60"), Decimal("0.90"))
DAYS = (0, 1, 3, 5, 10, 20)

P80 = Decimal("0.8")
#: Up to so many risks the total is enumerated in two halves; more are added on a grid of so many steps.
MOST_ENUMERATED = 20
GRID_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Threat:
    """A risk in figures: its chance, and what it costs if it happens."""

    probability: Decimal
    impact: Decimal


@dataclass(frozen=True, slots=True)
class Spread:
    """Several people's figures for one thing, without the people."""

    median: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Estimate:
    """What several assessments say together; `n` is how many gave a figure."""

    n: int
    chance: Spread
    days: Spread

    @property
    def probability(self) -> Decimal:
        return self.chance.median

    @property
    def impact_days(self) -> Decimal:
        return self.days.median


def expected_loss(probability: Decimal | None, impact: Decimal | None) -> Decimal | None:
    """Probability times impact, to the cent; None while either is not known."""
    if probability is None or impact is None:
        return None
    return rounded(probability * impact)


def combine(assessments: Sequence[tuple[Decimal, Decimal]]) -> Estimate | None:
    """Median and spread of what people gave as (chance, days); None where nobody gave a figure.

    "Not my field" is a full answer and no figure: leave it out.
    """
    if not assessments:
        return None
    chances, days = zip(*assessments, strict=True)
    return Estimate(n=len(assessments), chance=_spread(chances), days=_spread(days))


def p80_of(threats: Sequence[Threat]) -> Decimal:
    """The amount that the total stays within in 8 of 10 cases, if the risks are independent."""
    return quantile(threats, P80)


def quantile(threats: Sequence[Threat], level: Decimal) -> Decimal:
    """The smallest total that is reached or undercut with at least that probability.

    Exact for up to 20 risks. More are put on a grid of the largest possible total, each rounded up, so that the answer
    errs on the safe side by at most one step a risk.
    """
    certain = [threat for threat in threats if threat.probability and threat.impact]
    cents = [to_minor_units(threat.impact) for threat in certain]
    step = 1 if len(certain) <= MOST_ENUMERATED else -(-sum(cents) // GRID_STEPS)
    steps = [-(-amount // step) for amount in cents]
    weighed = list(zip((threat.probability for threat in certain), steps, strict=True))
    middle = len(weighed) // 2 if step == 1 else len(weighed)
    found = _smallest_total(_totals(weighed[:middle]), _totals(weighed[middle:]), level)
    return from_minor_units(min(found * step, sum(cents)))


def _spread(figures: Sequence[Decimal]) -> Spread:
    return Spread(median=median(figures), low=min(figures), high=max(figures))


@dataclass(frozen=True, slots=True)
class _Totals:
    """Possible totals with their weights; the weights are integers that add up to `whole`."""

    weights: Mapping[int, int]
    whole: int


def _totals(weighed: Sequence[tuple[Decimal, int]]) -> _Totals:
    """Every total these risks can come to, by convolution."""
    totals, whole = {0: 1}, 1
    for probability, amount in weighed:
        happens, of = probability.as_integer_ratio()
        grown: defaultdict[int, int] = defaultdict(int)
        for total, weight in totals.items():
            grown[total] += weight * (of - happens)
            grown[total + amount] += weight * happens
        totals, whole = dict(grown), whole * of
    return _Totals(totals, whole)


def _smallest_total(one: _Totals, other: _Totals, level: Decimal) -> int:
    """The smallest sum of both that is reached or undercut with that probability, by halving the range."""
    ones, others = sorted(one.weights.items()), sorted(other.weights.items())
    part, of = level.as_integer_ratio()
    wanted = part * one.whole * other.whole
    low, high = 0, ones[-1][0] + others[-1][0]
    while low < high:
        middle = (low + high) // 2
        if _weight_within(ones, others, middle) * of >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


def _weight_within(ones: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]], limit: int) -> int:
    """Weight of all pairs whose sum is within the limit: one side climbs while the other comes down."""
    below = sum(weight for _, weight in others)
    last = len(others) - 1
    found = 0
    for total, weight in ones:
        while last >= 0 and total + others[last][0] > limit:
            below -= others[last][1]
            last -= 1
        found += weight * below
    return found
