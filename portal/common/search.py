"""Searching: what a source of hits is, and the words of a question marked where they stand.

A question is folded (no case, no accents, one width) and every word of it has to stand somewhere in the folded text of
a row. Chinese is written without spaces, so a word matches anywhere in a text, not only at the beginning of a word.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise
    from django.utils.safestring import SafeString

MOST_WORDS: Final = 6
#: So many of each kind stand on the page; the rest is one click down, in the list of the kind.
MOST_HITS: Final = 5
#: Letters before the word that is found, and letters in all.
_BEFORE, _AROUND = 30, 140


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: its name, the line beneath, and in which text beside the name the words stand."""

    title: SafeString
    url: str
    note: _StrOrPromise = ""
    reason: SafeString | str = ""


class Find(Protocol):
    """Finds what the person may see, at most `most` of it."""

    def __call__(self, user: Any, words: Sequence[str], most: int) -> Sequence[Hit]: ...


@dataclass(frozen=True, slots=True)
class Source:
    """What an app has to be found. `list_name` is the address of the list that takes the same words by `q`."""

    words: _StrOrPromise
    icon: str
    find: Find
    list_name: str = ""
    list_query: str = ""


def folded_char(character: str) -> str:
    """One character as it is searched."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", bare.casefold())


def spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the folded words stand in a text, as places in the text itself; overlapping ones as one."""
    letters, places = [], []
    for place, character in enumerate(text):
        for letter in folded_char(character):
            letters.append(letter)
            places.append(place)
    flat = "".join(letters)
    found = []
    for word in words:
        start = flat.find(word) if word else -1
        while start >= 0:
            found.append((places[start], places[start + len(word) - 1] + 1))
            start = flat.find(word, start + len(word))
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, words: Sequence[str]) -> SafeString:
    """The text with the words marked."""
    pieces, last = [], 0
    for start, end in spans(text, words):
        pieces.append((text[last:start], text[start:end]))
        last = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[last:])


def excerpt(texts: Iterable[str], words: Sequence[str]) -> SafeString | str:
    """The part of the first text that holds one of the words, marked; nothing where none does."""
    for text in texts:
        found = spans(text, words)
        if found:
            start = max(found[0][0] - _BEFORE, 0)
            part = text[start : start + _AROUND]
            ends = ("…" if start else "", "…" if start + _AROUND < len(text) else "")
            return format_html("{}{}{}", ends[0], marked(part, words), ends[1])
    return ""


def holding(rows: QuerySet[Any], words: Sequence[str], column: str = "search_text") -> QuerySet[Any]:
    """The rows in whose folded text every word stands."""
    for word in words:
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


def hit(title: str, url: str, note: _StrOrPromise, texts: Sequence[str], words: Sequence[str]) -> Hit:
    """A row as it was found: its name marked, and below it where else the words stand."""
    beside = [word for word in words if not spans(title, [word])]
    return Hit(marked(title, words), url, note, excerpt(texts, beside or words) if texts else "")
