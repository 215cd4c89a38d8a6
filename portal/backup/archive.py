"""Writing an archive and reading it back: a zip of one file a table, the media and the manifest.

Its last 64 characters are the digest of all before them, so that no byte of it can be another unnoticed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import FileField

from portal.audit.chain import key_id
from portal.audit.models import AuditSeal
from portal.backup.manifest import BackupError, File, Manifest, Table, read_manifest
from portal.backup.models import Backup
from portal.backup.snapshot import snapshot
from portal.backup.tables import kept_models, last_number, lines_of
from portal.common.schema import Schema, migrations_of_the_code, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from django.db.models import Model

PREFIX: Final = "foresight-"
MANIFEST: Final = "manifest.json"
_END: Final = b"sha256:"
_DIGITS: Final = 64
_BLOCK: Final = 2**20


@dataclass(frozen=True, slots=True)
class Written:
    """An archive that is whole: where it is and what it says of itself."""

    path: Path
    manifest: Manifest


def write(folder: Path, *, now: datetime, prefix: str = PREFIX) -> Written:
    """Write an archive of this moment under a name of its own; only a whole one gets the name. Raises BackupError."""
    if schema() != Schema.CURRENT:
        raise BackupError("The database is not at the state of this code: run manage.py migrate first.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".unfinished-")  # 0600
    except OSError as error:
        raise BackupError(f"Cannot write to {folder}: {error.strerror}.") from None
    unfinished, path = Path(name), folder / f"{prefix}{now:%Y%m%dT%H%M%S.%fZ}.zip"
    try:
        with os.fdopen(descriptor, "wb") as file:
            manifest = _fill(file, now)
        finish(unfinished)
        with opened(unfinished) as archive:
            check_members(archive, manifest)
        unfinished.replace(path)
    except OSError as error:
        raise BackupError(f"Cannot write {path}: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    Backup.objects.create(made_at=now, name=path.name, size=path.stat().st_size, digest=_written_digest(path))
    return Written(path, manifest)


def forget_old(folder: Path, *, keep: int) -> list[str]:
    """Delete all but the newest archives of this folder; what it is not sure to have written stays."""
    ours = sorted(folder.glob(f"{PREFIX}[0-9]*T[0-9]*Z.zip"))
    old = ours[: max(len(ours) - keep, 0)]
    for path in old:
        path.unlink()
    return [path.name for path in old]


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The archive, once its own digest is right. Raises BackupError."""
    try:
        with path.open("rb") as file:
            _check_end(file, path)
            with zipfile.ZipFile(file) as archive:
                yield archive
    except OSError as error:
        raise BackupError(f"Cannot read {path}: {error.strerror}.") from None
    except zipfile.BadZipFile:
        raise BackupError(f"{path} is damaged.") from None


def manifest_of(archive: zipfile.ZipFile) -> Manifest:
    if MANIFEST not in archive.namelist():
        raise BackupError("The archive has no manifest.")
    return read_manifest(archive.read(MANIFEST))


def check_members(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Every table and every file is there, whole, and nothing else. Raises BackupError."""
    wanted = {member_of_table(name) for name in manifest.tables} | {member_of_file(name) for name in manifest.media}
    there = set(archive.namelist()) - {MANIFEST}
    if missing := sorted(wanted - there):
        raise BackupError(f"The archive lacks {missing[0]}.")
    if others := sorted(there - wanted):
        raise BackupError(f"The archive holds {others[0]}, which its manifest does not name.")
    for name, table in manifest.tables.items():
        lines, digest = _measured(archive, member_of_table(name))[1:]
        if (lines, digest) != (table.rows, table.digest):
            raise BackupError(f"The rows of {name} are not those of the manifest.")
    for name, file in manifest.media.items():
        size, _lines, digest = _measured(archive, member_of_file(name))
        if (size, digest) != (file.size, file.digest):
            raise BackupError(f"The file {name} is not that of the manifest.")


def member_of_table(name: str) -> str:
    return f"tables/{name}.jsonl"


def member_of_file(name: str) -> str:
    """Raises BackupError for a name that would lead out of the media folder."""
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or not place.parts:
        raise BackupError(f"The archive names a file {name!r}, which is no place for one.")
    return f"media/{name}"


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def digest_of(parts: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def files_named(*, using: str) -> Iterator[str]:
    """Every file that a row names."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, FileField):
                named = model._base_manager.using(using).exclude(**{field.name: ""})
                yield from named.order_by("pk").values_list(field.name, flat=True).iterator(chunk_size=1000)


def _fill(file: IO[bytes], now: datetime) -> Manifest:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, snapshot() as moment:
        # First, because a file can be taken away while tables are read; one that comes later is named by no row here.
        media, missing = _write_media(archive, sorted(set(files_named(using=moment))))
        tables = {model._meta.db_table: _write_table(archive, model, moment) for model in kept_models()}
        last = AuditSeal.objects.using(moment).order_by("-number").first()
        manifest = Manifest(
            made_at=now.isoformat(),
            currency=settings.CURRENCY,
            database=connection.vendor,
            migrations=migrations_of_the_code(),
            audit_key_id=key_id(settings.AUDIT_KEY),
            audit_head=f"{last.number}:{last.mac}" if last else "",
            tables=tables,
            media=media,
            missing_media=missing,
        )
        archive.writestr(MANIFEST, manifest.to_json())
        archive.comment = _END + b"0" * _DIGITS
    return manifest


def _write_table(archive: zipfile.ZipFile, model: type[Model], moment: str) -> Table:
    whole, rows = hashlib.sha256(), 0
    with archive.open(member_of_table(model._meta.db_table), "w", force_zip64=True) as member:
        for line in lines_of(model, using=moment):
            member.write(line)
            whole.update(line)
            rows += 1
    return Table(rows, whole.hexdigest(), last_number(model, using=moment))


def _write_media(archive: zipfile.ZipFile, names: Iterable[str]) -> tuple[dict[str, File], list[str]]:
    found: dict[str, File] = {}
    missing: list[str] = []
    for name in names:
        try:
            source = default_storage.open(name, "rb")
        except FileNotFoundError:
            missing.append(name)
            continue
        whole, size = hashlib.sha256(), 0
        with source, archive.open(member_of_file(name), "w", force_zip64=True) as member:
            for block in source.chunks(_BLOCK):
                member.write(block)
                whole.update(block)
                size += len(block)
        found[name] = File(size, whole.hexdigest())
    return found, missing


def finish(path: Path) -> None:
    """Put the digest where the zip keeps its comment, which ends the file."""
    with path.open("r+b") as file:
        size = path.stat().st_size - _DIGITS
        digest = digest_of(_first(file, size))
        file.seek(size)
        file.write(digest.encode())
        file.flush()
        os.fsync(file.fileno())


def _check_end(file: IO[bytes], path: Path) -> None:
    size = file.seek(0, os.SEEK_END) - _DIGITS
    if size <= len(_END):
        raise BackupError(f"{path} is no backup.")
    file.seek(size - len(_END))
    if file.read(len(_END)) != _END:
        raise BackupError(f"{path} is not a whole backup: its end is missing, or it never was one.")
    written = file.read(_DIGITS)
    file.seek(0)
    if digest_of(_first(file, size)).encode() != written:
        raise BackupError(f"{path} is damaged: it is not what was written.")
    file.seek(0)


def _first(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size > 0 and (block := file.read(min(_BLOCK, size))):
        size -= len(block)
        yield block


def _written_digest(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(-_DIGITS, os.SEEK_END)
        return file.read().decode()


def _measured(archive: zipfile.ZipFile, member: str) -> tuple[int, int, str]:
    whole, size, lines = hashlib.sha256(), 0, 0
    with archive.open(member) as file:
        for block in blocks(file):
            whole.update(block)
            size += len(block)
            lines += block.count(b"\n")
    return size, lines, whole.hexdigest()
