from decimal import Decimal
from itertools import product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risks.exposure import (
    CHANCES,
    DAYS,
    MOST_ENUMERATED,
    Estimate,
    Spread,
    Threat,
    combine,
    expected_loss,
    p80_of,
    quantile,
)

chances = st.decimals(0, 1, places=3)
impacts = st.decimals(0, 100_000, places=2)
threats = st.builds(Threat, chances, impacts)


def threat(probability: str, impact: int) -> Threat:
    return Threat(Decimal(probability), Decimal(impact))


def every_case(register: list[Threat]) -> list[tuple[Decimal, Decimal]]:
    """Total and probability of each way the register can turn out, by plain enumeration."""
    cases = []
    for happens in product((False, True), repeat=len(register)):
        weight, total = Decimal(1), Decimal(0)
        for one, it_does in zip(register, happens, strict=True):
            weight *= one.probability if it_does else 1 - one.probability
            total += one.impact if it_does else 0
        cases.append((total, weight))
    return sorted(cases)


def enumerated(register: list[Threat], level: Decimal) -> Decimal:
    reached = Decimal(0)
    for total, weight in every_case(register):
        reached += weight
        if reached >= level:
            return total
    raise AssertionError


def test_chips_are_those_of_the_card():
    assert [str(chance) for chance in CHANCES] == ["0.03", "0.10", "0.30", "0.60", "0.90"]
    assert DAYS == (0, 1, 3, 5, 10, 20)


@pytest.mark.parametrize(
    ("probability", "impact", "loss"),
    [
        ("0.4", "200000", "80000.00"),
        ("0.15", "120000", "18000.00"),
        ("0.1", "30000", "3000.00"),
        ("0.333333", "0.05", "0.02"),
        ("0", "5", "0.00"),
        (None, "5", None),
        ("0.5", None, None),
    ],
)
def test_expected_loss_is_probability_times_impact(probability, impact, loss):
    given_figures = [None if figure is None else Decimal(figure) for figure in (probability, impact)]

    assert expected_loss(*given_figures) == (None if loss is None else Decimal(loss))


def test_combine_takes_the_median_and_keeps_the_spread():
    given_figures = [(Decimal("0.03"), Decimal(1)), (Decimal("0.60"), Decimal(10)), (Decimal("0.30"), Decimal(3))]

    estimate = combine(given_figures)

    assert estimate == Estimate(
        n=3,
        chance=Spread(Decimal("0.30"), Decimal("0.03"), Decimal("0.60")),
        days=Spread(Decimal(3), Decimal(1), Decimal(10)),
    )
    assert (estimate.probability, estimate.impact_days) == (Decimal("0.30"), Decimal(3))


def test_combine_of_two_lies_between_them():
    estimate = combine([(Decimal("0.03"), Decimal(5)), (Decimal("0.10"), Decimal(10))])

    assert estimate is not None
    assert (estimate.n, estimate.probability, estimate.impact_days) == (2, Decimal("0.065"), Decimal("7.5"))


def test_combine_of_nobody_is_unknown():
    assert combine([]) is None


@given(st.lists(st.tuples(st.sampled_from(CHANCES), st.sampled_from(DAYS).map(Decimal)), min_size=1), st.randoms())
def test_combine_does_not_mind_who_spoke_first(assessments, random):
    shuffled = random.sample(assessments, len(assessments))

    assert combine(shuffled) == combine(assessments)


@pytest.mark.parametrize(
    ("register", "p80"),
    [
        ([], "0.00"),
        ([threat("0.2", 1000)], "0.00"),  # 80 % is reached without it, exactly
        ([threat("0.200001", 1000)], "1000.00"),
        ([threat("1", 1000)], "1000.00"),
        ([threat("0", 1000)], "0.00"),
        ([threat("0.5", 0)], "0.00"),
        ([threat("0.2", 100), threat("0.2", 100)], "100.00"),  # .64 nothing, .96 within one of them
        ([threat("0.1", 100), threat("0.1", 200)], "0.00"),  # .81 nothing
        ([threat("0.5", 100), threat("0.5", 100), threat("0.5", 100)], "200.00"),  # .125 .5 .875 1
    ],
)
def test_p80_is_exact_for_small_registers(register, p80):
    assert str(p80_of(register)) == p80


@pytest.mark.parametrize(("level", "expected"), [("0", 0), ("0.5", 63), ("0.9", 115), ("0.95", 121), ("1", 127)])
def test_quantiles_are_the_smallest_total_that_is_enough(level, expected):
    # 1, 2, 4, … 64, each in half the cases: every total of 0..127 is equally likely.
    register = [threat("0.5", 2**power) for power in range(7)]

    assert quantile(register, Decimal(level)) == expected


def test_p80_may_lie_below_the_expected_total():
    # Rare and dear: most registers cost nothing, and the mean is carried by the one that does.
    register = [threat("0.05", 3_000_000), threat("0.10", 50_000)]

    assert p80_of(register) == Decimal("0.00")


@given(st.lists(threats, max_size=7), st.sampled_from([Decimal("0.5"), Decimal("0.8"), Decimal("0.95"), Decimal(1)]))
def test_quantile_equals_plain_enumeration(register, level):
    assert quantile(register, level) == enumerated(register, level)


@given(st.lists(threats, max_size=8), st.randoms(), threats)
def test_p80_does_not_mind_the_order_and_never_falls_with_one_more(register, random, one_more):
    assert p80_of(random.sample(register, len(register))) == p80_of(register)
    assert p80_of([*register, one_more]) >= p80_of(register)
    assert p80_of([*register, Threat(Decimal(0), one_more.impact)]) == p80_of(register)


@given(st.lists(threats, max_size=8))
def test_quantiles_never_fall_and_end_at_everything(register):
    median, p80, worst = (quantile(register, Decimal(level)) for level in ("0.5", "0.8", "1"))

    assert median <= p80 <= worst
    assert worst == sum((one.impact for one in register if one.probability), Decimal(0))


@settings(max_examples=10)
@given(st.lists(threats, min_size=MOST_ENUMERATED + 1, max_size=40))
def test_large_registers_err_on_the_safe_side_and_by_little(register):
    exact_figures = [Threat(one.probability, one.impact) for one in register if one.probability and one.impact]
    answer = p80_of(register)

    assert answer <= sum((one.impact for one in register), Decimal(0))
    assert answer == answer.quantize(Decimal("0.01"))
    assert answer >= p80_of(exact_figures[:MOST_ENUMERATED])


def test_a_large_register_of_equal_risks_is_off_by_less_than_a_step_a_risk():
    # 25 risks of 1 in 2: P80 of the number that happens is 15.
    register = [threat("0.5", 1000)] * 25

    assert Decimal(15_000) <= p80_of(register) <= Decimal(15_000 + 25 * 13)


def test_the_largest_exact_register_takes_no_time():
    register = [threat(f"0.{index + 11}", 1009 * index + 7) for index in range(MOST_ENUMERATED)]
    start = process_time()

    p80_of(register)

    assert process_time() - start < 0.5
