"""Django's `flush`, which empties every table, kept for the databases of tests alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import flush
from django.db import connections

from portal.audit.triggers import lifted


class Command(flush.Command):
    """Refuses where audit rows are real."""

    def handle(self, **options: Any) -> None:
        if not getattr(settings, "AUDIT_MAY_BE_FLUSHED", False):
            raise CommandError("This would delete the audit trail. To start anew, use an empty database.")
        with lifted(connections[options["database"]]):
            super().handle(**options)
