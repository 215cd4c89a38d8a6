"""Bring files, tables and, in an empty database, the demo up to date."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection

from portal import env

STAMP: Final = ".stamp"


class Command(BaseCommand):
    help = "Collect the static files, migrate the database and load the demo into an empty one (DEMO=0 leaves it out)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="as DEMO=0")

    def handle(self, *args: Any, **options: Any) -> None:
        self.collect_static_files()
        self.migrate()
        if env.flag("DEMO", default=True) and not options["no_demo"]:
            language = env.choice("DEMO_LANGUAGE", "en", of=["en", "zh"])
            self.say(f"loading the demo, if the database is empty (DEMO_LANGUAGE={language}; DEMO=0 leaves it out)")
            call_command("load_demo", if_empty=True, language=language, verbosity=0)

    def collect_static_files(self) -> None:
        stamp = Path(settings.STATIC_ROOT) / STAMP
        wanted = self.newest_source()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        self.say("collecting static files")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(wanted)

    def newest_source(self) -> str:
        """Describe all static sources in one line, which changes when a file comes, goes or is written."""
        times = [
            Path(storage.path(path)).stat().st_mtime_ns for finder in get_finders() for path, storage in finder.list([])
        ]
        return f"{len(times)} files, newest {max(times, default=0)}, DEBUG {settings.DEBUG}"

    def migrate(self) -> None:
        self.say("bringing the database up to date")
        try:
            if connection.vendor == "postgresql":  # a page may not take that long, a change of a large table may
                with connection.cursor() as cursor:
                    cursor.execute("SET statement_timeout = 0")
            call_command("migrate", interactive=False, verbosity=0)
        except DatabaseError as error:
            database = settings.DATABASES["default"]
            raise CommandError(
                f"The database {database['NAME']} does not answer as it should: {str(error).strip()}\n"
                "Mend it: is the server up and DATABASE_URL right? For SQLite: is there room, and may this user write there?"
            ) from error

    def say(self, words: str) -> None:
        self.stdout.write(f"- {words}")
        self.stdout.flush()
