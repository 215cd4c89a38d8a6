"""Whether the tables of the database are those of this code."""

from __future__ import annotations

from enum import Enum

from django.db import connection
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


def migrations_of_the_code() -> dict[str, list[str]]:
    """Every migration that this code has, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationExecutor(connection).loader.disk_migrations):
        found.setdefault(app, []).append(name)
    return found
