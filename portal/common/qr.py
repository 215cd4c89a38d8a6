"""A code to scan as geometry: what a template writes into the attributes of an SVG."""

from __future__ import annotations

from dataclasses import dataclass

import segno

#: White around a code, in its own squares; without it many phones see none.
QUIET = 4


@dataclass(frozen=True, slots=True)
class Code:
    """A square of `size` units with its white edge; `path` are the dark squares."""

    size: int
    path: str


def code_of(address: str) -> Code:
    """The code of an address, readable with a good part of it hidden or in the glare of a projector."""
    rows = segno.make(address, error="m", micro=False).matrix
    dark = (
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark
    )
    return Code(len(rows) + 2 * QUIET, "".join(dark))
