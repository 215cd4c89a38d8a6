from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common.amounts import (
    MAX_AMOUNT,
    MAX_MINOR_UNITS,
    InexactAmountError,
    exact,
    from_minor_units,
    rounded,
    to_minor_units,
)

BAD_NUMBERS = [
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("-Infinity"),
    Decimal("1e400"),
    Decimal("1e-400"),
    Decimal("1e999999"),
    Decimal("0.001"),
    Decimal("1.005"),
    Decimal("9" * 900),
    10**4000,
]


@given(st.integers(-MAX_MINOR_UNITS, MAX_MINOR_UNITS))
def test_minor_units_and_amounts_are_two_ways_to_write_the_same(units):
    amount = from_minor_units(units)

    assert to_minor_units(amount) == units
    assert amount * 100 == units
    assert amount.as_tuple().exponent == -2


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-MAX_AMOUNT, max_value=MAX_AMOUNT))
def test_an_amount_of_two_places_is_kept_to_the_cent(amount):
    assert from_minor_units(to_minor_units(amount)) == amount == exact(amount)


@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_what_is_no_amount_is_refused_and_never_rounded(number):
    with pytest.raises(InexactAmountError):
        exact(number)
    with pytest.raises(InexactAmountError):
        to_minor_units(number)


@pytest.mark.parametrize("zero", [Decimal("-0"), Decimal("-0.00"), Decimal("0e-9"), 0])
def test_minus_zero_is_zero(zero):
    assert str(exact(zero)) == "0.00"
    assert to_minor_units(zero) == 0


def test_what_the_database_cannot_hold_is_refused():
    assert to_minor_units(from_minor_units(MAX_MINOR_UNITS)) == MAX_MINOR_UNITS
    with pytest.raises(InexactAmountError):
        to_minor_units(from_minor_units(MAX_MINOR_UNITS + 1))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.005", "0.01"),
        ("0.004999", "0.00"),
        ("-0.005", "-0.01"),
        ("-0.001", "0.00"),
        ("2.675", "2.68"),
        ("7", "7.00"),
    ],
)
def test_results_are_rounded_half_up_once(value, expected):
    assert str(rounded(Decimal(value))) == expected
