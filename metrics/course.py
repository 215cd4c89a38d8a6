"""The course of a metric as a line: where its points, gridlines and dates lie in a drawing. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

#: Gridlines stand at round figures, and there are five of them at most.
MOST_LINES = 5
MOST_INTERVALS = MOST_LINES - 1
ROUND_FACTORS = (1, 2, 5, 10, 20)
#: Pixels of the drawing: the plot lies between TOP and BOTTOM, LEFT of it the scale, RIGHT of it the last figure.
TOP, BOTTOM, HEIGHT = 20, 140, 168
LEFT, RIGHT = 48, 60
#: So many pixels a date below the line needs.
DATE_WIDTH = 130


@dataclass(frozen=True, slots=True)
class Point:
    """One measurement in the drawing."""

    x: int
    y: int
    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class GridLine:
    """A horizontal line at a round figure; `is_axis` is the lowest."""

    y: int
    value: Decimal
    is_axis: bool

    @property
    def text_y(self) -> int:
        return self.y + 4


@dataclass(frozen=True, slots=True)
class Course:
    """A drawing of a given width."""

    width: int
    points: Sequence[Point]
    grid: Sequence[GridLine]
    dates: Sequence[Point]

    @property
    def height(self) -> int:
        return HEIGHT

    @property
    def left(self) -> int:
        return LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def path(self) -> str:
        """The corners of the line, as SVG writes them."""
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def last(self) -> Point:
        return self.points[-1]


def course(measured: Sequence[tuple[date, Decimal]], *, width: int) -> Course | None:
    """The line through what was measured, in the order of the days; None for less than two points: a dot is no course."""
    if len(measured) < 2:  # noqa: PLR2004 -- a line has two ends
        return None
    ticks = round_ticks([value for _day, value in measured])
    first, last = measured[0][0], measured[-1][0]
    span = max((last - first).days, 1)
    room = width - LEFT - RIGHT
    points = [
        Point(LEFT + room * (day - first).days // span, height_of(value, ticks), day, value) for day, value in measured
    ]
    grid = [GridLine(height_of(tick, ticks), tick, is_axis=tick == ticks[0]) for tick in ticks]
    return Course(width, points, grid, spread(points, most=max(room // DATE_WIDTH, 1) + 1))


def round_ticks(values: Sequence[Decimal]) -> list[Decimal]:
    """Round figures from below the smallest to above the largest value, evenly spaced."""
    low, high = min(values), max(values)
    span = (high - low) or abs(high) or Decimal(1)
    power = Decimal(1).scaleb((span / MOST_INTERVALS).adjusted())
    # The last factor always fits: the span is at most forty times the power.
    return next(ticks for factor in ROUND_FACTORS if len(ticks := ticks_by(factor * power, low, high)) <= MOST_LINES)


def ticks_by(step: Decimal, low: Decimal, high: Decimal) -> list[Decimal]:
    """Multiples of the step that hold both ends between them."""
    start = (low / step).to_integral_value(ROUND_FLOOR)
    end = max((high / step).to_integral_value(ROUND_CEILING), start + 1)
    return [step * n for n in range(int(start), int(end) + 1)]


def height_of(value: Decimal, ticks: Sequence[Decimal]) -> int:
    """How far down the value lies."""
    share = (value - ticks[0]) / (ticks[-1] - ticks[0])
    return BOTTOM - int((share * (BOTTOM - TOP)).to_integral_value())


def spread(points: Sequence[Point], *, most: int) -> list[Point]:
    """The points whose dates are written: the first, the last, and some between with room to be read."""
    wanted = min(most, len(points))
    shown = [points[0]]
    for n in range(1, wanted - 1):
        aim = points[0].x + (points[-1].x - points[0].x) * n // (wanted - 1)
        nearest = min(points, key=lambda point: abs(point.x - aim))
        if nearest.x - shown[-1].x >= DATE_WIDTH // 2 <= points[-1].x - nearest.x:
            shown.append(nearest)
    return [*shown, points[-1]]
