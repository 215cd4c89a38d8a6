"""How far a result may lie from its middle: what it is in eight of ten cases, how often it loses, what is worth finding out.

Drawn with the first points of a scrambled Sobol sequence (Joe and Kuo's directions), always the same ones: a page that is
read again shows the same figures. Each input has a dimension of the sequence of its own, found from its key, so that a
what-if moves only what follows from it, and options that share a line share its fate. One draw of an input holds for
all months: drawn anew each month, its uncertainty would cancel out.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import ndtri
from scipy.stats import qmc

from portal.common.amounts import rounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from projects.uncertainty import Draws, Range

METHOD: Final = "scrambled Sobol"
#: A power of two, as the sequence needs it.
DRAWS: Final = 4096
#: Dimensions that inputs can have: so many that two of a pitch seldom ask for the same, so few that any of them together
#: are still evener than chance. A case of more inputs than these shares them.
DIMENSIONS: Final = 256
SEED: Final = 20_260_101
#: Neighbours in one input whose results are averaged, when it is asked what knowing that input would be worth.
NEIGHBOURS: Final = 64
CONSERVATIVE, MEDIAN, OPTIMISTIC = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One input: its key, the same wherever the same figure is meant, and its range."""

    key: str
    range: Range


@dataclass(frozen=True, slots=True)
class Product:
    """What is multiplied, and then taken `times`: the months it comes back in; negative where it is spent."""

    inputs: tuple[Uncertain, ...]
    times: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Worth:
    """What it would be worth at most to know one input before deciding (EVPPI), and the result between its own P10 and P90.

    `low` and `high` are the result with all others in their middle.
    """

    key: str
    amount: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Outlook:
    """What may come out, in money, of `draws` draws.

    `conservative`, `median`, `optimistic` are P10, P50 and P90 (quantiles of Hyndman and Fan's type 7). `perfect` is what
    it would be worth to know everything (EVPI): the mean of the better of doing it or not, over the better mean. `inputs`
    begin with the one that is worth most. `error` is the standard error of the chance of loss of as many independent
    draws; those of the sequence lie closer.
    """

    conservative: Decimal
    median: Decimal
    optimistic: Decimal
    mean: Decimal
    chance_of_loss: Decimal
    perfect: Decimal
    inputs: tuple[Worth, ...]
    draws: int
    error: Decimal


@lru_cache(maxsize=512)
def outlook(products: tuple[Product, ...]) -> Outlook:
    """Draw the sum of the products: what they bring together. ValueError where nothing is given.

    The same question has the same answer, so it is kept: frozen pitches are read often.
    """
    if not products:
        raise ValueError("products")
    uncertain = {one.key: one for product in products for one in product.inputs if not one.range.is_exact}
    normals = streams(uncertain)
    results = _sum_of(products, normals)
    low, median, high = np.quantile(results, (CONSERVATIVE, MEDIAN, OPTIMISTIC))
    loss = float(np.mean(results < 0.0))
    worths = [_worth_of(key, products, normals, results) for key in uncertain]
    return Outlook(
        conservative=_money(low),
        median=_money(median),
        optimistic=_money(high),
        mean=_money(results.mean()),
        chance_of_loss=Decimal(repr(loss)),
        perfect=_money(perfect_information(results)),
        inputs=tuple(sorted(worths, key=lambda worth: (-worth.amount, -abs(worth.high - worth.low)))),
        draws=DRAWS,
        error=Decimal(repr((loss * (1 - loss) / DRAWS) ** 0.5)),
    )


@lru_cache(maxsize=512)
def running_totals(
    upfront: tuple[Product, ...], monthly: tuple[Product, ...], months: int
) -> tuple[tuple[Decimal, Decimal], ...]:
    """P10 and P90 of what has come together until the end of month 0, 1, …; the last ones are those of the outlook."""
    uncertain = {one.key for product in (*upfront, *monthly) for one in product.inputs if not one.range.is_exact}
    normals = streams(uncertain)
    spent, each = _sum_of(upfront, normals), _sum_of(monthly, normals)
    low, high = np.quantile(spent + np.arange(months + 1)[:, None] * each, (CONSERVATIVE, OPTIMISTIC), axis=1)
    return tuple(zip(map(_money, low), map(_money, high), strict=True))


def streams(keys: Iterable[str]) -> Mapping[str, Draws]:
    """Standard normal draws for each key: its dimension is that of its hash, or the next that is free."""
    taken: set[int] = set()
    found: dict[str, int] = {}
    for key in sorted(set(keys)):
        start = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8])
        places = (place % DIMENSIONS for place in range(start, start + DIMENSIONS))
        found[key] = next((place for place in places if place not in taken), start % DIMENSIONS)
        taken.add(found[key])
    dimensions = _all_dimensions()
    return {key: dimensions[place] for key, place in found.items()}


def perfect_information(results: Draws) -> float:
    """What it is worth to know the result before deciding to do it or not: E[max(0, R)] - max(0, E[R]) (EVPI)."""
    return float(np.maximum(results, 0.0).mean()) - max(0.0, float(results.mean()))


def partial_information(drawn: Draws, results: Draws) -> float:
    """What it is worth to know one input before deciding (EVPPI): E[max(0, E[R | input])] - max(0, E[R]).

    What is expected where the input is known is the mean of the results of its neighbours.
    """
    known = results[np.argsort(drawn, kind="stable")].reshape(-1, NEIGHBOURS).mean(axis=1)
    return max(perfect_information(known), 0.0)


@cache
def _all_dimensions() -> Sequence[Draws]:
    """Standard normal draws by dimension, each scrambled by itself."""
    points = qmc.Sobol(d=DIMENSIONS, scramble=True, rng=SEED).random_base2(DRAWS.bit_length() - 1)
    # An end of the interval has no quantile; the smallest step of the sequence is 2 ** -30.
    normals: Draws = ndtri(np.clip(points.T, 2.0**-31, 1.0 - 2.0**-31))
    return list(normals)


def _sum_of(products: Sequence[Product], normals: Mapping[str, Draws]) -> Draws:
    total = np.zeros(DRAWS)
    for product in products:
        drawn: Draws = np.full(DRAWS, float(product.times))
        for one in product.inputs:
            drawn = drawn * (one.range.at(normals[one.key]) if one.key in normals else float(one.range.likely))
        total += drawn
    return total


def _worth_of(key: str, products: Sequence[Product], normals: Mapping[str, Draws], results: Draws) -> Worth:
    low, high = (_with_others_in_the_middle(key, products, float(ndtri(share))) for share in (CONSERVATIVE, OPTIMISTIC))
    return Worth(key, _money(partial_information(normals[key], results)), _money(low), _money(high))


def _with_others_in_the_middle(key: str, products: Sequence[Product], normal: float) -> float:
    total = 0.0
    for product in products:
        drawn = float(product.times)
        for one in product.inputs:
            moved = one.key == key
            drawn *= float(one.range.at(np.array([normal]))[0]) if moved else float(one.range.likely)
        total += drawn
    return total


def _money(figure: float | np.float64) -> Decimal:
    return rounded(Decimal(repr(float(figure))))
