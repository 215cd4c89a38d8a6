"""The tick of the seals."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.audit import actions


@shared_task  # type: ignore[untyped-decorator] # celery is untyped
def seal() -> None:
    """Seal the audit rows that are settled. Beat calls it every minute."""
    actions.seal(now=timezone.now())
