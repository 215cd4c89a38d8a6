from decimal import Decimal

import pytest

from risks.matrix import SIZE, first_beyond, line_path, loss_of, matrix, row_of, shade_of

APPETITE = Decimal(20_000)


@pytest.mark.parametrize(
    ("chance", "row"),
    [("0", 0), ("0.03", 0), ("0.064", 0), ("0.065", 1), ("0.1", 1), ("0.2", 2), ("0.3", 2), ("0.45", 3), ("0.6", 3), ("0.75", 4), ("1", 4)],
)  # fmt: skip
def test_a_chance_lies_in_the_nearest_step(chance, row):
    assert row_of(Decimal(chance)) == row


def test_the_line_is_a_staircase_that_never_turns_back():
    steps = [first_beyond(row) for row in range(SIZE)]

    assert steps == [SIZE, 3, 2, 1, 1]
    assert line_path() == "M52 0 V48 H52 V96 H104 V144 H156 V192 H260"


def test_a_cell_beyond_the_line_is_the_darkest_and_no_other():
    for row in range(SIZE):
        for column in range(SIZE):
            assert (shade_of(row, column) == 3) == (loss_of(row, column) > 1)


def test_the_drawing_has_every_cell_with_its_count_and_the_chosen_one():
    drawn = matrix({(3, 3): 1, (0, 4): 2}, APPETITE, chosen=(3, 3))

    assert len(drawn.cells) == SIZE * SIZE
    assert [(cell.row, cell.column, cell.count) for cell in drawn.cells if cell.count] == [(3, 3, 1), (0, 4, 2)]
    assert [(cell.key, cell.is_beyond, cell.x, cell.y) for cell in drawn.cells if cell.is_chosen] == [
        ("33", True, 156, 48)
    ]
    assert [edge.amount for edge in drawn.edges] == [
        Decimal(20_000),
        Decimal(80_000),
        Decimal(160_000),
        Decimal(320_000),
        None,
    ]
    assert [edge.text_x for edge in drawn.edges] == [66, 118, 170, 222, 274]
