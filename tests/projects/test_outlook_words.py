from decimal import Decimal

import pytest
from django.utils import translation

from projects.case_words import words_of
from projects.outlook_words import OutlookWords, outlook_words
from tests.projects.test_uncertain_inputs import BENEFIT, CONTENT, HOSTING, PEOPLE

PITCH = CONTENT | {"currency": "CNY"}


def told(*, language: str = "en", costs=(PEOPLE,), benefits=(BENEFIT,), **content) -> OutlookWords:
    lines = [{"reach_unit": "bags", "evidence": ""} | one for one in benefits]
    option = {"benefits": lines, "costs": list(costs), "is_preferred": True}
    with translation.override(language):
        found = outlook_words(words_of(PITCH | {"options": [option]} | content))
    assert found is not None
    return found


def test_sentence_says_what_is_likely_how_often_it_loses_and_what_is_known_least():
    words = told(benefits=[BENEFIT | {"basis": "judgement", "reach": "600"}], costs=[PEOPLE, HOSTING])

    assert words.sentence == (
        "8 in 10 that this returns −¥14,000\u00a0to\u00a0¥85,000 in the first 12 months; 3 in 10 that it loses money;"
        " the biggest unknown is reach, worth up to ¥630 to test first."
    )


def test_sentence_of_a_safe_case_names_no_price_for_finding_out():
    assert told().sentence == (
        "8 in 10 that this returns ¥63,000\u00a0to\u00a0¥91,000 in the first 12 months; less than 1 in 100 that it loses"
        " money; the biggest unknown is unit benefit."
    )


def test_decision_names_what_is_spent():
    assert told().decision == (
        "Spend ¥22,400: 8 in 10 that it returns ¥63,000\u00a0to\u00a0¥91,000 in the first 12 months; the biggest unknown is unit benefit"
    )


def test_several_lines_are_told_apart():
    other = BENEFIT | {"line": 2, "label": "Fewer calls", "basis": "judgement"}
    words = told(
        benefits=[BENEFIT | {"label": "Bags"}, other], costs=[PEOPLE | {"skill": "Java"}, PEOPLE | {"line": 9}]
    )

    assert words.unknowns[0].name == "Unit benefit (Fewer calls)"
    assert {"Effort (Java)", "Effort"} <= set(words.names.values())


def test_what_is_known_is_told_without_an_unknown():
    words = told(widening=dict.fromkeys(("measured", "effort"), "0"))

    assert words.sentence.startswith("8 in 10 that this returns ¥77,000\u00a0to\u00a0¥77,000")
    assert "unknown" not in words.sentence + words.decision


def test_sentence_in_chinese():
    words = told(language="zh-hans")

    with translation.override("zh-hans"):
        assert words.sentence == (
            "前 12 个月，10 次里有 8 次能带来 6.3\u00a0万元至\u00a09.1\u00a0万元；亏本可能：100 次里不到 1 次；最没把握的是单次收益。"
        )


def test_picture_has_the_readers_own_result_above():
    chart = told().chart_with(Decimal(-5000))

    assert chart.own is not None
    assert chart.own.label.words == "you −¥5,000"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_small_print_says_how_it_was_drawn(language):
    with translation.override(language):
        assert "4,096" in told(language=language).method
