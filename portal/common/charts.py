"""Small charts as geometry: what a template writes into the attributes of an SVG. Pure.

For paper, mail and list rows, and wherever a chart needs no hand. Coordinates are text, so that no language writes them
with a comma; labels come from the caller, who knows the reader's language. Zero is drawn whenever it is in range, and
there are five gridlines at most.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    ToWords = Callable[[Decimal], str]

ZERO = Decimal(0)
MOST_GRIDLINES = 5
WHOLE = 100
#: Widths of a figure or letter and of a Chinese character at 12 px, a little on the wide side.
NARROW, WIDE = Decimal("6.6"), Decimal(12)
#: Between two labels, and between a label and what it labels.
GAP = Decimal(6)
LINE_HEIGHT = Decimal(14)
#: A row of a tornado, and how much of its width the names may take.
SWING_HEIGHT = 26
NAME_SHARE = Decimal("0.36")
# A step of 1, 2 or 5 times a power of ten reads as a scale.
_STEPS = (Decimal(1), Decimal(2), Decimal(5), Decimal(10), Decimal(20))

Anchor = Literal["", "m", "e"]


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a point; `anchor` is the class that says where they hang: start, middle or end."""

    x: str
    y: str
    words: str
    anchor: Anchor = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its words."""

    x: str
    y: str
    label: Label


@dataclass(frozen=True, slots=True)
class RangeBand:
    """A band for eight cases in ten with its middle, on a line with zero; `own` is another's figure, above the band."""

    width: int
    height: int
    band_x: str
    band_width: str
    middle_x: str
    zero_x: str
    figures: tuple[Label, ...]
    names: tuple[Label, ...]
    own: Mark | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A line over time: its points, gridlines (labelled at `left`), days, marks, and the figure at its end."""

    width: int
    height: int
    left: str
    right: str
    top: str
    bottom: str
    points: str
    last: Mark
    gridlines: tuple[Label, ...]
    days: tuple[Label, ...]
    marks: tuple[Mark, ...]
    zero_y: str | None = None
    target: Mark | None = None
    #: The corners of the band around the line, where there is one.
    band: str = ""


@dataclass(frozen=True, slots=True)
class Swing:
    """One bar of a tornado: its name, and the result where the input is low and where it is high."""

    name: Label
    y: str
    low_x: str
    low_width: str
    low: Label
    high_x: str
    high_width: str
    high: Label


@dataclass(frozen=True, slots=True)
class Tornado:
    """How far a result moves with each input, the one that moves it most first, around the line of its middle."""

    width: int
    height: int
    middle_x: str
    bottom: str
    swings: tuple[Swing, ...]
    middle: Label


@dataclass(frozen=True, slots=True)
class CumulativeWords:
    """What stands at a running total: at its start, its end, and where it pays back."""

    start: str
    end: str
    payback: str = ""


def whole_percents(amounts: Mapping[str, Decimal]) -> dict[str, int]:
    """Shares in whole per cent that add up to 100: the largest remainders are rounded up. Empty where there is no whole."""
    whole = sum(amounts.values(), ZERO)
    if whole <= 0:
        return {}
    shares = {key: amount * WHOLE / whole for key, amount in amounts.items()}
    percents = {key: int(share) for key, share in shares.items()}
    by_remainder = sorted(shares, key=lambda key: shares[key] - percents[key], reverse=True)
    for key in by_remainder[: WHOLE - sum(percents.values())]:
        percents[key] += 1
    return percents


def range_band(
    range_: tuple[Decimal, Decimal, Decimal],
    *,
    to_words: ToWords,
    names: tuple[str, str, str] | None = None,
    own: tuple[Decimal, str] | None = None,
    width: int = 306,
) -> RangeBand:
    """The range (low, middle, high) of a result. `names` stand beneath the figures; `own` is a figure with its words."""
    low, _, high = range_
    ends = [ZERO, low, high, *([own[0]] if own else [])]
    margin = max(_width(to_words(end)) for end in (min(ends), max(ends))) / 2
    x = _Scale(min(ends), max(ends), margin, width - margin)
    figures = _in_a_row([(x(value), to_words(value)) for value in range_], width, Decimal(46))
    zero = _label(x(ZERO), Decimal(46), to_words(ZERO), "m")
    if all(_are_apart(zero, figure) for figure in figures):
        figures = (zero, *figures)
    return RangeBand(
        width=width,
        height=62 if names else 50,
        band_x=_px(x(low)),
        band_width=_px(x(high) - x(low)),
        middle_x=_px(x(range_[1])),
        zero_x=_px(x(ZERO)),
        figures=figures,
        names=_in_a_row([(x(value), name) for value, name in zip(range_, names, strict=True)], width, Decimal(60))
        if names
        else (),
        own=_mark(x(own[0]), Decimal(9), own[1], width) if own else None,
    )


def cumulative(
    totals: Sequence[Decimal],
    *,
    to_words: ToWords,
    words: CumulativeWords,
    payback: Decimal | None = None,
    band: Sequence[tuple[Decimal, Decimal]] = (),
    width: int = 330,
    height: int = 154,
) -> Curve:
    """A running total by month, from month 0, with its zero line and a mark where it pays back; `band` lies around it."""
    frame = _Frame.around([*totals, ZERO, *(end for ends in band for end in ends)], to_words, width, height)
    x = _Scale(ZERO, Decimal(max(len(totals) - 1, 1)), frame.left, frame.right)
    y = frame.y
    at, last = x(Decimal(len(totals) - 1)), y(totals[-1])
    return frame.curve(
        [(x(Decimal(month)), y(total)) for month, total in enumerate(totals)],
        last=Mark(_px(at), _px(last), _label(at, last - GAP, to_words(totals[-1]), "e")),
        days=(frame.day(frame.left, words.start, ""), frame.day(frame.right, words.end, "e")),
        marks=() if payback is None else (_mark(x(payback), y(ZERO) + LINE_HEIGHT, words.payback, width, y(ZERO)),),
        band=_corners(
            [
                *((x(Decimal(month)), y(high)) for month, (_, high) in enumerate(band)),
                *((x(Decimal(month)), y(low)) for month, (low, _) in reversed(list(enumerate(band)))),
            ]
        ),
    )


def tornado(
    inputs: Sequence[tuple[str, Decimal, Decimal]],
    middle: tuple[Decimal, str],
    *,
    to_words: ToWords,
    width: int = 330,
) -> Tornado:
    """A bar for each input: its name, the result at its low end and at its high one; `middle` is the result with its words."""
    room = width * NAME_SHARE
    names = [shortened(name, room) for name, _, _ in inputs]
    ends = [end for _, *both in inputs for end in both] + [middle[0]]
    words = max(_width(to_words(end)) for end in ends) + GAP
    left = max((_width(name) for name in names), default=ZERO) + GAP + words
    x = _Scale(min(ends), max(ends), left, width - words)
    at = x(middle[0])
    bottom = Decimal(SWING_HEIGHT * len(inputs) + 6)
    swings = tuple(
        _swing(name, Decimal(SWING_HEIGHT * place + 6), at, (x(low), to_words(low)), (x(high), to_words(high)))
        for place, (name, (_, low, high)) in enumerate(zip(names, inputs, strict=True))
    )
    return Tornado(
        width=width,
        height=int(bottom) + 20,
        middle_x=_px(at),
        bottom=_px(bottom),
        swings=swings,
        middle=_in_a_row([(at, middle[1])], width, bottom + 14)[0],
    )


def shortened(words: str, room: Decimal) -> str:
    """As much of the words as there is room for."""
    if _width(words) <= room:
        return words
    kept = words
    while kept and _width(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _swing(name: str, y: Decimal, middle: Decimal, low: tuple[Decimal, str], high: tuple[Decimal, str]) -> Swing:
    """Each end's words stand beyond it: of a cost the low end lies at the right."""
    return Swing(
        name=_label(ZERO, y + 12, name),
        y=_px(y),
        low_x=_px(min(low[0], middle)),
        low_width=_px(abs(low[0] - middle)),
        low=_beyond(low, y, is_left=low[0] <= high[0]),
        high_x=_px(min(high[0], middle)),
        high_width=_px(abs(high[0] - middle)),
        high=_beyond(high, y, is_left=high[0] < low[0]),
    )


def _beyond(end: tuple[Decimal, str], y: Decimal, *, is_left: bool) -> Label:
    return _label(end[0] - GAP, y + 12, end[1], "e") if is_left else _label(end[0] + GAP, y + 12, end[1])


def _corners(places: Sequence[tuple[Decimal, Decimal]]) -> str:
    return " ".join(f"{_px(x)},{_px(y)}" for x, y in places)


def metric_line(
    measured: Sequence[tuple[date, Decimal]],
    *,
    to_words: ToWords,
    to_day: Callable[[date], str],
    target: tuple[Decimal, str] | None = None,
    events: Sequence[tuple[date, str]] = (),
    width: int = 860,
    height: int = 168,
) -> Curve:
    """A metric by day, its target (a figure and its words) where there is one, and what happened, as dashed lines."""
    goal, goal_words = target or (measured[-1][1], "")
    days = [day for day, _ in (*measured, *events)]
    end_words = to_words(measured[-1][1])
    frame = _Frame.around(
        [*(value for _, value in measured), goal],
        to_words,
        width,
        height,
        room=max(_width(goal_words), _width(end_words)) + 2 * GAP,
    )
    x = _Scale(Decimal(min(days).toordinal()), Decimal(max(days).toordinal()), frame.left, frame.right)
    y = frame.y
    places = [(x(Decimal(day.toordinal())), y(value)) for day, value in measured]
    at, last = places[-1]
    goal_y = y(goal)
    # The goal gives way to the figure it is close to.
    words_y = goal_y if abs(goal_y - last) >= LINE_HEIGHT else last + (LINE_HEIGHT if goal_y >= last else -LINE_HEIGHT)
    return frame.curve(
        places,
        last=Mark(_px(at), _px(last), _label(at + 8, last + 4, end_words)),
        days=_day_labels(frame, x, measured, to_day),
        marks=tuple(_mark(x(Decimal(day.toordinal())), Decimal(18), words, width) for day, words in events),
        target=None
        if target is None
        else Mark(_px(frame.right), _px(goal_y), _label(frame.right + 8, words_y + 4, goal_words)),
    )


def ticks_of(low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Round figures around a span, five at most; a span of nothing gets one around it."""
    if low == high:
        low, high = low - abs(low) / 2, high + (abs(high) / 2 or 1)
    power = Decimal(10) ** ((high - low) / (MOST_GRIDLINES - 1)).adjusted()
    scales = (_multiples(low, high, power * step) for step in _STEPS)
    return next(scale for scale in scales if len(scale) <= MOST_GRIDLINES)


def _multiples(low: Decimal, high: Decimal, step: Decimal) -> tuple[Decimal, ...]:
    """The multiples of a step from the one below the span to the one above it."""
    first, last = (low / step).to_integral_value(ROUND_FLOOR), (high / step).to_integral_value(ROUND_CEILING)
    return tuple((first + index) * step for index in range(int(last - first) + 1))


@dataclass(frozen=True, slots=True)
class _Scale:
    """A straight line from figures to pixels."""

    low: Decimal
    high: Decimal
    start: Decimal
    end: Decimal

    def __call__(self, value: Decimal) -> Decimal:
        if self.low == self.high:
            return (self.start + self.end) / 2
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class _Frame:
    """The area a line is drawn in, with room for labels at the left, beneath, and where wanted at the right."""

    width: int
    height: int
    left: Decimal
    right: Decimal
    y: _Scale
    gridlines: tuple[Label, ...]

    @classmethod
    def around(
        cls, values: Sequence[Decimal], to_words: ToWords, width: int, height: int, room: Decimal = LINE_HEIGHT
    ) -> _Frame:
        ticks = ticks_of(min(values), max(values))
        left = max(_width(to_words(tick)) for tick in ticks) + GAP
        y = _Scale(ticks[0], ticks[-1], Decimal(height) - 28, Decimal(20))
        lines = tuple(_label(left - GAP, y(tick), to_words(tick), "e") for tick in ticks)
        return cls(width, height, left, width - room, y, lines)

    def day(self, x: Decimal, words: str, anchor: Anchor) -> Label:
        return _label(x, Decimal(self.height) - 8, words, anchor)

    def curve(
        self,
        places: Sequence[tuple[Decimal, Decimal]],
        *,
        last: Mark,
        days: tuple[Label, ...],
        marks: tuple[Mark, ...],
        target: Mark | None = None,
        band: str = "",
    ) -> Curve:
        return Curve(
            width=self.width,
            height=self.height,
            left=_px(self.left),
            right=_px(self.right),
            top=_px(self.y.end),
            bottom=_px(self.y.start),
            points=_corners(places),
            last=last,
            gridlines=self.gridlines,
            days=days,
            marks=marks,
            zero_y=_px(self.y(ZERO)) if self.y.low <= 0 <= self.y.high else None,
            target=target,
            band=band,
        )


def _day_labels(
    frame: _Frame, x: _Scale, measured: Sequence[tuple[date, Decimal]], to_day: Callable[[date], str]
) -> tuple[Label, ...]:
    """The first and the last day, and the middle one where there is room for it."""
    first, middle, last = measured[0][0], measured[len(measured) // 2][0], measured[-1][0]
    if first == last:
        return (frame.day(x(Decimal(first.toordinal())), to_day(first), "m"),)
    ends = [
        frame.day(x(Decimal(first.toordinal())), to_day(first), ""),
        frame.day(x(Decimal(last.toordinal())), to_day(last), "e"),
    ]
    between = frame.day(x(Decimal(middle.toordinal())), to_day(middle), "m")
    return (*ends, between) if all(_are_apart(between, end) for end in ends) else tuple(ends)


def _px(value: Decimal) -> str:
    """A tenth of a pixel is what an eye can tell."""
    return f"{value.quantize(Decimal('0.1'), ROUND_HALF_UP) + ZERO:f}".removesuffix(".0")


def _label(x: Decimal, y: Decimal, words: str, anchor: Anchor = "") -> Label:
    return Label(_px(x), _px(y), words, anchor)


def _width(words: str) -> Decimal:
    """About how wide the words are."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in words)
    return wide * WIDE + (len(words) - wide) * NARROW


def edges_of(label: Label) -> tuple[Decimal, Decimal]:
    """About where the words begin and end."""
    width, x = _width(label.words), Decimal(label.x)
    start = x - {"": ZERO, "m": width / 2, "e": width}[label.anchor]
    return start, start + width


def _are_apart(one: Label, other: Label) -> bool:
    (left, right), (start, end) = edges_of(one), edges_of(other)
    return right + GAP <= start or end + GAP <= left


def _in_a_row(wanted: Sequence[tuple[Decimal, str]], width: int, y: Decimal) -> tuple[Label, ...]:
    """Centred labels, in order, moved apart as far as they must be to stay legible and inside."""
    placed: list[Decimal] = []
    edge = -GAP
    for x, words in wanted:
        placed.append(max(x, edge + GAP + _width(words) / 2))
        edge = placed[-1] + _width(words) / 2
    edge = width + GAP
    for index in range(len(wanted) - 1, -1, -1):
        half = _width(wanted[index][1]) / 2
        placed[index] = min(placed[index], edge - GAP - half)
        edge = placed[index] - half
    return tuple(_label(x, y, words, "m") for x, (_, words) in zip(placed, wanted, strict=True))


def _mark(x: Decimal, words_y: Decimal, words: str, width: int, y: Decimal | None = None) -> Mark:
    """A point whose words stand at its right, or at its left where they would run out of the picture."""
    fits = x + GAP + _width(words) <= width
    label = _label(x + GAP, words_y, words) if fits else _label(x - GAP, words_y, words, "e")
    return Mark(_px(x), _px(words_y if y is None else y), label)
