from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtri

from projects.uncertainty import InvalidRangeError, Range, Scale, exactly, widened

shares = st.decimals(0, 1, places=4)
amounts = st.decimals(0, 1_000_000, places=2)
TWENTIETHS = ndtri(np.array([0.05, 0.5, 0.95]))


def quantiles(of: Range, *shares: float) -> list[float]:
    return [float(figure) for figure in of.at(ndtri(np.array(shares)))]


@pytest.mark.parametrize(
    ("low", "high", "median", "p10", "p90"),
    [
        (1, 10, 3.1622776601683795, 1.2895434656177933, 7.754682386924595),
        (635_000, 19_000_000, 3473470.8865916845, 924219.2648437464, 13054261.53612993),
        (100, 1000, 316.22776601683796, 128.95434656177935, 775.4682386924592),
        (5, 8, 6.324555320336757, 5.266380035524554, 7.595350075417753),
        (10_000, 10_001, 10000.499987500634, 10000.110431073463, 10000.88955910306),
    ],
)
def test_amount_between_its_twentieths_is_lognormal(low, high, median, p10, p90):
    # riskquant's published cases among them; the middle of a lognormal is the geometric mean of its ends.
    of = Range(Decimal(low), Decimal(repr(median)), Decimal(high))

    assert quantiles(of, 0.1, 0.5, 0.9) == pytest.approx([p10, median, p90], rel=1e-9)


def test_uneven_range_keeps_all_three_quantiles():
    of = Range(Decimal(20), Decimal(30), Decimal(90))

    assert quantiles(of, 0.05, 0.5, 0.95) == pytest.approx([20, 30, 90])


def test_share_stays_a_share_however_far():
    of = Range(Decimal("0.5"), Decimal("0.9"), Decimal("0.99"), Scale.SHARE)

    assert quantiles(of, 0.05, 0.5, 0.95) == pytest.approx([0.5, 0.9, 0.99])
    assert 0.0 < quantiles(of, 1e-9)[0] < quantiles(of, 1 - 1e-9)[0] < 1.0


def test_end_at_nothing_is_a_straight_line_that_stops():
    of = Range(Decimal(0), Decimal(10), Decimal(40))

    assert quantiles(of, 0.01, 0.05, 0.5, 0.95) == pytest.approx([0, 0, 10, 40])


@given(amounts, st.decimals(0, 10, places=2))
def test_widened_amount_lies_as_many_times_above_as_below(figure, by):
    of = widened(figure, by)

    low, middle, high = (float(one) for one in of.at(TWENTIETHS))
    assert middle == pytest.approx(float(figure))
    assert low * high == pytest.approx(middle**2, rel=1e-6)
    assert high == pytest.approx(middle * (1 + float(by)))


@given(shares, st.decimals(0, 10, places=2))
def test_widened_share_lies_between_never_and_always(figure, by):
    of = widened(figure, by, Scale.SHARE)

    drawn = of.at(np.linspace(-5, 5, 41))
    assert ((drawn >= 0) & (drawn <= 1)).all()
    assert (np.diff(drawn) >= 0).all()


@given(amounts, amounts, amounts)
def test_range_is_monotone(one, two, three):
    low, likely, high = sorted((one, two, three))
    of = Range(low, likely, high)

    assert (np.diff(of.at(np.linspace(-4, 4, 81))) >= 0).all()


def test_equal_ends_are_a_figure_that_is_known():
    assert exactly(Decimal(5)).is_exact
    assert quantiles(exactly(Decimal(5)), 0.05, 0.95) == [5, 5]


@pytest.mark.parametrize(
    ("ends", "scale", "fields"),
    [
        ((10, 5, 20), Scale.AMOUNT, ("likely",)),
        ((5, 30, 20), Scale.AMOUNT, ("likely",)),
        ((20, 10, 5), Scale.AMOUNT, ("low", "high")),
        ((-1, 2, 3), Scale.AMOUNT, ("low",)),
        (("0.7", "0.9", "1.2"), Scale.SHARE, ("high",)),
        (("NaN", 1, 2), Scale.AMOUNT, ("low",)),
        ((1, 2, "Infinity"), Scale.AMOUNT, ("high",)),
    ],
)
def test_range_that_cannot_be_names_what_is_wrong(ends, scale, fields):
    with pytest.raises(InvalidRangeError) as refused:
        Range(Decimal(ends[0]), Decimal(ends[1]), Decimal(ends[2]), scale)

    assert refused.value.fields == fields


@pytest.mark.parametrize("by", ["-0.1", "NaN"])
def test_widening_by_less_than_nothing_is_refused(by):
    with pytest.raises(InvalidRangeError) as refused:
        widened(Decimal(1), Decimal(by))

    assert refused.value.fields == ("by",)
