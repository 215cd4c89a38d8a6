from decimal import Decimal

import pytest

from projects.history import Fared, Past, by_kind, by_size, fared, quantile, size_of


def past(*ratios, estimated=1, kind=""):
    return [Past(Decimal(estimated), Decimal(ratio) * Decimal(estimated), kind) for ratio in ratios]


@pytest.mark.parametrize(
    ("estimated", "lower_end"),
    [("0.1", 0), ("0.9999", 0), ("1", 1), ("4.99", 1), ("5", 5), ("20", 20), ("60", 60), ("900", 60)],
)
def test_a_class_begins_with_its_lower_end(estimated, lower_end):
    assert size_of(Decimal(estimated)) == lower_end


def test_fewer_than_five_say_nothing():
    assert fared(past(1, 2, 3, 4)) == Fared(4, None, None)
    assert fared([]) == Fared(0, None, None)


def test_five_say_the_middle_and_what_four_of_five_took_at_most():
    # Type 8: the place of P80 among five is 16/3 * 0.8 + 1/3 = 4.6.
    found = fared(past(5, 1, 4, 2, 3))
    assert (found.n, found.median, found.p80) == (5, 3.0, pytest.approx(4.6))


@pytest.mark.parametrize(("share", "value"), [(0, 1), (1, 3), (0.5, 2)])
def test_a_quantile_stays_within_what_there_was(share, value):
    assert quantile([1.0, 2.0, 3.0], share) == pytest.approx(value)


def test_one_huge_overrun_moves_neither():
    assert fared(past(*[1] * 9, 1000)) == Fared(10, 1.0, 1.0)


def test_classes_stand_apart():
    work = [*past(*[1] * 5, estimated="0.5", kind="bug"), *past(*[2] * 6, estimated=8, kind="build"), *past(3)]
    assert by_size(work) == {0: Fared(5, 1.0, 1.0), 1: Fared(1, None, None), 5: Fared(6, 2.0, 2.0)}
    assert list(by_kind(work).items()) == [
        ("build", Fared(6, 2.0, 2.0)),
        ("bug", Fared(5, 1.0, 1.0)),
        ("", Fared(1, None, None)),
    ]
