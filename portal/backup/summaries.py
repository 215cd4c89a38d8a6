"""What the health page asks of backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from portal.backup.models import Backup

if TYPE_CHECKING:
    from datetime import datetime


def last_backup_at() -> datetime | None:
    """When the data of the last good backup was read; None if there is none."""
    latest: datetime | None = Backup.objects.aggregate(latest=Max("made_at"))["latest"]
    return latest
