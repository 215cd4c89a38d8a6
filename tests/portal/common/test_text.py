import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.common.text import (
    has_control_characters,
    has_invisible_characters,
    is_same_name,
    normalise,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (unicodedata.normalize("NFC", "Café"), unicodedata.normalize("NFD", "Café")),
        ("Admin", "admin"),
        ("Admin ", "\u3000admin"),
        ("Straße", "STRASSE"),
        ("ＡＢＣ１２", "abc12"),
        ("ǅ", "ǆ"),
        ("\u1fb7", "\u0391\u0342\u0399"),
    ],
)
def test_names_are_the_same_whatever_their_spelling(one, other):
    assert is_same_name(one, other)


@pytest.mark.parametrize(("one", "other"), [("Lin Yue", "Lin Xiao"), ("аdmin", "admin"), ("a b", "ab")])
def test_names_that_differ_stay_apart(one, other):
    assert not is_same_name(one, other)


@given(st.text())
def test_normalise_is_done_in_one_go(text):
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("text", ["a\0b", "\x1b[31m", "\x7f", "\x85", "a\x0bb"])
def test_control_characters_are_found(text):
    assert has_control_characters(text)


@pytest.mark.parametrize("text", ["two\r\nlines\twith tab", "林悦", "👩‍👩‍👧", "", "e\u0301" * 50])
def test_text_of_several_lines_and_emoji_hold_none(text):
    assert not has_control_characters(text)


def test_control_characters_of_a_single_line_include_its_ends():
    assert has_control_characters("a\r\nBcc: all@example.org", allowed="")


@pytest.mark.parametrize("text", ["a\u202eb", "zero\u200bwidth", "\ufeffbom", "\ud800", "\ue000"])
def test_names_cannot_hide_anything(text):
    assert has_invisible_characters(text)


@pytest.mark.parametrize("text", ["Lin Yue", "林悦", "O’Neill-Weber", "P 42", ""])
def test_plain_names_hide_nothing(text):
    assert not has_invisible_characters(text)
