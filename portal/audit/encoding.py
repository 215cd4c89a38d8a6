"""How values stand in an audit row: exact, and the same on every database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise


class AuditEncoder(json.JSONEncoder):
    """Decimals, days and lazy words as text; instants in UTC; a row as its id; sets in order."""

    def default(self, o: Any) -> Any:
        for kinds, plain in _PLAIN:
            if isinstance(o, kinds):
                return plain(o)
        return super().default(o)


def canonical(value: Any) -> str:
    """One text for one value, whichever database it came from: keys in order, and a whole number without a point."""
    return json.dumps(_one_way(value), cls=AuditEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _one_way(value: Any) -> Any:
    """PostgreSQL keeps JSON as values and SQLite as text: 1e2 comes back as 100 from one and as 100.0 from the other."""
    if isinstance(value, dict):
        return {key: _one_way(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_one_way(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _instant(moment: datetime) -> str:
    return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()


# In this order: a datetime is a date too.
_PLAIN: tuple[tuple[Any, Any], ...] = (
    (datetime, _instant),
    ((date, time), lambda day: day.isoformat()),
    ((Decimal, UUID, Promise), str),
    (Enum, lambda member: member.value),
    (Model, lambda row: row.pk),
    (Mapping, dict),
    ((set, frozenset), sorted),
)
