"""How much a lesson has to do with a pitch: the words they share. Pure.

Latin words of four letters or more; Chinese as pairs of characters, since it has no spaces.
"""

from __future__ import annotations

import re

_LATIN = re.compile(r"[a-z][a-z0-9]{3,}")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
#: Words of every project, which say nothing.
_COMMON = frozenset(
    [
        "that",
        "this",
        "with",
        "from",
        "they",
        "them",
        "have",
        "will",
        "what",
        "when",
        "where",
        "which",
        "were",
        "been",
        "more",
        "than",
        "into",
        "only",
        "before",
        "after",
        "project",
        "projects",
        "should",
        "would",
        "could",
        "about",
        "each",
        "other",
        "every",
    ]
)


def words_of(text: str) -> frozenset[str]:
    """The words by which texts are compared; `text` is folded already."""
    latin = {stem(word) for word in _LATIN.findall(text) if word not in _COMMON}
    chinese = {run[at : at + 2] for run in _CHINESE.findall(text) for at in range(len(run) - 1)}
    return frozenset(latin | chinese)


def stem(word: str) -> str:
    """Printer and printers are one word."""
    return word.removesuffix("s")


def shared(one: str, other: str) -> int:
    """How many words two texts share."""
    return len(words_of(one) & words_of(other))
