"""Whether the record is whole, and how much of it is not sealed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.audit.chain import COLUMNS, digest_of, is_genuine, known_keys, line_of, mark_of
from portal.audit.models import AuditEntry, AuditSeal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class BrokenChainError(Exception):
    """The first thing that is wrong, in words for whoever runs the portal."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A whole chain: its last link by number and mac, and what comes after it."""

    seals: int
    entries: int
    head: str
    unsealed: int
    unsealed_since: datetime | None


def unsealed_since() -> datetime | None:
    """When the oldest entry that no seal covers was written; None if all are sealed. Two queries, whatever the size."""
    last = AuditSeal.objects.order_by("-number").values_list("last_id", flat=True).first()
    tail = AuditEntry.objects.filter(pk__gt=last or 0).order_by("pk")
    return tail.values_list("at", flat=True).first()


def verify(*, expected_head: str = "") -> Verified:
    """Read the whole record against its seals. Raises BrokenChainError with the first seal or row that is wrong.

    `expected_head` is a head noted earlier, elsewhere: whoever has the database and the key could cut the end off.
    """
    keys = known_keys()
    last: AuditSeal | None = None
    entries, heads = 0, set()
    for seal in AuditSeal.objects.order_by("number").iterator(chunk_size=100):
        _check_link(seal, last, keys)
        _check_rows(seal, last.last_id if last else 0)
        entries += seal.count
        heads.add(_head(seal))
        last = seal
    if expected_head and expected_head not in heads:
        raise BrokenChainError(f"No seal is {expected_head}: the chain was cut or written anew.")
    tail = AuditEntry.objects.filter(pk__gt=last.last_id if last else 0)
    return Verified(last.number if last else 0, entries, _head(last) if last else "", tail.count(), unsealed_since())


def _head(seal: AuditSeal) -> str:
    return f"{seal.number}:{seal.mac}"


def _check_link(seal: AuditSeal, last: AuditSeal | None, keys: Mapping[str, str]) -> None:
    wanted = last.number + 1 if last else 1
    if seal.number != wanted:
        raise BrokenChainError(f"Seal {wanted} is missing.")
    key = keys.get(seal.key_id)
    if key is None:
        raise BrokenChainError(
            f"Seal {seal.number} was made with the key {seal.key_id}, which is not here: name it in AUDIT_KEY_FALLBACKS."
        )
    if not is_genuine(seal, key):
        raise BrokenChainError(f"Seal {seal.number} was changed.")
    if seal.previous != (last.mac if last else ""):
        raise BrokenChainError(f"Seal {seal.number} does not follow the seal before it.")


def _check_rows(seal: AuditSeal, after: int) -> None:
    rows = AuditEntry.objects.filter(pk__gt=after, pk__lte=seal.last_id).order_by("pk").values_list(*COLUMNS)
    lines = {row[0]: line_of(row) for row in rows}
    if len(lines) == seal.count and digest_of(lines.values()) == seal.digest:
        return
    marks = dict(seal.marks)
    for pk in sorted({*marks, *lines}):
        if pk not in lines:
            raise BrokenChainError(f"Row {pk} is missing (seal {seal.number}).")
        if pk not in marks:
            raise BrokenChainError(f"Row {pk} was added after seal {seal.number} was set over its place.")
        if marks[pk] != mark_of(lines[pk]):
            raise BrokenChainError(f"Row {pk} was changed (seal {seal.number}).")
    raise BrokenChainError(f"The rows of seal {seal.number} are not what was sealed.")
