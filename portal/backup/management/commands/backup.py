"""Write everything into one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from portal.backup.archive import forget_old, write
from portal.backup.manifest import BackupError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Write database and media, as they are at this moment, into one archive that `restore` reads on either database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.VAR_DIR / "backups")
        parser.add_argument("--keep", type=int, metavar="N", help="then delete all but the newest N archives there")

    def handle(self, *args: Any, folder: Path, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            raise CommandError("--keep takes a number from 1.")
        try:
            written = write(folder, now=timezone.now())
        except BackupError as error:
            raise CommandError(str(error)) from error
        manifest = written.manifest
        rows = sum(table.rows for table in manifest.tables.values())
        size = written.path.stat().st_size
        self.stdout.write(
            f"{written.path}: {rows:,} rows and {len(manifest.media):,} files, {size:,} bytes, read back."
        )
        for name in manifest.missing_media:
            self.stderr.write(f"A row names the file {name}, which is not in the media folder.")
        for name in forget_old(folder, keep=keep) if keep else ():
            self.stdout.write(f"deleted {name}")
