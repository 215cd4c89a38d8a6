"""Fill an empty database with a large installation: the demo company, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.demo.scale import seed
from projects.models import Project
from risks.models import Risk

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable

MOST = 1_000_000


class Command(BaseCommand):
    help = (
        "Fill an empty database with a large installation, to try its speed: the demo company, copied until there are at"
        " least --scale projects and ten times as many risks. The same each time; only into an empty database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, required=True, help="projects, for example 1000 or 100000")
        parser.add_argument("--language", choices=["en", "zh"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["scale"] <= MOST:
            raise CommandError(f"--scale is a number from 1 to {MOST}.")
        if User.objects.exists() or Project.objects.exists():
            raise CommandError("The database is not empty. Copies of the demo are only for an empty one.")
        language = options["language"]
        said: Callable[[str], None] = self.say if options["verbosity"] else lambda _words: None
        with translation.override("zh-hans" if language == "zh" else "en"):
            seed(options["scale"], language=language, now=timezone.now(), said=said)
        if options["verbosity"]:
            counts = f"{Project.objects.count():,} projects, {Risk.objects.count():,} risks"
            self.say(f"{User.objects.count():,} people, {counts} are there")

    def say(self, words: str) -> None:
        self.stdout.write(f"- {words}")
        self.stdout.flush()
