"""Files that may be attached: which kinds, told by what is in them, and under which name they are given back."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import puremagic

from portal.common.text import has_control_characters, has_invisible_characters

if TYPE_CHECKING:
    from collections.abc import Mapping

#: By ending, what the file is sent as. Nothing that a browser or a desk would run.
TYPES: Final[Mapping[str, str]] = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".csv": "text/csv",
}
#: What tells a browser nothing.
UNKNOWN: Final = "application/octet-stream"
TEXTS: Final = frozenset({".txt", ".md", ".csv"})
LONGEST_NAME: Final = 120
#: Names that an older Windows takes for devices.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
_FORBIDDEN: Final = frozenset('<>:"|?*;%')


def ending_of(name: str) -> str:
    """The ending of a name, in lower case, with its dot; empty where it has none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.casefold()}" if dot and stem else ""


def clean_name(name: str) -> str:
    """A name that any desk can save: no folders, nothing unseen, no device, not too long; the ending stays."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    seen = "".join(
        character
        for character in last
        if character not in _FORBIDDEN
        and not has_control_characters(character, allowed="")
        and not has_invisible_characters(character)
    )
    ending = ending_of(seen)
    stem = " ".join(seen.removesuffix(seen[len(seen) - len(ending) :] if ending else "").split()).strip(" .")
    if not stem or stem.partition(".")[0].casefold() in _DEVICES:
        stem = f"file-{stem}" if stem else "file"
    return stem[: LONGEST_NAME - len(ending)].rstrip() + ending


def is_allowed(name: str, data: bytes) -> bool:
    """Whether the ending is one of ours and the content is of that kind."""
    ending = ending_of(name)
    if ending not in TYPES:
        return False
    return is_text(data) if ending in TEXTS else ending in kinds_of(data)


def kinds_of(data: bytes) -> set[str]:
    """The endings that the first bytes of a file allow."""
    try:
        return {str(found.extension) for found in puremagic.magic_string(data)}
    except (puremagic.PureError, ValueError):
        return set()


def is_text(data: bytes) -> bool:
    """Words, in an encoding that people here write in, and no markup that a browser would run."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not has_control_characters(text) and not text.lstrip().startswith("<")
    return False
