"""What a pitch brings and takes: benefit, cost, return, payback, breakeven, present value. Pure, in Decimal throughout.

Conventions, the same everywhere:

- month 0 is when the money is spent; launch is `build_months` later, and the benefit of a month comes at its end, in
  the `horizon_months` after launch;
- money is rounded to the cent once, half up, where it is shown, and sums add up what is shown;
- net benefit, return, payback and breakeven are not discounted; the present value is, at the effective monthly rate;
- unknown is None and makes None of everything that needs it. It is never read as zero: a case without any cost line has
  an unknown cost, and one without any benefit line an unknown benefit;
- a driver breaks even for one benefit line, the others being as they are: the only line, or the only one of which
  something is not known. Of several known ones a share of the whole must come.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.common.amounts import EXACT, ZERO, rounded
from projects.cash_flow import (
    MONTHS_A_YEAR,
    REAL,
    Payback,
    discount_factor,
    discounted_payback,
    monthly_rate,
    payback,
)
from projects.reckoning import Figure, cents, parts_of, product, terms_of, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projects.reckoning import Parts, Term

CERTAIN = Decimal(1)
WEEKS_A_YEAR = 52
DEFAULT_ANNUAL_RATE = Decimal("0.08")


class Driver(StrEnum):
    """What a case is driven by; any of them may be unknown."""

    UNIT_BENEFIT = "unit_benefit"
    REACH = "reach"
    PROBABILITY = "probability"
    COST = "cost"


class InvalidCaseError(ValueError):
    """Figures that no case can have; `fields` names them."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


@dataclass(frozen=True, slots=True)
class CostInput:
    """One thing to pay for: `amount`, or quantity × unit cost. In month 0, or in every month of the benefit."""

    kind: str
    label: str
    quantity: Decimal | None = None
    unit_cost: Decimal | None = None
    amount: Decimal | None = None
    is_monthly: bool = False

    @property
    def payment(self) -> Decimal | None:
        """What is paid at a time, to the cent; None while not known."""
        if self.amount is not None:
            return rounded(self.amount)
        if self.quantity is None or self.unit_cost is None:
            return None
        return rounded(EXACT.multiply(self.quantity, self.unit_cost))

    @property
    def is_by_quantity(self) -> bool:
        """Whether quantity × unit cost is what is paid, and not an amount of its own."""
        if self.quantity is None or self.unit_cost is None:
            return False
        return self.payment == rounded(EXACT.multiply(self.quantity, self.unit_cost))


@dataclass(frozen=True, slots=True)
class BenefitInput:
    """Unit benefit × reach × probability, in every month after launch. A driver is None while it is not known."""

    unit_benefit: Decimal | None
    reach_per_month: Decimal | None
    probability: Decimal | None
    label: str = ""

    @property
    def per_month(self) -> Decimal | None:
        """What a month brings, exactly."""
        return product(self.unit_benefit, self.reach_per_month, self.probability)

    @property
    def unknown(self) -> tuple[Driver, ...]:
        drivers = {
            Driver.UNIT_BENEFIT: self.unit_benefit,
            Driver.REACH: self.reach_per_month,
            Driver.PROBABILITY: self.probability,
        }
        return tuple(driver for driver, value in drivers.items() if value is None)


NOTHING_KNOWN = BenefitInput(None, None, None)


@dataclass(frozen=True, slots=True)
class Case:
    """What one option brings for some months, against what it costs."""

    benefits: tuple[BenefitInput, ...]
    costs: tuple[CostInput, ...]
    horizon_months: int = 12
    annual_rate: Decimal = DEFAULT_ANNUAL_RATE
    build_months: int = 0

    def __post_init__(self) -> None:
        paid = [figure for line in self.costs for figure in (line.quantity, line.unit_cost, line.amount)]
        wrong = {
            "unit_benefit": any(_is_out(line.unit_benefit) for line in self.benefits),
            "reach_per_month": any(_is_out(line.reach_per_month) for line in self.benefits),
            "probability": any(_is_out(line.probability, at_most=CERTAIN) for line in self.benefits),
            "costs": any(map(_is_out, paid)),
            "horizon_months": self.horizon_months < 1,
            "annual_rate": _is_out(self.annual_rate),
            "build_months": self.build_months < 0,
        }
        if any(wrong.values()):
            raise InvalidCaseError([name for name, is_wrong in wrong.items() if is_wrong])

    @property
    def open_line(self) -> BenefitInput | None:
        """The line whose drivers break even; None where several are known, or several are not."""
        if len(self.benefits) == 1:
            return self.benefits[0]
        unknown = [line for line in self.benefits if line.unknown]
        return unknown[0] if len(unknown) == 1 else None


@dataclass(frozen=True, slots=True)
class BusinessCase:
    """What came out; `unknown` names the drivers that were not known, once for each line.

    `cumulative` is the running total at the end of month 0, 1, …; empty while it cannot be told. `terms` opens every
    number, known or not.
    """

    benefit_per_month: Decimal | None
    benefit: Decimal | None
    cost: Decimal | None
    net_benefit: Decimal | None
    roi: Decimal | None
    payback: Payback | None
    discounted_payback: Payback | None
    npv: Decimal | None
    breakeven_unit_benefit: Decimal | None
    breakeven_reach: Decimal | None
    breakeven_probability: Decimal | None
    breakeven_share: Decimal | None
    horizon_months: int
    cumulative: tuple[Decimal, ...]
    unknown: tuple[Driver, ...]
    terms: Mapping[Figure, tuple[Term, ...]]
    parts: Parts = field(compare=False)

    @property
    def payback_months(self) -> Decimal | None:
        return None if self.payback is None else self.payback.periods

    @property
    def lost_per_week(self) -> Decimal | None:
        """What a week of waiting costs: the benefit of a week, of which a year has fifty-two."""
        if self.benefit_per_month is None:
            return None
        return rounded(REAL.divide(EXACT.multiply(self.benefit_per_month, MONTHS_A_YEAR), WEEKS_A_YEAR))

    @property
    def cannot_pay_back(self) -> bool:
        """Whether it would lose money within its months even if the effect occurred every time."""
        return self.breakeven_probability is not None and self.breakeven_probability > CERTAIN


def reckon(case: Case) -> BusinessCase:
    """Everything that can be said of the case with what is known of it."""
    with localcontext(EXACT):
        parts = parts_of(case)
        flows = _flows(parts)
        rate = monthly_rate(case.annual_rate)
        present_months = sum((discount_factor(rate, month) for month in _benefit_months(case)), Decimal(0))
        paid_back = payback(flows) if flows else None
        opened = terms_of(parts, present_months, paid_back.periods if paid_back else None)
        return BusinessCase(
            benefit_per_month=total(cents(line) for line in parts.lines) if parts.lines else None,
            benefit=parts.benefit,
            cost=parts.cost,
            net_benefit=parts.net_benefit,
            roi=parts.roi,
            payback=paid_back,
            discounted_payback=discounted_payback(rate, flows) if flows else None,
            npv=total([term.amount for term in opened[Figure.NPV]]),
            breakeven_unit_benefit=opened[Figure.BREAKEVEN_UNIT_BENEFIT][0].amount,
            breakeven_reach=opened[Figure.BREAKEVEN_REACH][0].amount,
            breakeven_probability=opened[Figure.BREAKEVEN_PROBABILITY][0].amount,
            breakeven_share=opened[Figure.BREAKEVEN_SHARE][0].amount,
            horizon_months=case.horizon_months,
            cumulative=_cumulative(parts),
            unknown=_unknown(parts),
            terms=opened,
            parts=parts,
        )


def _benefit_months(case: Case) -> range:
    return range(case.build_months + 1, case.build_months + case.horizon_months + 1)


def _flows(parts: Parts) -> tuple[Decimal, ...]:
    """Exact money in and out by month; empty while a figure is not known."""
    if parts.net_per_month is None or parts.upfront is None:
        return ()
    quiet = (ZERO,) * parts.case.build_months
    return (-parts.upfront, *quiet, *(parts.net_per_month,) * parts.case.horizon_months)


def _cumulative(parts: Parts) -> tuple[Decimal, ...]:
    """The running total by month, each line rounded once, so that the last is the net benefit."""
    lines = [line for line in parts.lines if line is not None]
    if len(lines) < len(parts.lines) or not lines or parts.upfront is None or parts.monthly is None:
        return ()
    quiet = (-parts.upfront,) * (parts.case.build_months + 1)
    return quiet + tuple(
        sum((rounded(line * month) for line in lines), ZERO) - parts.upfront - parts.monthly * month
        for month in range(1, parts.case.horizon_months + 1)
    )


def _unknown(parts: Parts) -> tuple[Driver, ...]:
    missing = [driver for line in parts.case.benefits or (NOTHING_KNOWN,) for driver in line.unknown]
    return (*missing, Driver.COST) if parts.cost is None else tuple(missing)


def _is_out(value: Decimal | None, at_most: Decimal | None = None) -> bool:
    if value is None:
        return False
    return not value.is_finite() or value < 0 or (at_most is not None and value > at_most)
