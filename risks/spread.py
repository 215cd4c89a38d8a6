"""How far several people's answers lie apart, and as dots on the steps of a card. Pure.

Names never come here: what goes in are figures alone, sorted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

#: Answers so many steps of a card apart are no shade of opinion: somebody knows something that another does not.
WIDE = 2
#: Geometry of the dots, in units of the drawing.
WIDTH, DOT, ROOM = 264, 11, 20


@dataclass(frozen=True, slots=True)
class Column:
    """One step of the card, where it stands, and the heights of its dots."""

    x: int
    label: str
    heights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dots:
    """A row of dots over the steps of a card; `middle_x` is where the median lies."""

    width: int
    height: int
    base: int
    columns: tuple[Column, ...]
    middle_x: str


def step_of(value: Decimal, steps: Sequence[Decimal | int]) -> int:
    """The number of the last step that the value reaches; the first one for all below."""
    return max((number for number, step in enumerate(steps) if step <= value), default=0)


def is_wide(values: Sequence[Decimal], steps: Sequence[Decimal | int]) -> bool:
    """Whether the answers lie so far apart that people should talk."""
    if not values:
        return False
    return step_of(max(values), steps) - step_of(min(values), steps) >= WIDE


def dots_of(values: Sequence[Decimal], middle: Decimal, steps: Sequence[Decimal | int], labels: Sequence[str]) -> Dots:
    """The answers as dots, stacked where several are alike."""
    counts = [0] * len(steps)
    for value in values:
        counts[step_of(value, steps)] += 1
    column = WIDTH // len(steps)
    base = max(1, *counts) * DOT + DOT // 2
    columns = tuple(
        Column(
            x=number * column + column // 2,
            label=label,
            heights=tuple(base - place * DOT - DOT // 2 - 1 for place in range(count)),
        )
        for number, (label, count) in enumerate(zip(labels, counts, strict=True))
    )
    return Dots(WIDTH, base + ROOM, base, columns, f"{place_of(middle, steps) * column + column // 2:.1f}")


def place_of(value: Decimal, steps: Sequence[Decimal | int]) -> float:
    """Where a value lies on the row, in steps: between two of them in proportion."""
    below = step_of(value, steps)
    if below + 1 >= len(steps) or value <= steps[below]:
        return float(below)
    low, high = steps[below], steps[below + 1]
    return below + float((value - low) / (high - low))
