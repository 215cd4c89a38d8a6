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
