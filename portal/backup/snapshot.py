"""One moment of the whole database, read while others go on writing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

SNAPSHOT: Final = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """The alias of a connection on which every question is answered from the same moment. Nobody is kept from writing."""
    connection = connections[DEFAULT_DB_ALIAS].copy(alias=SNAPSHOT)
    if connection.vendor == "sqlite":
        # IMMEDIATE, as the portal has it, would take the lock of the one writer.
        connection.settings_dict["OPTIONS"] |= {"transaction_mode": "DEFERRED"}
    connections[SNAPSHOT] = connection
    try:
        with transaction.atomic(using=SNAPSHOT), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            # The moment is that of the first question.
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            yield SNAPSHOT
    finally:
        connection.close()
        del connections[SNAPSHOT]
