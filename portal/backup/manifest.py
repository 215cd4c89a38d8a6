"""What an archive says of itself: from which state of the code, and how much of what it holds."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = 1


class BackupError(Exception):
    """Why no backup was made or nothing was restored, in words for whoever runs the portal."""


@dataclass(frozen=True, slots=True)
class Table:
    """Its rows by count and digest, and the last id that was given out."""

    rows: int
    digest: str
    last: int | None


@dataclass(frozen=True, slots=True)
class File:
    """A file of the media folder."""

    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The last member of an archive. `made_at` is the moment that its data is of."""

    made_at: str
    currency: str
    database: str
    migrations: Mapping[str, list[str]]
    audit_key_id: str
    audit_head: str
    tables: Mapping[str, Table]
    media: Mapping[str, File]
    #: Files that a row names and that were not in the folder: the archive is of a portal that had lost them.
    missing_media: list[str] = field(default_factory=list)
    format: int = FORMAT

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


def read_manifest(text: bytes) -> Manifest:
    """Raises BackupError where it is not one of ours."""
    try:
        raw: dict[str, Any] = json.loads(text)
        if raw.get("format") != FORMAT:
            raise BackupError(f"The archive is of format {raw.get('format')}, this portal reads {FORMAT}.")
        tables = {name: Table(**table) for name, table in raw.pop("tables").items()}
        media = {name: File(**one) for name, one in raw.pop("media").items()}
        return Manifest(**raw, tables=tables, media=media)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BackupError("The manifest of the archive cannot be read.") from None
