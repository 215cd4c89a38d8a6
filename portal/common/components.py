"""What the page components take: small frozen values that a view or a summary builds and a template only shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

Tone = Literal["", "line", "red", "amber", "green", "blue", "plum"]


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go, in words; `is_on` where it stands among several and is chosen."""

    words: _StrOrPromise
    url: str
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A chip: a word, never a colour alone."""

    words: _StrOrPromise
    tone: Tone = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class StageStep:
    """One item of the stage line. `mark` replaces the plain name where the way ended or pauses (on hold, cancelled)."""

    name: _StrOrPromise
    note: _StrOrPromise = ""
    state: Literal["done", "current", "to_come"] = "to_come"
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """One of a row of real links: a saved view of a list, or a part of a project. `count` stands small behind it."""

    words: _StrOrPromise
    url: str
    is_current: bool = False
    count: _StrOrPromise | int | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a formula: the reckoning with the real figures, the words and the source, the amount."""

    reckoning: _StrOrPromise
    amount: _StrOrPromise
    source: _StrOrPromise = ""
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a row of numbers. It opens: by its formula in place, or by `url`."""

    label: _StrOrPromise
    value: _StrOrPromise
    note: _StrOrPromise = ""
    terms: Sequence[Term] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a gate: met, or not met with the links that mend it."""

    words: _StrOrPromise
    is_met: bool = False
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a timeline; a milestone is bold. `old` and `new` say a changed value behind the words."""

    at: date | datetime
    words: _StrOrPromise
    is_key: bool = False
    old: _StrOrPromise = ""
    new: _StrOrPromise = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs between two versions, and why."""

    field: _StrOrPromise
    old: _StrOrPromise
    new: _StrOrPromise
    why: _StrOrPromise = ""
    is_material: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole in the evidence bar; the keys are those of the basis chips."""

    key: Literal["measured", "analogous", "peer", "judgement"]
    percent: int


@dataclass(frozen=True, slots=True)
class Facet:
    """One chip of the filter bar: unset it shows its name, set it is blue, says its value and links to its removal.

    `values` are those of a filter that takes several: its menu stays open for more. `is_cut` says that the menu does not
    hold all there is.
    """

    name: _StrOrPromise
    value: _StrOrPromise = ""
    url: str = ""
    choices: Sequence[Link] = ()
    values: Sequence[_StrOrPromise] = ()
    is_cut: bool = False

    @property
    def is_set(self) -> bool:
        return bool(self.value or self.values)
