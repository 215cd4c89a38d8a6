"""From a pitch to its outlook: each figure with a range, by what it rests on. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from projects.business_inputs import number
from projects.enums import CostKind
from projects.reckoning import Figure
from projects.simulation import Outlook, Product, Uncertain, outlook, running_totals
from projects.uncertainty import Range, Scale, exactly, widened

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The drivers of a benefit, as the frozen content names them, and what each is.
SCALES: Final[Mapping[Figure, Scale]] = {
    Figure.UNIT_BENEFIT: Scale.AMOUNT,
    Figure.REACH: Scale.AMOUNT,
    Figure.PROBABILITY: Scale.SHARE,
}


def outlook_of(content: Mapping[str, Any], option: Mapping[str, Any]) -> Outlook | None:
    """What may come out of an option; None while a figure of it is not known, or where nobody said how sure they are."""
    if not _is_told(content, option):
        return None
    months, widening = Decimal(content["horizon_months"]), content["widening"]
    benefits = (_benefit(line, months, widening) for line in option["benefits"])
    return outlook((*benefits, *(_cost(line, months, widening) for line in option["costs"])))


def band_of(content: Mapping[str, Any], option: Mapping[str, Any]) -> tuple[tuple[Decimal, Decimal], ...]:
    """What holds the running total of an option in eight of ten cases, month by month; nothing while it cannot be told."""
    if not _is_told(content, option):
        return ()
    widening = content["widening"]
    costs = [(line["is_monthly"], _cost(line, Decimal(1), widening)) for line in option["costs"]]
    upfront = tuple(cost for is_monthly, cost in costs if not is_monthly)
    benefits = (_benefit(line, Decimal(1), widening) for line in option["benefits"])
    monthly = (*benefits, *(cost for is_monthly, cost in costs if is_monthly))
    return running_totals(upfront, monthly, content["horizon_months"])


def _is_told(content: Mapping[str, Any], option: Mapping[str, Any]) -> bool:
    lines = option["benefits"]
    if content["widening"] is None or not lines or not option["costs"]:
        return False
    return all(line[driver] is not None for line in lines for driver in SCALES)


def key_of(line: Mapping[str, Any], part: str, figure: Figure) -> str:
    """The same for a line and for the one that stands in for it: in every option it is the same unknown."""
    return f"{part}:{line['replaces'] or line['line']}:{figure}"


def range_of(line: Mapping[str, Any], driver: Figure, by: Decimal, scale: Scale) -> Range:
    """The ends that were given; where there are none, the figure widened by what it rests on."""
    low, likely, high = line[f"{driver}_low"], Decimal(line[driver]), line[f"{driver}_high"]
    return widened(likely, by, scale) if low is None else Range(Decimal(low), likely, Decimal(high), scale)


def _benefit(line: Mapping[str, Any], months: Decimal, widening: Mapping[str, str]) -> Product:
    by = Decimal(widening[line["basis"]])
    inputs = (
        Uncertain(key_of(line, "benefit", driver), range_of(line, driver, by, scale))
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
