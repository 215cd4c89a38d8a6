"""Names and free text: when two names are the same, and which characters no text may hold. Pure."""

from __future__ import annotations

import unicodedata

# Invisible, or turning the direction of reading: they make one name look like another. Free text may hold them (emoji
# are joined by one), names and addresses may not.
_INVISIBLE_CATEGORIES = frozenset({"Cf", "Cs", "Co", "Cn"})
#: Line feed, carriage return and tab: what a text of several lines is made with.
LINE_BREAKS = "\n\r\t"


def normalise(name: str) -> str:
    """The form in which names are compared: NFKC, case folded, trimmed, so that `Café ` in any spelling is one name."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    # Folding can leave a sequence that composes again, and trimming comes last: NFKC turns many things into spaces.
    return unicodedata.normalize("NFKC", folded).strip()


def is_same_name(one: str, other: str) -> bool:
    """Whether a person would call it the same name."""
    return normalise(one) == normalise(other)


def has_control_characters(text: str, *, allowed: str = LINE_BREAKS) -> bool:
    """Whether the text holds a control character (NUL, escape, …) beside the allowed ones.

    PostgreSQL refuses NUL, terminals obey escapes, and mail headers break at line ends.
    """
    return any(unicodedata.category(character) == "Cc" and character not in allowed for character in text)


def has_invisible_characters(text: str) -> bool:
    """Whether a name hides something: zero width, direction marks, lone surrogates, private or unassigned code points."""
    return any(unicodedata.category(character) in _INVISIBLE_CATEGORIES for character in text)
