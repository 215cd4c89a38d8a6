"""How tags are written: several in one line, each in its one spelling. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from portal.common.text import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

#: More words than this say nothing about a risk.
MOST_TAGS: Final = 8
LONGEST_TAG: Final = 30
_BETWEEN: Final = re.compile(r"[,，、;；\n]")


def normal_tag(text: str) -> str:
    """The one spelling of a tag: Network and network are one."""
    return " ".join(normalise(text).split())


def tags_in(line: str) -> list[str]:
    """The tags of a line such as “network, night hubs”, each once, in the order of the alphabet."""
    return tidy_tags(_BETWEEN.split(line))


def tidy_tags(tags: Iterable[str]) -> list[str]:
    """Each once, in its one spelling, in the order of the alphabet."""
    return sorted({normal for tag in tags if (normal := normal_tag(tag))})
