import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.names import folded
from portal.common.search import excerpt, hit, marked, spans


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("Éclair by night", "eclair", "Éclair"),
        ("die Straße", "strasse", "Straße"),
        ("延误投诉按规则处理", "投诉", "投诉"),
        ("ＦＵＬＬ width", "full", "ＦＵＬＬ"),
        ("Vans", "ans", "ans"),
    ],
)
def test_a_word_is_marked_as_it_is_written(text, word, found):
    assert [text[start:end] for start, end in spans(text, [word])] == [found]
    assert f"<mark>{found}</mark>" in marked(text, [word])


def test_markup_in_a_text_stays_text():
    assert marked("<b>bags</b>", ["bags"]) == "&lt;b&gt;<mark>bags</mark>&lt;/b&gt;"
    assert marked("a<b", ["<b"]) == "a<mark>&lt;b</mark>"


def test_overlapping_words_are_marked_as_one():
    assert marked("bagsbags", ["bags", "gsba"]) == "<mark>bagsbags</mark>"


def test_the_reason_is_the_text_that_holds_what_the_name_does_not():
    found = hit("Bags come back", "/x/", "", ["Nobody knows", "who lost the bags in the rain"], ["bags", "rain"])

    assert found.title == "<mark>Bags</mark> come back"
    assert found.reason == "who lost the bags in the <mark>rain</mark>"


def test_a_long_text_is_cut_around_the_word():
    text = "x" * 200 + "needle" + "y" * 200

    assert excerpt([text], ["needle"]) == "…" + "x" * 30 + "<mark>needle</mark>" + "y" * 104 + "…"
    assert excerpt([text], ["nothing"]) == ""


@given(st.text(max_size=40), st.text(min_size=1, max_size=4))
def test_no_text_breaks_it(text, word):
    for start, end in spans(text, folded(word).split()):
        assert 0 <= start < end <= len(text)
