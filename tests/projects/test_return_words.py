from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from projects.case_words import words_of
from projects.internal_rate import Root
from projects.return_words import ReturnWords, return_words
from tests.projects.test_uncertain_inputs import BENEFIT, CONTENT, HOSTING, PEOPLE

PITCH = CONTENT | {"currency": "CNY", "wanted_on": "2027-01-31"}
BAGS = BENEFIT | {"reach_unit": "bags", "evidence": ""}


def told(*, costs=(PEOPLE,), benefits=(BAGS,), **content) -> ReturnWords:
    option = {"benefits": list(benefits), "costs": list(costs), "is_preferred": True}
    found = return_words(words_of(PITCH | {"options": [option]} | content))
    assert found is not None
    return found


def measured(words: ReturnWords) -> dict[str, tuple[str, str]]:
    return {str(term.reckoning): (str(term.amount), str(term.source)) for term in words.measures}


def test_every_measure_says_what_it_is_made_of():
    assert measured(told()) == {
        "Worth today (NPV)": ("¥72,926.46", "¥95,326.46 of benefit − ¥22,400 of cost, both at 8% a year"),
        "Return: net benefit ÷ cost": ("344%", "¥76,960 ÷ ¥22,400"),
        "Return today: NPV ÷ cost today": ("326%", "¥72,926.46 ÷ ¥22,400"),
        "Benefit today ÷ cost today (BCR)": ("4.26", "¥95,326.46 ÷ ¥22,400"),
        "Payback": ("2.7 months", ""),
        "Payback at today's worth": ("2.7 months", ""),
        "Rate at which it is worth nothing (IRR)": ("more than 1,000%", "a year"),
        "Rate with gains put to work (MIRR)": ("360%", "a year, if what comes earns 8% until the end"),
        "Pays if at least": ("3.4%", "of bags"),
        "Pays from": ("271 bags", "a month"),
    }


def test_what_never_pays_has_no_payback_and_no_rate():
    said = measured(told(benefits=[BAGS | {"probability": "0"}], costs=[PEOPLE, HOSTING]))

    assert said["Payback"] == said["Payback at today's worth"] == ("not within 12 months", "")
    assert said["Rate at which it is worth nothing (IRR)"][0] == "none"
    assert "Rate with gains put to work (MIRR)" not in said


def test_what_costs_nothing_has_no_ratio():
    said = measured(told(costs=[HOSTING | {"amount": "0"}]))

    assert (
        said["Return: net benefit ÷ cost"][0] == said["Benefit today ÷ cost today (BCR)"][0] == "none: it costs nothing"
    )


@pytest.mark.parametrize(
    ("roots", "amount", "source"),
    [
        (
            (Root(Decimal("0.25")), Root(Decimal(4))),
            "several",
            "25%, 400% a year: none of them is an answer; the worth today decides",
        ),
        (
            (Root(Decimal("0.1"), crosses=False),),
            "none",
            "at 10% a year it is just worth nothing, without turning; the worth today decides",
        ),
    ],
)
def test_several_rates_or_one_that_is_only_touched_are_no_answer(roots, amount, source):
    words = told()

    assert replace(words, returns=replace(words.returns, internal=roots)).internal == (amount, source)


def test_several_lines_break_even_together():
    said = measured(told(benefits=[BAGS, BAGS | {"line": 2}]))

    assert said["Pays if at least"] == ("12%", "of the benefit")
    assert "Pays from" not in said


def test_months_have_their_date_and_end_with_the_number():
    rows = told().rows

    assert len(rows) == 13
    assert (rows[0].name, rows[1].name, rows[12].name) == ("0 · Jan 2027", "1 · Feb 2027", "12 · Jan 2028")
    assert (rows[0].net, rows[1].benefit, rows[12].total) == ("−22,400", "8,280", "76,960")
    assert [row.name for row in told(wanted_on=None).rows[:2]] == ["0", "1"]
    # The calendar of the portal ends with that year.
    assert [row.name for row in told(wanted_on="2100-12-31").rows[:2]] == ["0 · Dec 2100", "1"]


def test_nothing_is_told_while_a_figure_is_not_known():
    option = {"benefits": [BAGS | {"reach": None}], "costs": [PEOPLE], "is_preferred": True}

    assert return_words(words_of(PITCH | {"options": [option]})) is None


def test_measures_in_chinese():
    with translation.override("zh-hans"):
        words = told()
        said = measured(words)

        assert said["净现值（NPV）"] == ("72,926.46 元", "收益 95,326.46 元 − 成本 22,400 元，均按年 8% 折现")
        assert words.rows[1].name == "1 · 2027-02"
