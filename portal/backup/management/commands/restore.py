"""Make the portal what it was when an archive was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from portal.audit.summaries import BrokenChainError, verify
from portal.backup.loading import restore
from portal.backup.manifest import BackupError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from portal.backup.loading import Restored


class Command(BaseCommand):
    help = (
        "Restore an archive of `backup` into an empty database, SQLite or PostgreSQL. Stop web server and worker first."
    )
    requires_system_checks = ()
    # It says itself what is wrong with the database, and brings an empty one up to date.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--force", action="store_true", help="replace what is there, after keeping it aside")
        parser.add_argument("--hold-mail", action="store_true", help="send no mail until an administrator lets it go")
        parser.add_argument("--aside", type=Path, default=settings.VAR_DIR / "backups", help="where to keep it")

    def handle(self, *args: Any, archive: Path, aside: Path, force: bool, hold_mail: bool, **options: Any) -> None:
        try:
            done = restore(archive, aside=aside, force=force, hold_mail=hold_mail, now=timezone.now())
        except BackupError as error:
            raise CommandError(f"{error} Nothing was changed.") from error
        self.report(done)
        if hold_mail:
            self.stdout.write("Mail is held: an administrator lets it go or drops it at /policy/messages/.")
        else:
            self.stderr.write(
                "Mail is not held: what was sent since the archive was written may be sent again. "
                "To look at it first, restore with --hold-mail."
            )
        try:
            self.stdout.write(f"The audit trail is whole: {verify().entries:,} sealed rows.")
        except BrokenChainError as error:
            self.stderr.write(
                f"The audit trail does not verify: {error} The keys are not in the archive: see docs/backup.md."
            )

    def report(self, done: Restored) -> None:
        tables = done.manifest.tables.values()
        self.stdout.write(
            f"Restored the state of {done.manifest.made_at}: {sum(table.rows for table in tables):,} rows, "
            f"{len(done.manifest.media):,} files, each as it was."
        )
        if done.kept_aside:
            self.stdout.write(f"What was here before is kept in {done.kept_aside}.")
