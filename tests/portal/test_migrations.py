"""From nothing to the newest tables, back and forth again, on both databases: G-01."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

#: Migrations that cannot be undone, each with its reason. None so far.
IRREVERSIBLE: dict[str, str] = {}


def own_migrations():
    loader = MigrationLoader(None)
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    return {key: migration for key, migration in loader.disk_migrations.items() if key[0] in ours}


def test_each_migration_can_be_undone_or_says_why_not():
    stuck = {
        f"{app}.{name}"
        for (app, name), migration in own_migrations().items()
        if not all(operation.reversible for operation in migration.operations)
    }
    assert stuck == set(IRREVERSIBLE)


def described():
    """Tables with their columns, indexes and constraints, by name."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - {"django_migrations"})
        return {
            table: (
                sorted(column.name for column in connection.introspection.get_table_description(cursor, table)),
                sorted(connection.introspection.get_constraints(cursor, table)),
            )
            for table in tables
        }


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_there_and_back_and_there_again():
    try:
        there = described()
        for label in sorted({app for app, _name in own_migrations()}):
            call_command("migrate", label, "zero", verbosity=0, interactive=False)
        left = set(described())
        assert not {table for table in left if table.partition("_")[0] in {"accounts", "audit", "projects", "risks"}}
    finally:
        call_command("migrate", verbosity=0, interactive=False)
    again = described()
    assert set(again) == set(there)
    assert {table: columns for table, (columns, _rest) in again.items()} == {t: c for t, (c, _r) in there.items()}
