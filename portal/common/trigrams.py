"""An index by which PostgreSQL finds a word anywhere in a text; where it may not be made, a search reads all rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.migrations import RunPython

if TYPE_CHECKING:
    from collections.abc import Callable

_MAKE = """
DO $$ BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX IF NOT EXISTS {name} ON {table} USING gin ({column} gin_trgm_ops);
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'pg_trgm is not there: searching reads every row of {table}';
END $$
"""


def trigram_index(name: str, table: str, column: str = "search_text") -> RunPython:
    """The operation of a migration that makes it, on PostgreSQL only."""
    return RunPython(
        _on_postgresql(_MAKE.format(name=name, table=table, column=column)),
        _on_postgresql(f"DROP INDEX IF EXISTS {name}"),
    )


def _on_postgresql(sql: str) -> Callable[[Any, Any], None]:
    def run(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(sql)

    return run
