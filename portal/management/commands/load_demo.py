"""Fill an empty database with the demo company."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone, translation

from portal.accounts.models import User
from portal.demo.build import build
from projects.models import Project


class Command(BaseCommand):
    help = "Load the demo company: twelve people, thirty projects of three quarters. Only into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--language", choices=["en", "zh"], default="en")
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, instead of failing, where people exist"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists() or Project.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("The database is not empty. The demo is only for trying the product in an empty one.")
        language = options["language"]
        with translation.override("zh-hans" if language == "zh" else "en"):
            build(language=language, now=timezone.now())
        if options["verbosity"]:
            self.stdout.write(f"{User.objects.count()} people and {Project.objects.count()} projects are there.")
