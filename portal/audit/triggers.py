"""The triggers that make the tables of the audit append-only, for both databases.

They refuse UPDATE and DELETE row by row, whoever asks, and on PostgreSQL TRUNCATE too. The one exemption is `lifted`,
which serves `flush` in the tests and a restore (`portal.backup.loading`): a database cannot be emptied otherwise. It
takes the owner of the tables; the production role is not the owner, so there it is refused.

SQLite drops a table's triggers when a migration rebuilds the table: such a migration ends with `RunPython(install)`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


@dataclass(frozen=True, slots=True)
class Guarded:
    """A table that only grows: its column that tells rows apart, and how its triggers and its rows are called."""

    table: str
    key: str
    name: str
    rows: str

    def install(self, vendor: str) -> tuple[str, ...]:
        if vendor == "sqlite":
            return (
                f"""CREATE TRIGGER IF NOT EXISTS {self.name}_no_update BEFORE UPDATE ON {self.table}
                    BEGIN SELECT RAISE(ABORT, '{self.rows} are never changed'); END""",
                f"""CREATE TRIGGER IF NOT EXISTS {self.name}_no_delete BEFORE DELETE ON {self.table}
                    BEGIN SELECT RAISE(ABORT, '{self.rows} are never deleted'); END""",
                # INSERT OR REPLACE deletes the row it replaces without asking the triggers of DELETE.
                f"""CREATE TRIGGER IF NOT EXISTS {self.name}_no_replace BEFORE INSERT ON {self.table}
                    WHEN EXISTS (SELECT 1 FROM {self.table} WHERE {self.key} = NEW.{self.key})
                    BEGIN SELECT RAISE(ABORT, '{self.rows} are never replaced'); END""",  # noqa: S608 -- our own names
            )
        # 23001 is of the class of integrity violations, so both databases raise IntegrityError.
        return (
            f"""CREATE OR REPLACE FUNCTION {self.name}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION '{self.rows} are never changed: % refused', TG_OP USING ERRCODE = '23001'; END $$""",
            f"""CREATE OR REPLACE TRIGGER {self.name}_no_change BEFORE UPDATE OR DELETE ON {self.table}
                FOR EACH ROW EXECUTE FUNCTION {self.name}_refuse()""",
            f"""CREATE OR REPLACE TRIGGER {self.name}_no_truncate BEFORE TRUNCATE ON {self.table}
                FOR EACH STATEMENT EXECUTE FUNCTION {self.name}_refuse()""",
        )

    def remove(self, vendor: str) -> tuple[str, ...]:
        if vendor == "sqlite":
            return tuple(f"DROP TRIGGER IF EXISTS {self.name}_no_{deed}" for deed in ("update", "delete", "replace"))
        return (
            f"DROP TRIGGER IF EXISTS {self.name}_no_change ON {self.table}",
            f"DROP TRIGGER IF EXISTS {self.name}_no_truncate ON {self.table}",
            f"DROP FUNCTION IF EXISTS {self.name}_refuse()",
        )


ENTRIES: Final = Guarded("audit_auditentry", "id", "audit", "audit rows")
SEALS: Final = Guarded("audit_auditseal", "number", "seal", "audit seals")


def install(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers of the entries; for `migrations.RunPython`."""
    _run(schema_editor.connection, ENTRIES.install(schema_editor.connection.vendor))


def remove(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers of the entries away; for `migrations.RunPython` backwards."""
    _run(schema_editor.connection, ENTRIES.remove(schema_editor.connection.vendor))


def install_seals(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As `install`, for the seals."""
    _run(schema_editor.connection, SEALS.install(schema_editor.connection.vendor))


def remove_seals(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As `remove`, for the seals."""
    _run(schema_editor.connection, SEALS.remove(schema_editor.connection.vendor))


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the tables be emptied meanwhile. Never called by the running portal."""
    for table in (ENTRIES, SEALS):
        _run(connection, _off(connection, table))
    try:
        yield
    finally:
        for table in (ENTRIES, SEALS):
            _run(connection, _on(connection, table))


def _off(connection: BaseDatabaseWrapper, table: Guarded) -> tuple[str, ...]:
    if connection.vendor == "sqlite":
        return table.remove("sqlite")
    return (f"ALTER TABLE {table.table} DISABLE TRIGGER USER",)


def _on(connection: BaseDatabaseWrapper, table: Guarded) -> tuple[str, ...]:
    if connection.vendor == "sqlite":
        return table.install("sqlite")
    return (f"ALTER TABLE {table.table} ENABLE TRIGGER USER",)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
