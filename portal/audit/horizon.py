"""Up to which entry the record is settled: no other entry can come before it any more.

Ids come from a sequence when a row is written, and rows appear when their transaction commits, so on PostgreSQL a smaller
id may appear after a larger one. Whoever has taken an id holds the table's lock of writers until he commits or gives up.
So: read the last id given out, then wait until all who held that lock at that moment have let go. Nobody is kept
waiting by it; who begins later has larger ids.
"""

from __future__ import annotations

from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from django.db import connection

from portal.audit.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

#: Longer than an action takes; who writes longer is waited for by the next run.
PATIENCE: Final = 10.0
_PAUSE: Final = 0.05
_WRITERS: Final = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = %s::regclass AND mode = 'RowExclusiveLock' AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
"""


def settled_id(*, patience: float = PATIENCE) -> int | None:
    """The id up to which nothing can be added any more, or None where a writer takes longer than one waits for."""
    if connection.vendor != "postgresql":
        # One writer at a time: rows appear in the order of their ids.
        last = AuditEntry.objects.order_by("-pk").values_list("pk", flat=True).first()
        return last or 0
    last_given, end = _last_given(), monotonic() + patience
    waited_for = _writers()
    while waited_for and monotonic() < end:
        sleep(_PAUSE)
        waited_for &= _writers()
    return None if waited_for else last_given


def _last_given() -> int:
    """From the sequence itself, because an id may be given out and its row not there yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [AuditEntry._meta.db_table])
        (sequence,) = cursor.fetchone()
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 -- from the catalogue
        return int(cursor.fetchone()[0])


def _writers() -> AbstractSet[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [AuditEntry._meta.db_table])
        return {name for (name,) in cursor.fetchall()}
