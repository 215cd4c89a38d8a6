import pytest

from retros.relevance import shared, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("order the printers early", {"order", "printer", "early"}),
        ("this project should only be that", set()),
        ("可循环包装袋", {"可循", "循环", "环包", "包装", "装袋"}),
        ("袋", set()),
        ("", set()),
    ],
)
def test_words_are_what_a_text_is_about(text, words):
    assert words_of(text) == words


def test_texts_share_words_whatever_their_number():
    assert shared("printers for the hubs", "a printer of the hub at night") == 1
    assert shared("包装袋丢失", "丢失的包装") == 2
