"""From a pitch to its outlook: each figure with a range, by what it rests on. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from projects.business_inputs import number
from projects.enums import CostKind
from projects.reckoning import Figure
from projects.simulation import Outlook, Product, Uncertain, outlook
from projects.uncertainty import Scale, exactly, widened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projects.uncertainty import Range

#: The drivers of a benefit, as the frozen content names them, and what each is.
SCALES: Final[Mapping[Figure, Scale]] = {
    Figure.UNIT_BENEFIT: Scale.AMOUNT,
    Figure.REACH: Scale.AMOUNT,
    Figure.PROBABILITY: Scale.SHARE,
}


def outlook_of(content: Mapping[str, Any], option: Mapping[str, Any]) -> Outlook | None:
    """What may come out of an option; None while a figure of it is not known, or where nobody said how sure they are."""
    widening = content["widening"]
    lines = option["benefits"]
    if widening is None or not lines or not option["costs"]:
        return None
    if any(line[driver] is None for line in lines for driver in SCALES):
        return None
    months = Decimal(content["horizon_months"])
    benefits = (_benefit(line, months, widening) for line in lines)
    return outlook((*benefits, *(_cost(line, months, widening) for line in option["costs"])))


def key_of(line: Mapping[str, Any], part: str, figure: Figure) -> str:
    """The same for a line and for the one that stands in for it: in every option it is the same unknown."""
    return f"{part}:{line['replaces'] or line['line']}:{figure}"


def _benefit(line: Mapping[str, Any], months: Decimal, widening: Mapping[str, str]) -> Product:
    by = Decimal(widening[line["basis"]])
    inputs = (
        Uncertain(key_of(line, "benefit", driver), widened(Decimal(line[driver]), by, scale))
        for driver, scale in SCALES.items()
    )
    return Product(tuple(inputs), months)


def _cost(line: Mapping[str, Any], months: Decimal, widening: Mapping[str, str]) -> Product:
    """What is paid; of people as many days as it takes, of other things what was asked for."""
    paid = number(line["amount"]) or Decimal(0)
    spread: Range = exactly(paid)
    if line["kind"] == CostKind.PEOPLE:
        spread = widened(paid, Decimal(widening["effort"]))
    times = months if line["is_monthly"] else Decimal(1)
    return Product((Uncertain(key_of(line, "cost", Figure.QUANTITY), spread),), -times)
