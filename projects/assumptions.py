"""What a frozen pitch rests on, figure by figure: each may be doubted, or replaced by a figure of the approver's own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from portal.common.amounts import EXACT, MAX_AMOUNT, PLACES, ZERO, rounded
from portal.common.quantities import MAX_PERSON_DAYS, MAX_REACH, SHARE_PLACES
from projects.business_inputs import case_of, number, plain
from projects.enums import Basis, CostKind
from projects.reckoning import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projects.business_inputs import Content


class Assumed(StrEnum):
    """Which figure of a line is assumed; named as in the frozen content."""

    UNIT_BENEFIT = "unit_benefit"
    REACH = "reach"
    PROBABILITY = "probability"
    PERSON_DAYS = "person_days"


OF_A_BENEFIT: Final = (Assumed.UNIT_BENEFIT, Assumed.REACH, Assumed.PROBABILITY)
#: The decimals that a figure may have, and the largest that is allowed.
LIMITS: Final[Mapping[Assumed, tuple[int, Decimal]]] = {
    Assumed.UNIT_BENEFIT: (PLACES, MAX_AMOUNT),
    Assumed.REACH: (PLACES, MAX_REACH),
    Assumed.PROBABILITY: (SHARE_PLACES, Decimal(1)),
    Assumed.PERSON_DAYS: (PLACES, MAX_PERSON_DAYS),
}


@dataclass(frozen=True, slots=True)
class Assumption:
    """One figure of an option. Lines have no names that last, so `key` says the place: part, index and figure."""

    part: str
    index: int
    assumed: Assumed
    line: Mapping[str, Any]

    @property
    def key(self) -> str:
        return f"{self.part}-{self.index}-{self.assumed}"

    @property
    def value(self) -> Decimal | None:
        """What the pitch says; None while it is not known."""
        return number(self.line[self.assumed])

    def allows(self, figure: Decimal) -> bool:
        """Whether it can be this figure at all."""
        places, most = LIMITS[self.assumed]
        if not figure.is_finite() or not 0 <= figure <= most:
            return False
        return figure == figure.quantize(Decimal(1).scaleb(-places), context=EXACT)


def assumptions_of(option: Mapping[str, Any]) -> list[Assumption]:
    """The three figures of each benefit, then the days of each people line."""
    benefits = [
        Assumption("benefits", index, assumed, line)
        for index, line in enumerate(option["benefits"])
        for assumed in OF_A_BENEFIT
    ]
    efforts = [
        Assumption("costs", index, Assumed.PERSON_DAYS, line)
        for index, line in enumerate(option["costs"])
        if line["kind"] == CostKind.PEOPLE
    ]
    return benefits + efforts


def with_figures(option: Mapping[str, Any], figures: Mapping[str, Decimal]) -> Content:
    """The option as it would be by these figures (by key): whoever reckons it, reckons as for the pitch itself."""
    changed: Content = {
        **option,
        "benefits": [dict(line) for line in option["benefits"]],
        "costs": [dict(line) for line in option["costs"]],
    }
    for one in assumptions_of(option):
        if one.key in figures:
            line = changed[one.part][one.index]
            line[one.assumed] = plain(figures[one.key])
            if one.assumed in OF_A_BENEFIT:
                # The ends were given for another figure; this one is as sure as what it rests on.
                line[f"{one.assumed}_low"] = line[f"{one.assumed}_high"] = None
            if one.assumed == Assumed.PERSON_DAYS and line["unit_amount"] is not None:
                line["amount"] = plain(rounded(EXACT.multiply(figures[one.key], Decimal(line["unit_amount"]))))
    return changed


@dataclass(frozen=True, slots=True)
class Judged:
    """Benefits by judgement alone that are more than half of what comes: their share, and the probabilities to accept."""

    share: Decimal
    keys: tuple[str, ...]


def judged(content: Mapping[str, Any], option: Mapping[str, Any]) -> Judged | None:
    """What of the option has to be accepted in so many words; None where no more than half rests on judgement.

    A benefit that is not known brings nothing yet: with it one could neither hide behind it nor be held up by it.
    """
    terms = case_of(content, option).terms[Figure.BENEFIT]
    brought = {index: term.amount or ZERO for index, term in enumerate(terms)}
    alone = [index for index, line in enumerate(option["benefits"]) if line["basis"] == Basis.JUDGEMENT]
    together, by_judgement = sum(brought.values(), ZERO), sum((brought[index] for index in alone), ZERO)
    if by_judgement * 2 <= together:
        return None
    keys = tuple(f"benefits-{index}-{Assumed.PROBABILITY}" for index in alone if brought[index])
    return Judged(by_judgement / together, keys)
