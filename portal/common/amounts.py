"""What an amount of money is: a Decimal with two places, kept as an integer number of minor units. Pure.

One currency for the whole installation, so an amount carries none. Results of arithmetic are rounded once, half up as
in bookkeeping; what a person typed is never rounded, it is refused.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

PLACES = 2
CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: The largest amount that may be stored; sums may be larger.
MAX_AMOUNT = Decimal(10**13)
#: What fits into a signed integer of 8 bytes: the largest sum the database can answer with.
MAX_MINOR_UNITS = 2**63 - 1

# Wide enough for any product of the allowed figures, so that nothing is rounded on the way to the cent.
EXACT = Context(prec=120)


class InexactAmountError(ValueError):
    """Not an amount of money: not finite, or finer than the minor unit."""


def rounded(value: Decimal) -> Decimal:
    """To the minor unit, half up; for results of arithmetic."""
    return value.quantize(CENT, ROUND_HALF_UP, EXACT) + ZERO


def exact(value: Decimal | int) -> Decimal:
    """The same value with two places; raises InexactAmountError where it would have to be rounded.

    Minus zero becomes zero.
    """
    amount = Decimal(value)
    # `adjusted` is the exponent of the first digit: asked before anything is expanded to digits.
    if not amount.is_finite() or amount.adjusted() > EXACT.prec // 2:
        raise InexactAmountError(value)
    cents = rounded(amount)
    if cents != amount:
        raise InexactAmountError(value)
    return abs(cents) if cents.is_zero() else cents


def to_minor_units(amount: Decimal | int) -> int:
    """¥12.34 is 1234; raises InexactAmountError where it does not fit."""
    units = int(exact(amount).scaleb(PLACES, EXACT))
    if abs(units) > MAX_MINOR_UNITS:
        raise InexactAmountError(amount)
    return units


def from_minor_units(units: int) -> Decimal:
    """1234 is ¥12.34."""
    return Decimal(units).scaleb(-PLACES, EXACT)
