"""The figures on the way to a business case, and the terms that open each of its numbers. Pure.

Arithmetic here knows "not known": whatever needs an unknown figure is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from portal.common.amounts import ZERO, rounded
from projects.cash_flow import REAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projects.business_case import BenefitInput, Case, CostInput


class Figure(StrEnum):
    """The numbers of a case that open, and the codes of their terms and factors."""

    UNIT_BENEFIT = "unit_benefit"
    REACH = "reach"
    PROBABILITY = "probability"
    MONTHS = "months"
    BENEFIT_PER_MONTH = "benefit_per_month"
    BENEFIT = "benefit"
    COST = "cost"
    QUANTITY = "quantity"
    UNIT_COST = "unit_cost"
    AMOUNT = "amount"
    NET_BENEFIT = "net_benefit"
    NET_PER_MONTH = "net_per_month"
    UPFRONT_COST = "upfront_cost"
    MONTHLY_COST = "monthly_cost"
    ROI = "roi"
    PAYBACK = "payback"
    BUILD_MONTHS = "build_months"
    BREAKEVEN_UNIT_BENEFIT = "breakeven_unit_benefit"
    BREAKEVEN_REACH = "breakeven_reach"
    BREAKEVEN_PROBABILITY = "breakeven_probability"
    BREAKEVEN_SHARE = "breakeven_share"
    UNCOVERED = "uncovered"
    NPV = "npv"
    PRESENT_MONTHS = "present_months"


#: The driver that each breakeven is about.
BREAKEVENS: Mapping[Figure, Figure] = {
    Figure.BREAKEVEN_UNIT_BENEFIT: Figure.UNIT_BENEFIT,
    Figure.BREAKEVEN_REACH: Figure.REACH,
    Figure.BREAKEVEN_PROBABILITY: Figure.PROBABILITY,
}


@dataclass(frozen=True, slots=True)
class Factor:
    """One figure of a reckoning, and whether it is divided by."""

    code: Figure
    value: Decimal | None
    divides: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One line of an opened number: its code (with the label of a cost line), the figures in it, what they make.

    The amount carries the sign with which it enters the sum, and is None while a figure is not known.
    """

    code: str
    factors: tuple[Factor, ...]
    amount: Decimal | None
    label: str = ""


def product(*figures: Decimal | None) -> Decimal | None:
    """All of them multiplied; None while one is not known."""
    result = Decimal(1)
    for figure in figures:
        if figure is None:
            return None
        result *= figure
    return result


def total(figures: Iterable[Decimal | None]) -> Decimal | None:
    """All of them added; None while one is not known."""
    result = ZERO
    for figure in figures:
        if figure is None:
            return None
        result += figure
    return result


def quotient(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """One over the other; None while one is not known, or where nothing is divided by."""
    return None if above is None or not below else REAL.divide(above, below)


def cents(figure: Decimal | None) -> Decimal | None:
    """To the cent, where it is shown."""
    return None if figure is None else rounded(figure)


def minus(figure: Decimal | None) -> Decimal | None:
    """As something spent."""
    return None if figure is None else -figure


@dataclass(frozen=True, slots=True)
class Parts:
    """The exact benefit of a month, of each line and of all; what is paid at once and each month; sums to the cent."""

    case: Case
    lines: tuple[Decimal | None, ...]
    per_month: Decimal | None
    upfront: Decimal | None
    monthly: Decimal | None
    benefit: Decimal | None
    cost: Decimal | None

    @property
    def months(self) -> Decimal:
        return Decimal(self.case.horizon_months)

    @property
    def net_benefit(self) -> Decimal | None:
        return total((self.benefit, minus(self.cost)))

    @property
    def net_per_month(self) -> Decimal | None:
        return total((self.per_month, minus(self.monthly)))

    @property
    def roi(self) -> Decimal | None:
        """Net benefit over cost; None if nothing is spent."""
        return quotient(self.net_benefit, self.cost)


def parts_of(case: Case) -> Parts:
    """The figures on the way. Each line is rounded where it is shown, and sums add up what is shown."""
    lines = tuple(line.per_month for line in case.benefits)
    months = Decimal(case.horizon_months)
    upfront, monthly = (
        total(line.payment for line in case.costs if line.is_monthly == is_monthly) for is_monthly in (False, True)
    )
    cost = total((upfront, product(monthly, months))) if case.costs else None
    return Parts(
        case=case,
        lines=lines,
        per_month=total(lines) if lines else None,
        upfront=upfront if case.costs else None,
        monthly=monthly if case.costs else None,
        benefit=total(cents(product(line, months)) for line in lines) if lines else None,
        cost=cost,
    )


def terms_of(
    parts: Parts, present_months: Decimal, payback_months: Decimal | None
) -> Mapping[Figure, tuple[Term, ...]]:
    """How each number is made, line by line; the lines of a sum add up to it."""
    case = parts.case
    months = Factor(Figure.MONTHS, parts.months)
    benefits = tuple(_benefit_term(line, Figure.BENEFIT, months) for line in case.benefits)
    return {
        Figure.BENEFIT_PER_MONTH: tuple(_benefit_term(line, Figure.BENEFIT_PER_MONTH) for line in case.benefits),
        Figure.BENEFIT: benefits,
        Figure.COST: tuple(_cost_term(line, months) for line in case.costs),
        Figure.NET_BENEFIT: (*benefits, *(_cost_term(line, months, spent=True) for line in case.costs)),
        Figure.ROI: (_share_term(Figure.ROI, (Figure.NET_BENEFIT, parts.net_benefit), (Figure.COST, parts.cost)),),
        Figure.BREAKEVEN_SHARE: (
            _share_term(Figure.BREAKEVEN_SHARE, (Figure.COST, parts.cost), (Figure.BENEFIT, parts.benefit)),
        ),
        Figure.PAYBACK: _payback_terms(parts, payback_months),
        Figure.NPV: _npv_terms(parts, present_months),
    } | {figure: (_breakeven_term(figure, parts, months),) for figure in BREAKEVENS}


def drivers_of(line: BenefitInput | None) -> tuple[Factor, ...]:
    """The three factors of a benefit line; unknown ones where no single line is asked about."""
    return (
        Factor(Figure.UNIT_BENEFIT, line.unit_benefit if line else None),
        Factor(Figure.REACH, line.reach_per_month if line else None),
        Factor(Figure.PROBABILITY, line.probability if line else None),
    )


def _benefit_term(line: BenefitInput, code: Figure, *times: Factor) -> Term:
    factors = (*drivers_of(line), *times)
    return Term(code, factors, cents(product(*(factor.value for factor in factors))), line.label)


def _share_term(code: Figure, above: tuple[Figure, Decimal | None], below: tuple[Figure, Decimal | None]) -> Term:
    return Term(code, (Factor(*above), Factor(*below, divides=True)), quotient(above[1], below[1]))


def _cost_term(line: CostInput, months: Factor, *, spent: bool = False) -> Term:
    factors: tuple[Factor, ...] = (Factor(Figure.AMOUNT, line.payment),)
    if line.is_by_quantity:
        factors = (Factor(Figure.QUANTITY, line.quantity), Factor(Figure.UNIT_COST, line.unit_cost))
    amount = line.payment
    if line.is_monthly:
        factors, amount = (*factors, months), product(amount, months.value)
    return Term(line.kind, factors, minus(amount) if spent else amount, line.label)


def _payback_terms(parts: Parts, payback_months: Decimal | None) -> tuple[Term, ...]:
    factors = (
        Factor(Figure.UPFRONT_COST, parts.upfront),
        Factor(Figure.NET_PER_MONTH, cents(parts.net_per_month), divides=True),
    )
    if payback_months is None or not parts.case.build_months:
        return (Term(Figure.PAYBACK, factors, payback_months),)
    build = Decimal(parts.case.build_months)
    return (
        Term(Figure.BUILD_MONTHS, (Factor(Figure.BUILD_MONTHS, build),), min(build, payback_months)),
        Term(Figure.PAYBACK, factors, max(payback_months - build, Decimal(0))),
    )


def _npv_terms(parts: Parts, present_months: Decimal) -> tuple[Term, ...]:
    worth = Factor(Figure.PRESENT_MONTHS, present_months)
    benefit, monthly = (cents(product(figure, present_months)) for figure in (parts.per_month, parts.monthly))
    terms = (
        Term(Figure.BENEFIT_PER_MONTH, (Factor(Figure.BENEFIT_PER_MONTH, cents(parts.per_month)), worth), benefit),
        Term(Figure.UPFRONT_COST, (Factor(Figure.UPFRONT_COST, parts.upfront),), minus(parts.upfront)),
        Term(Figure.MONTHLY_COST, (Factor(Figure.MONTHLY_COST, parts.monthly), worth), minus(monthly)),
    )
    return terms[:2] if parts.monthly == 0 else terms


def _breakeven_term(figure: Figure, parts: Parts, months: Factor) -> Term:
    """What the open line's driver must reach to cover the cost that the other lines do not cover."""
    line = parts.case.open_line
    others = tuple(
        Factor(one.code, one.value, divides=True)
        for one in (*drivers_of(line), months)
        if one.code != BREAKEVENS[figure]
    )
    to_cover = _to_cover(parts, line)
    amount = quotient(to_cover.value, product(*(one.value for one in others)))
    return Term(figure, (to_cover, *others), amount)


def _to_cover(parts: Parts, line: BenefitInput | None) -> Factor:
    """The cost; beside other lines, what of it they leave."""
    beside = [one for one in parts.case.benefits if one is not line]
    if not beside or line is None:
        return Factor(Figure.COST, parts.cost)
    brought = total(cents(product(one.per_month, parts.months)) for one in beside)
    left = total((parts.cost, minus(brought)))
    return Factor(Figure.UNCOVERED, None if left is None else max(left, ZERO))
