from decimal import Decimal

import pytest

from risks.exposure import CHANCES, DAYS
from risks.spread import dots_of, is_wide, place_of, step_of

LABELS = ("3%", "10%", "30%", "60%", "90%")


def decimals(*values):
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    ("value", "step"), [("0", 0), ("0.03", 0), ("0.09", 0), ("0.1", 1), ("0.45", 2), ("0.9", 4), ("1", 4)]
)
def test_a_figure_stands_on_the_last_step_it_reaches(value, step):
    assert step_of(Decimal(value), CHANCES) == step


@pytest.mark.parametrize(
    ("values", "wide"),
    [((), False), (("0.3",), False), (("0.1", "0.3"), False), (("0.03", "0.3"), True), (("0.9", "0.3", "0.03"), True)],
)
def test_two_steps_apart_are_a_reason_to_talk(values, wide):
    assert is_wide(decimals(*values), CHANCES) is wide


def test_days_are_judged_by_their_own_steps():
    assert (is_wide(decimals(10, 20), DAYS), is_wide(decimals(5, 20), DAYS)) == (False, True)


@pytest.mark.parametrize(("value", "place"), [("0.01", 0.0), ("0.03", 0.0), ("0.2", 1.5), ("0.9", 4.0), ("0.95", 4.0)])
def test_the_middle_lies_between_two_steps_in_proportion(value, place):
    assert place_of(Decimal(value), CHANCES) == pytest.approx(place)


def test_like_answers_are_stacked():
    dots = dots_of(decimals("0.1", "0.3", "0.3"), Decimal("0.3"), CHANCES, LABELS)

    assert [len(column.heights) for column in dots.columns] == [0, 1, 2, 0, 0]
    assert [column.label for column in dots.columns] == list(LABELS)
    assert (dots.width, dots.middle_x) == (264, "130.0")
    assert dots.columns[2].heights[0] > dots.columns[2].heights[1]
