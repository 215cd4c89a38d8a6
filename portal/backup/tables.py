"""Which tables belong to a backup, and how a row stands in it: one line of JSON, the same from every database."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.db import connections
from django.db.models import AutoField

from portal.audit.encoding import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models import Field, Model

Fields = "Sequence[Field[Any, Any]]"

#: Not in a backup, and emptied by a restore: what belongs to a visit or to a machine, not to the company.
PASSING: Final = frozenset(
    {
        # A session that was ended since must not come back to life.
        "sessions.Session",
        "accounts.FormKey",
        "accounts.ApiPace",
        "axes.AccessAttempt",
        "axes.AccessAttemptExpiration",
        "axes.AccessFailureLog",
        "axes.AccessLog",
        "auth.Group_permissions",
    }
)
#: Not in a backup, and left as they are: the migrations make them, or they tell of this machine.
OF_THIS_DATABASE: Final = frozenset({"contenttypes.ContentType", "auth.Permission", "backup.Backup"})
CHUNK: Final = 2000


def kept_models() -> list[type[Model]]:
    """Every table of a backup, by name."""
    left_out = PASSING | OF_THIS_DATABASE
    every = apps.get_models(include_auto_created=True)
    return sorted((m for m in every if m._meta.label not in left_out), key=lambda m: m._meta.db_table)


def emptied_models() -> list[type[Model]]:
    """Every table that a restore empties first."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.label not in OF_THIS_DATABASE]


def fields_of(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def lines_of(model: type[Model], *, using: str) -> Iterator[bytes]:
    """Every row in the order of its key."""
    names = [field.attname for field in fields_of(model)]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(chunk_size=CHUNK):
        yield canonical(list(row)).encode() + b"\n"


def insert(model: type[Model], lines: Iterable[bytes], connection: BaseDatabaseWrapper) -> None:
    """Write rows as they are, past every default and every save."""
    fields = fields_of(model)
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 -- names of our own tables
    with connection.cursor() as cursor:
        for chunk in _chunks(lines):
            rows = [_stored(fields, json.loads(line), connection) for line in chunk]
            cursor.executemany(statement, rows)


def _stored(fields: list[Field[Any, Any]], values: list[Any], connection: BaseDatabaseWrapper) -> tuple[Any, ...]:
    if len(values) != len(fields):
        raise ValueError(values)
    return tuple(
        field.get_db_prep_save(field.to_python(value), connection) for field, value in zip(fields, values, strict=True)
    )


def _chunks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    chunk: list[bytes] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def last_number(model: type[Model], *, using: str) -> int | None:
    """The last id given out, also to a row that is no more; None where ids are not counted."""
    if not isinstance(model._meta.pk, AutoField):
        return None
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [model._meta.db_table, model._meta.pk.column])
            (sequence,) = cursor.fetchone()
            cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # noqa: S608 -- from the catalogue
        else:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def count_on(model: type[Model], last: int | None, connection: BaseDatabaseWrapper) -> None:
    """Let the next id come after every one that was ever given out."""
    if last is None:
        return
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            column = model._meta.pk.column
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [table, column, max(last, 1), last > 0]
            )
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
