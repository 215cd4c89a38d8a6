from dataclasses import fields, replace

import pytest

from risks.enums import ReviewKind
from risks.prompts import MOST, PROMPTS, Traits, prompts_for

PLAIN = Traits(tier="light", kind=ReviewKind.TECHNICAL)


def keys(traits):
    return [prompt.key for prompt in prompts_for(traits)]


@pytest.mark.parametrize(
    ("traits", "asked"),
    [
        (PLAIN, ["interface", "data"]),
        (replace(PLAIN, kind=ReviewKind.KICKOFF), ["assumption", "data"]),
        (replace(PLAIN, kind=ReviewKind.REQUIREMENTS, has_date=True), ["meaning", "date", "data"]),
        (replace(PLAIN, kind=ReviewKind.GO_LIVE, is_reversible=False), ["way_back", "switch_off", "data"]),
        (replace(PLAIN, needs_permit=True, crosses_departments=True), ["permit", "neighbours", "interface", "data"]),
        (replace(PLAIN, tier="major"), ["interface", "assumption", "one_person", "data"]),
    ],
)
def test_the_traits_decide_which_questions_are_asked(traits, asked):
    assert keys(traits) == asked


def test_never_more_than_four_and_the_most_telling_first():
    everything = Traits("major", ReviewKind.GO_LIVE, True, False, True, True)
    assert len(fields(everything)) == 6
    assert keys(everything) == ["way_back", "permit", "neighbours", "switch_off"]
    assert MOST == 4


def test_each_question_has_its_own_key_and_ends_as_one():
    assert len({prompt.key for prompt in PROMPTS}) == len(PROMPTS)
    assert [prompt.key for prompt in PROMPTS if not str(prompt.question).endswith("?")] == []
