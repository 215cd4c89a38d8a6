import pytest
from django.core.exceptions import ValidationError

from portal.accounts.names import (
    check_identifier,
    check_name,
    folded,
    initials,
    normal_email,
    normal_name,
    normal_number,
    search_key,
    spellings,
)


@pytest.mark.parametrize(
    "written",
    ["Lin@Example.com", "  lin@example.com ", "ＬＩＮ＠example.com", "lin@EXAMPLE.COM"],
)
def test_an_address_has_one_spelling(written):
    assert normal_email(written) == "lin@example.com"


def test_composed_and_decomposed_letters_are_one():
    assert normal_email("cafe\u0301@example.com") == normal_email("caf\u00e9@example.com")


def test_a_name_keeps_its_case_and_loses_stray_spaces():
    assert normal_name("  Lin\u3000 Yue ") == "Lin Yue"


def test_a_staff_number_is_the_same_in_any_case():
    assert normal_number(" e17 ") == normal_number("Ｅ17") == "E17"


@pytest.mark.parametrize(
    "hidden", ["\x00", "\x1b", "\n", "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u2028", "\ue000"]
)
def test_what_cannot_be_seen_is_refused(hidden):
    for check in (check_name, check_identifier):
        with pytest.raises(ValidationError) as refusal:
            check(f"Lin{hidden}Yue")
        assert refusal.value.code == "unseen"


@pytest.mark.parametrize("text", ["\u0430dmin@example.com", "adm\u03b9n@example.com", "\u0430\u0441@example.com"])
def test_an_address_of_two_alphabets_is_refused(text):
    with pytest.raises(ValidationError) as refusal:
        check_identifier(text)
    assert refusal.value.code == "mixed_alphabets"


@pytest.mark.parametrize("name", ["林悦", "Lin Yue 林悦", "Анна Smith", "José O'Neill-García", "Ægir", "Ünal"])
def test_names_of_people_are_accepted(name):
    check_name(name)


def test_a_word_of_two_alphabets_is_no_name():
    with pytest.raises(ValidationError):
        check_name("Lin \u0430dmin")


@pytest.mark.parametrize(
    ("one", "other"), [("éclair", "ECLAIR"), ("straße", "STRASSE"), ("Zürich", "zurich"), ("林悦", "林悦")]
)
def test_search_knows_neither_case_nor_accents(one, other):
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("name", "letters"), [("林悦", "悦"), ("Lin Yue", "LY"), ("Ana Maria Silva", "AS"), ("Cher", "C"), ("", "")]
)
def test_initials(name, letters):
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("周敏", ["zhoumin", "zm"]),
        ("吕布", ["lvbu", "lb"]),
        ("Lin Yue", ["ly"]),
        ("Cher", []),
        ("", []),
    ],
)
def test_a_name_is_typed_whole_or_by_first_letters(name, expected):
    assert spellings(name) == expected


def test_a_surname_is_found_by_each_of_its_readings():
    assert {"shanxiaoming", "sxm", "danxiaoming", "dxm"} <= set(spellings("单小明"))
    assert "zenghui" in spellings("曾慧")


def test_the_key_holds_every_way_to_name_a_person():
    assert search_key("周敏", "Minnie", "E17", "zm@example.com") == "周敏 minnie e17 zm@example.com zhoumin zm"
    assert len(search_key("周" * 80, "x" * 40, "e" * 32, "a" * 254)) <= 1000
