"""Whether the tables of the database are those of this code."""

from __future__ import annotations

from enum import Enum

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


class Schema(Enum):
    """How the database stands to the code."""

    CURRENT = "ok"
    EMPTY = "no tables"
    OLDER = "migrations missing"
    NEWER = "database newer than this code"


def schema() -> Schema:
    """Compare the migrations that were run with those that the code has."""
    loader = MigrationExecutor(connection).loader
    if set(loader.applied_migrations) - set(loader.disk_migrations) - set(loader.replacements):
        return Schema.NEWER
    if not loader.applied_migrations:
        return Schema.EMPTY
    missing = set(loader.graph.nodes) - set(loader.applied_migrations)
    return Schema.OLDER if missing else Schema.CURRENT


def misfit() -> str:
    """What to say before anything is served, where the tables are of another age than this code. A database that does not
    answer is no reason: it may come later.
    """
    try:
        state = schema()
    except DatabaseError:
        return ""
    finally:
        connection.close()  # who asks may fork, and a connection must not be shared
    if state == Schema.CURRENT:
        return ""
    if state == Schema.NEWER:
        return "The database is newer than this code. Bring the code up to date, or restore a backup of its own time."
    return f"The tables of the database are not those of this code ({state.value}). Mend it: python manage.py migrate"


def migrations_of_the_code() -> dict[str, list[str]]:
    """Every migration that this code has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationExecutor(connection).loader.disk_migrations):
        found.setdefault(app, []).append(name)
    return found
