"""The triggers that make the audit table append-only, for both databases.

They refuse UPDATE and DELETE row by row, whoever asks, and on PostgreSQL TRUNCATE too. The one exemption is `lifted`,
which the `flush` command of the tests uses (`portal/audit/management/commands/flush.py`): a database cannot be emptied
between tests otherwise. It takes the owner of the table; the production role is not the owner, so there it is refused.

SQLite drops a table's triggers when a migration rebuilds the table: such a migration ends with `RunPython(install)`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE_INSTALL = (
    """CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit_auditentry
       BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit_auditentry
       BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END""",
    # INSERT OR REPLACE deletes the row it replaces without asking the triggers of DELETE.
    """CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON audit_auditentry
       WHEN EXISTS (SELECT 1 FROM audit_auditentry WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'audit rows are never replaced'); END""",
)
_SQLITE_REMOVE = tuple(
    f"DROP TRIGGER IF EXISTS {name}" for name in ("audit_no_update", "audit_no_delete", "audit_no_replace")
)
# 23001 is of the class of integrity violations, so both databases raise IntegrityError.
_POSTGRESQL_INSTALL = (
    """CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'audit rows are never changed: % refused', TG_OP USING ERRCODE = '23001'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditentry
       FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
_POSTGRESQL_REMOVE = (
    "DROP TRIGGER IF EXISTS audit_no_change ON audit_auditentry",
    "DROP TRIGGER IF EXISTS audit_no_truncate ON audit_auditentry",
    "DROP FUNCTION IF EXISTS audit_refuse()",
)


def install(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers; for `migrations.RunPython`."""
    _run(schema_editor.connection, _SQLITE_INSTALL, _POSTGRESQL_INSTALL)


def remove(_apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away; for `migrations.RunPython` backwards."""
    _run(schema_editor.connection, _SQLITE_REMOVE, _POSTGRESQL_REMOVE)


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let the table be emptied meanwhile. Never called by the running portal."""
    _run(connection, _SQLITE_REMOVE, ("ALTER TABLE audit_auditentry DISABLE TRIGGER USER",))
    try:
        yield
    finally:
        _run(connection, _SQLITE_INSTALL, ("ALTER TABLE audit_auditentry ENABLE TRIGGER USER",))


def _run(connection: BaseDatabaseWrapper, sqlite: tuple[str, ...], postgresql: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in sqlite if connection.vendor == "sqlite" else postgresql:
            cursor.execute(statement)
