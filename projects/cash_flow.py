"""Money over time: present value, payback and modified return of a series of flows. Pure, in Decimal.

The first flow happens now, in period 0, and is worth what it says. A spreadsheet's NPV function discounts its first
value by one period as well: to compare, give it the flows from period 1 on and add the first one beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MONTHS_A_YEAR = 12
#: Digits carried through powers and divisions; far beyond any cent of any amount allowed.
REAL = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Payback:
    """When the money spent is back for good, in periods, interpolated within one; None if never.

    Where the running total fell below zero again after it had been back, it `relapses`, and `first` came earlier.
    """

    periods: Decimal | None
    first: Decimal | None
    relapses: bool = False


def monthly_rate(annual_rate: Decimal) -> Decimal:
    """The effective rate of a month: twelve of them make the year's, while a twelfth of it would make too much."""
    return REAL.power(1 + annual_rate, REAL.divide(Decimal(1), Decimal(MONTHS_A_YEAR))) - 1


def discount_factor(rate: Decimal, periods: int) -> Decimal:
    """What one unit of money after so many periods is worth now."""
    return REAL.power(1 + rate, -periods)


def npv(rate: Decimal, flows: Sequence[Decimal]) -> Decimal:
    """Present value of the flows."""
    with localcontext(REAL):
        total = Decimal(0)
        for flow in reversed(flows):
            total = total / (1 + rate) + flow
        return total


def annual_rate(rate: Decimal) -> Decimal:
    """What the rate of a month makes in a year."""
    return REAL.power(1 + rate, MONTHS_A_YEAR) - 1


def modified_rate(flows: Sequence[Decimal], *, finance_rate: Decimal, reinvest_rate: Decimal) -> Decimal | None:
    """The rate for a period (MIRR) if what is spent is borrowed and what comes is put to work at these rates until the end.

    There is exactly one where something is spent and something comes; else None.
    """
    spent = -npv(finance_rate, [min(flow, Decimal(0)) for flow in flows])
    come = npv(reinvest_rate, [max(flow, Decimal(0)) for flow in flows])
    if not spent or not come:
        return None
    periods = Decimal(len(flows) - 1)
    with localcontext(REAL):
        grown = come * (1 + reinvest_rate) ** periods
        return (grown / spent) ** (1 / periods) - 1


def payback(flows: Sequence[Decimal]) -> Payback:
    """When the running total comes back to zero for good.

    0 where it never was below zero and something came in; None where nothing did, or where it ends below zero.
    """
    with localcontext(REAL):
        total = sum(flows, Decimal(0))
        crossings = _crossings(flows)
    if total < 0:
        return Payback(None, crossings[0] if crossings else None, relapses=bool(crossings))
    if crossings:
        return Payback(crossings[-1], crossings[0], relapses=len(crossings) > 1)
    at_once = Decimal(0) if any(flows) else None
    return Payback(at_once, at_once)


def discounted_payback(rate: Decimal, flows: Sequence[Decimal]) -> Payback:
    """As `payback`, with every flow at what it is worth now."""
    with localcontext(REAL):
        return payback([flow * discount_factor(rate, period) for period, flow in enumerate(flows)])


def _crossings(flows: Sequence[Decimal]) -> list[Decimal]:
    """Every point at which the running total comes back from below zero."""
    found, total = [], Decimal(0)
    for period, flow in enumerate(flows):
        before, total = total, total + flow
        if before < 0 <= total:
            found.append(period - 1 - before / flow)
    return found
