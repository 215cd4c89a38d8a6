"""The arithmetic of the seals: what of an entry is sealed, and by which key."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from portal.audit.encoding import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from portal.audit.models import AuditSeal

#: What is sealed, in this order. A column added later stands in LATER, so that what was sealed before it reads the same.
COLUMNS: Final = (
    "id", "at", "actor_id", "on_behalf_of_id", "verb", "subject_type", "subject_id", "project_id", "request_id",
    "link_id", "before", "after", "token_id",
)  # fmt: skip
#: So many of the last columns were added later: left out of an entry from the end as long as they are empty.
LATER: Final = 1
_VERSION: Final = 1
_MARK: Final = 16


def line_of(values: Iterable[Any]) -> bytes:
    """One entry, given as its COLUMNS, the same on every database."""
    row = list(values)
    while len(row) > len(COLUMNS) - LATER and row[-1] is None:
        row.pop()
    return canonical(row).encode()


def digest_of(lines: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for line in lines:
        whole.update(line + b"\n")
    return whole.hexdigest()


def mark_of(line: bytes) -> str:
    """Short: it tells which row is wrong, after the digest has told that one is."""
    return hashlib.sha256(line).hexdigest()[:_MARK]


def key_id(key: str) -> str:
    """Names a key without telling it."""
    return hmac.digest(key.encode(), b"which audit key", "sha256").hex()[:_MARK]


def known_keys() -> Mapping[str, str]:
    """By id: the key in use, and those before it, by which older seals are checked."""
    return {key_id(key): key for key in (*settings.AUDIT_KEY_FALLBACKS, settings.AUDIT_KEY)}


def mac_of(seal: AuditSeal, key: str) -> str:
    """What only the holder of the key can write."""
    marks = hashlib.sha256(canonical(seal.marks).encode()).hexdigest()
    sealed = [_VERSION, seal.number, seal.sealed_at, seal.first_id, seal.last_id, seal.count, seal.digest, marks]
    return hmac.digest(key.encode(), canonical([*sealed, seal.previous, seal.key_id]).encode(), "sha256").hex()


def is_genuine(seal: AuditSeal, key: str) -> bool:
    return hmac.compare_digest(seal.mac, mac_of(seal, key))
