"""Names and addresses of people: one spelling each, and none that looks like another's.

Pure but for Django's ValidationError, so that a field, a form and an action refuse the same text with the same words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pypinyin import Style, lazy_pinyin, pinyin

from portal.common.text import has_control_characters, has_invisible_characters, normalise

LONGEST_KEY: Final = 1000
_LINE_SEPARATORS: Final = frozenset("\u2028\u2029")
#: Alphabets whose letters can be taken for one another's; Han, Kana and the like cannot.
_CONFUSABLE: Final = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC"})
_WORD: Final = re.compile(r"[^\W\d_]+")


def check_seen(text: str) -> None:
    """Refuse characters that cannot be seen."""
    unseen = has_control_characters(text, allowed="") or has_invisible_characters(text)
    if unseen or _LINE_SEPARATORS & set(text):
        raise ValidationError(_("It holds a character that cannot be seen. Type it anew."), code="unseen")


def check_one_alphabet(text: str) -> None:
    """Refuse letters of two alphabets that look alike, such as a Cyrillic а among Latin letters."""
    alphabets = {unicodedata.name(character, "?").partition(" ")[0] for character in text if character.isalpha()}
    if len(alphabets & _CONFUSABLE) > 1:
        raise ValidationError(_("It mixes letters of different alphabets that look alike."), code="mixed_alphabets")


def check_name(text: str) -> None:
    """A name may hold several alphabets, but not within a word."""
    check_seen(text)
    for word in _WORD.findall(text):
        check_one_alphabet(word)


def check_identifier(text: str) -> None:
    """An address or number that is signed in with or searched by."""
    check_seen(text)
    check_one_alphabet(text)


def normal_name(text: str) -> str:
    """The one spelling of a name: composed, single spaces, none at the ends."""
    # Split at spaces alone: a line end is no space to be tidied away but a character to be refused.
    return " ".join(filter(None, unicodedata.normalize("NFKC", text).split(" ")))


def normal_email(text: str) -> str:
    """The one spelling of an address: two that people take for the same are the same."""
    return normalise(text)


def normal_number(text: str) -> str:
    """The one spelling of a staff number; E17 and e17 are one."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def folded(text: str) -> str:
    """The form in which text is searched: no case, no accents; the same on every database."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(unicodedata.normalize("NFKC", bare.casefold()).split())


def spellings(name: str) -> list[str]:
    """How a name is typed without its characters: whole and by first letters; a surname may be read in several ways."""
    han = "".join(character for character in name if unicodedata.name(character, "").startswith("CJK"))
    if not han:
        words = folded(name).split()
        return ["".join(word[0] for word in words)] if len(words) > 1 else []
    first, *rest = lazy_pinyin(han)
    readings = dict.fromkeys([first, *pinyin(han[0], style=Style.NORMAL, heteronym=True)[0]])
    letters = "".join(syllable[0] for syllable in rest)
    return list(dict.fromkeys(key for one in readings for key in (one + "".join(rest), one[0] + letters)))


def search_key(name: str, *others: str) -> str:
    """What people are found by: the name first, then how else it is spelled, then what else names him."""
    return folded(" ".join([name, *others, *spellings(name)]))[:LONGEST_KEY]


def initials(name: str) -> str:
    """The letters in a person's disc: the last Chinese character, or two initials."""
    words = name.split()
    if not words:
        return ""
    if unicodedata.name(words[-1][-1], "").startswith("CJK"):
        return words[-1][-1]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
