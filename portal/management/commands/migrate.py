"""Django's `migrate`, one at a time: of two that start together, the second waits and then finds nothing to do."""

from __future__ import annotations

import fcntl
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

#: Any number, the same in every process; nothing else of the portal takes a lock of this kind.
LOCK: Final = 7_361_045
PATIENCE: Final = 600


class Command(migrate.Command):
    """On PostgreSQL without the limit that the questions of pages have; the limit of waiting for a lock stays."""

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if connection.vendor == "sqlite":
            with _alone_on_this_machine(Path(str(connection.settings_dict["NAME"]))):
                super().handle(*args, **options)
            return
        with _alone_on_the_server(connection):
            super().handle(*args, **options)


@contextmanager
def _alone_on_this_machine(database: Path) -> Iterator[None]:
    with database.with_name(f"{database.name}.migrating").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone_on_the_server(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Asked again and again, because a question that waits would be cut off."""
    end = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        (timeout,) = cursor.fetchone()
        cursor.execute("SET statement_timeout = 0")
        while not _locked(cursor):
            if time.monotonic() > end:
                raise CommandError("Another migration has been running for ten minutes: look at that one first.")
            time.sleep(0.2)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [timeout])


def _locked(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
    return bool(cursor.fetchone()[0])
