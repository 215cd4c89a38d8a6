"""`manage.py sweep`: the tick by hand or by cron, for a machine without a broker. Beside a worker it does no harm."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.common import request_id
from portal.common.once import read_once
from portal.health.actions import note
from portal.health.enums import Beat
from portal.notifications import actions


class Command(BaseCommand):
    help = "Write the reminders that have come and send the mail that waits, once."

    def handle(self, *args: Any, **options: Any) -> None:
        with request_id.bound(), read_once():
            swept = actions.sweep(now=timezone.now())
            actions.tell_managers(now=timezone.now())
            sent = actions.deliver(now=timezone.now())
            note(Beat.SWEEP, now=timezone.now())
        for name, counts in (("reminders", swept), ("mail", sent)):
            parts = [f"{outcome.name.lower()} {count}" for outcome, count in counts.items() if count]
            self.stdout.write(f"{name}: {', '.join(parts) or 'nothing to do'}")
