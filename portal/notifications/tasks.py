"""The tick. It carries no arguments: everything is in rows, so a lost or repeated message costs nothing."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.common import request_id
from portal.common.once import read_once
from portal.health.actions import note
from portal.health.enums import Beat
from portal.notifications import actions


@shared_task  # type: ignore[untyped-decorator] # celery is untyped
def sweep() -> None:
    """Write the reminders that have come and the weekly word to managers, then send the mail that waits. Beat calls it every minute."""
    with request_id.bound(), read_once():
        note(Beat.TICK, now=timezone.now())
        actions.sweep(now=timezone.now())
        actions.tell_managers(now=timezone.now())
        actions.deliver(now=timezone.now())
        note(Beat.SWEEP, now=timezone.now())
