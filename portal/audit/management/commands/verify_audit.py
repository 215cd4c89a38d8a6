"""Read the audit trail against its seals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from portal.audit.summaries import BrokenChainError, verify

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Check every audit row against the chain of seals. Exit 1 names the first that is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--head", default="", help="a head that was printed earlier and must still be in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = verify(expected_head=options["head"])
        except BrokenChainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.entries:,} rows under {found.seals:,} seals are as they were written.")
        if found.head:
            self.stdout.write(f"Head (note it elsewhere): {found.head}")
        if found.unsealed_since is None:
            self.stdout.write("Nothing is unsealed.")
        else:
            seconds = int((timezone.now() - found.unsealed_since).total_seconds())
            self.stdout.write(f"{found.unsealed:,} rows are not sealed yet, the oldest for {seconds:,} seconds.")
