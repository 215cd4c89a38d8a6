"""Where the risks lie: chance in the five steps of an assessment, money in five columns drawn from the appetite. Pure.

A cell is shaded, and stands beyond the line, by the expected loss in its middle: no traffic lights, so that the eye
reads “beyond the line”.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from risks.exposure import CHANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: The rows are the steps an engineer chooses from; a median between two steps lies in the nearer one.
CHANCE_EDGES = (Decimal("0.065"), Decimal("0.20"), Decimal("0.45"), Decimal("0.75"))
#: The upper edges of the columns, in appetites; the last column is everything beyond.
IMPACT_EDGES = (Decimal(1), Decimal(4), Decimal(8), Decimal(16))
#: The middle of each column, in appetites.
IMPACT_MIDDLES = (Decimal("0.5"), Decimal(2), Decimal("5.7"), Decimal("11.3"), Decimal(32))
SIZE = len(CHANCES)

#: Pixels of the drawing.
WIDTH, HEIGHT = 52, 48
LEFT, TOP = 40, 6


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `row` and `column` count from the smallest, `shade` from 0 to 3."""

    row: int
    column: int
    count: int
    upper: Decimal | None
    shade: int
    is_beyond: bool
    is_chosen: bool
    url: str = ""

    @property
    def x(self) -> int:
        return self.column * WIDTH

    @property
    def y(self) -> int:
        return (SIZE - 1 - self.row) * HEIGHT

    @property
    def text_x(self) -> int:
        return self.x + WIDTH // 2

    @property
    def text_y(self) -> int:
        return self.y + HEIGHT // 2 + 6

    @property
    def label_y(self) -> int:
        """Where the chance of the row is written, beside the drawing."""
        return TOP + self.y + HEIGHT // 2 + 4

    @property
    def chance(self) -> Decimal:
        return CHANCES[self.row]

    @property
    def key(self) -> str:
        """The cell in an address: row and column."""
        return f"{self.row}{self.column}"


@dataclass(frozen=True, slots=True)
class Edge:
    """The amount up to which a column goes; None for the last one."""

    column: int
    amount: Decimal | None

    @property
    def text_x(self) -> int:
        return LEFT + self.column * WIDTH + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Matrix:
    """The drawing: its cells, the heavy line, the amounts under the columns."""

    cells: Sequence[Cell]
    line: str
    edges: Sequence[Edge]


def row_of(chance: Decimal) -> int:
    """The row a chance lies in."""
    return sum(chance >= edge for edge in CHANCE_EDGES)


def edges_of(column: int, appetite: Decimal) -> tuple[Decimal, Decimal | None]:
    """The amounts between which a column lies; the last one has no end."""
    edges = [Decimal(0), *(edge * appetite for edge in IMPACT_EDGES), None]
    return edges[column] or Decimal(0), edges[column + 1]


def loss_of(row: int, column: int) -> Decimal:
    """The expected loss in the middle of a cell, in appetites."""
    return CHANCES[row] * IMPACT_MIDDLES[column]


def shade_of(row: int, column: int) -> int:
    """0 hardly any loss, 1 some, 2 up to the line, 3 beyond it."""
    return sum(loss_of(row, column) > edge for edge in (Decimal("0.1"), Decimal("0.5"), Decimal(1)))


def first_beyond(row: int) -> int:
    """The first column beyond the appetite in a row; SIZE if there is none."""
    return next((column for column in range(SIZE) if loss_of(row, column) > 1), SIZE)


def line_path() -> str:
    """The appetite as a staircase from the top to the right edge, as an SVG path."""
    top, *others = (first_beyond(row) * WIDTH for row in range(SIZE - 1, -1, -1))
    steps = (f" V{down * HEIGHT} H{across}" for down, across in enumerate(others, start=1))
    return f"M{top} 0" + "".join(steps)


def matrix(
    counts: Mapping[tuple[int, int], int],
    appetite: Decimal,
    chosen: tuple[int, int] | None = None,
    *,
    address: Callable[[str], str] = str,
) -> Matrix:
    """The drawing for `counts` by (row, column); `address` is where a cell leads, by its key."""
    amounts = [edges_of(column, appetite)[1] for column in range(SIZE)]
    cells = [
        Cell(
            row=row,
            column=column,
            count=counts.get((row, column), 0),
            upper=amounts[column],
            shade=shade_of(row, column),
            is_beyond=loss_of(row, column) > 1,
            is_chosen=(row, column) == chosen,
            url=address(f"{row}{column}"),
        )
        for row in range(SIZE - 1, -1, -1)
        for column in range(SIZE)
    ]
    edges = [Edge(column, amount) for column, amount in enumerate(amounts)]
    return Matrix(cells, line_path(), edges)
