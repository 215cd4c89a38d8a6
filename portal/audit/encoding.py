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
        match o:
            case datetime():
                return (o.astimezone(UTC) if o.tzinfo else o).isoformat()
            case date() | time():
                return o.isoformat()
            case Decimal() | UUID() | Promise():
                return str(o)
            case Enum():
                return o.value
            case Model():
                return o.pk
            case Mapping():
                return dict(o)
            case set() | frozenset():
                return sorted(o)
        return super().default(o)
