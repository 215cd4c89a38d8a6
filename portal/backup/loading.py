"""Putting an archive into this database and its media folder. Everything is checked before anything is changed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import File as DjangoFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction

from portal.accounts.models import User
from portal.audit.models import AuditEntry
from portal.audit.triggers import lifted
from portal.backup import archive as archives
from portal.backup.manifest import BackupError, Manifest
from portal.backup.tables import count_on, emptied_models, insert, kept_models, lines_of
from portal.common.schema import Schema, migrations_of_the_code, schema
from portal.notifications.policy import HOLD_MAIL
from portal.policy.store import change

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands now, and where what stood before is kept."""

    manifest: Manifest
    kept_aside: Path | None


def restore(path: Path, *, aside: Path, force: bool, hold_mail: bool, now: datetime) -> Restored:
    """Make the portal what it was when the archive was written. Raises BackupError, and then nothing is changed.

    Data that is there is replaced by `force` alone, after it was written to an archive in the folder `aside`. With `hold_mail` no
    mail goes out until an administrator has looked at what waits.
    """
    with archives.opened(path) as archive:
        manifest = archives.manifest_of(archive)
        _check_fits(manifest)
        archives.check_members(archive, manifest)
        is_empty = _check_target(force=force)
        kept = None if is_empty else archives.write(aside, now=now, prefix="before-restore-").path
        old_files = set() if is_empty else set(archives.files_named(using=DEFAULT_DB_ALIAS))
        _put_files(archive, manifest)
        try:
            with transaction.atomic():
                _load(archive, manifest)
                if hold_mail:
                    change(HOLD_MAIL, True, by=None, now=now)
        except (DatabaseError, ValueError) as error:
            raise BackupError(f"The database did not take the rows: {str(error).strip()}") from error
    for name in old_files - set(manifest.media):
        default_storage.delete(name)
    return Restored(manifest, kept)


def _check_fits(manifest: Manifest) -> None:
    code = migrations_of_the_code()
    if manifest.migrations != code:
        theirs = {(app, name) for app, names in manifest.migrations.items() for name in names}
        ours = {(app, name) for app, names in code.items() for name in names}
        (app, name), words = (
            (min(theirs - ours), "a newer version of the portal: it has")
            if theirs - ours
            else (min(ours - theirs), "an older version of the portal: it lacks")
        )
        raise BackupError(
            f"The archive is of {words} {app} {name}. Restore it with that version, then bring the database up to date."
        )
    if manifest.currency != settings.CURRENCY:
        raise BackupError(f"The archive counts in {manifest.currency}, this portal in {settings.CURRENCY} (CURRENCY).")
    if sorted(manifest.tables) != [model._meta.db_table for model in kept_models()]:
        raise BackupError("The archive has not the tables of this portal.")


def _check_target(*, force: bool) -> bool:
    """Bring an empty database to the state of the code; say whether it was empty. Raises BackupError."""
    state = schema()
    if state == Schema.EMPTY:
        call_command("migrate", interactive=False, verbosity=0)
        return True
    if state == Schema.CURRENT and not User.objects.exists() and not AuditEntry.objects.exists():
        return True
    if not force:
        raise BackupError("There is data here already. With --force it is written to an archive and then replaced.")
    if state != Schema.CURRENT:
        raise BackupError("The database here is not at the state of this code, so what is in it cannot be kept aside.")
    return False


def _put_files(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Names are random and never used twice, so a file that is there under one of them is replaced by itself."""
    for name in manifest.media:
        if default_storage.exists(name):
            default_storage.delete(name)
        with archive.open(archives.member_of_file(name)) as member:
            if default_storage.save(name, DjangoFile(member)) != name:
                raise BackupError(f"The file {name} cannot be put into the media folder.")


def _load(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    with _patient():
        with lifted(connection):
            _empty()
        for model in kept_models():
            table = model._meta.db_table
            with archive.open(archives.member_of_table(table)) as lines:
                insert(model, lines, connection)
            count_on(model, manifest.tables[table].last, connection)
        connection.check_constraints()
        for model in kept_models():
            table = model._meta.db_table
            if archives.digest_of(lines_of(model, using=DEFAULT_DB_ALIAS)) != manifest.tables[table].digest:
                raise BackupError(
                    f"The database keeps the rows of {table} otherwise than they were: nothing was restored."
                )


@contextmanager
def _patient() -> Iterator[None]:
    """On PostgreSQL a question of a page may not take long; these may."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
    yield


def _empty() -> None:
    quoted = [connection.ops.quote_name(model._meta.db_table) for model in emptied_models()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")
            return
        for table in quoted:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 -- names of our own tables
