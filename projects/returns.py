"""What a case returns, by every measure that is asked for, and its money month by month. Pure.

All of it follows from the one table of flows that the case is reckoned from. The present value comes first: a share, a
rate or a number of months says nothing of how much it is. Months are those of the case: 0 is when the money is spent, the
benefit of a month comes at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import accumulate
from typing import TYPE_CHECKING

from portal.common.amounts import EXACT, ZERO, rounded
from projects.cash_flow import annual_rate, discount_factor, modified_rate, monthly_rate
from projects.internal_rate import Root, internal_rates
from projects.reckoning import quotient

if TYPE_CHECKING:
    from projects.reckoning import Parts


@dataclass(frozen=True, slots=True)
class Month:
    """Money of one month, and what has come together until its end: as it is, and as it is worth in month 0."""

    number: int
    benefit: Decimal
    cost: Decimal
    total: Decimal
    present_total: Decimal

    @property
    def net(self) -> Decimal:
        return self.benefit - self.cost


@dataclass(frozen=True, slots=True)
class Returns:
    """Measures beside the present value. `internal` holds the rates of a year at which it would be worth nothing (IRR).

    `npv_over_cost` is what is gained today for each unit of money spent, `benefit_over_cost` what comes for it (BCR).
    """

    present_benefit: Decimal
    present_cost: Decimal
    npv_over_cost: Decimal | None
    benefit_over_cost: Decimal | None
    internal: tuple[Root, ...]
    modified: Decimal | None

    @property
    def npv(self) -> Decimal:
        return self.present_benefit - self.present_cost

    @property
    def internal_rate(self) -> Decimal | None:
        """The one rate that answers what it returns; None where there is none, or several, or it is only touched."""
        if len(self.internal) != 1 or not self.internal[0].crosses:
            return None
        return self.internal[0].rate


def returns_of(parts: Parts) -> Returns | None:
    """What the case returns; None while a figure is not known."""
    months = months_of(parts)
    if not months:
        return None
    rate = monthly_rate(parts.case.annual_rate)
    benefit, cost = _worth_today(parts, _worths(parts)[-1])
    flows = [month.net for month in months]
    modified = modified_rate(flows, finance_rate=rate, reinvest_rate=rate)
    return Returns(
        present_benefit=benefit,
        present_cost=cost,
        npv_over_cost=quotient(benefit - cost, cost),
        benefit_over_cost=quotient(benefit, cost),
        internal=tuple(Root(annual_rate(root.rate), root.crosses) for root in internal_rates(flows)),
        modified=None if modified is None else annual_rate(modified),
    )


def months_of(parts: Parts) -> tuple[Month, ...]:
    """Month 0 and those after it; none while a figure is not known. Sums are rounded once, so that the last ones agree."""
    lines = [line for line in parts.lines if line is not None]
    if len(lines) < len(parts.lines) or not lines or parts.upfront is None or parts.monthly is None:
        return ()
    worths = _worths(parts)
    found = [Month(0, ZERO, parts.upfront, -parts.upfront, -parts.upfront)]
    before = ZERO
    for number in range(1, parts.case.build_months + parts.case.horizon_months + 1):
        running = max(number - parts.case.build_months, 0)
        with localcontext(EXACT):
            come = sum((rounded(line * running) for line in lines), ZERO)
            paid = parts.monthly if running else ZERO
        benefit, cost = _worth_today(parts, worths[running])
        total = found[-1].total + come - before - paid
        found.append(Month(number, come - before, paid, total, benefit - cost))
        before = come
    return tuple(found)


def _worths(parts: Parts) -> list[Decimal]:
    """How many months of now no month, the first, the first two, … of the benefit are worth."""
    rate, first = monthly_rate(parts.case.annual_rate), parts.case.build_months + 1
    with localcontext(EXACT):
        factors = (discount_factor(rate, first + month) for month in range(parts.case.horizon_months))
        return list(accumulate(factors, initial=Decimal(0)))


def _worth_today(parts: Parts, months: Decimal) -> tuple[Decimal, Decimal]:
    """What comes, and what is spent, in so many months of now."""
    per_month, monthly, upfront = parts.per_month or ZERO, parts.monthly or ZERO, parts.upfront or ZERO
    with localcontext(EXACT):
        return rounded(per_month * months), upfront + rounded(monthly * months)
