"""Keeping how earlier estimates fared."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.db import transaction

from portal.audit.actions import record
from projects.models import HistoryImport, PastEstimate

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from projects.history_file import PastWork

BATCH = 1000


@transaction.atomic
def import_history(work: Collection[PastWork], *, source: str, rejected: int, now: datetime) -> HistoryImport:
    """Keep what is not kept yet of this source; a file read again adds nothing. Whoever has a shell acts as policy."""
    known = set(PastEstimate.objects.filter(source=source).values_list("key", flat=True))
    batch = HistoryImport.objects.create(source=source, imported_at=now, rejected=rejected)
    new = [PastEstimate(batch=batch, source=source, **asdict(one)) for one in work if one.key not in known]
    PastEstimate.objects.bulk_create(new, batch_size=BATCH)
    batch.created = len(new)
    batch.save(update_fields=["created"])
    record(
        "history.imported", batch, by=None, now=now, after={"source": source, "created": len(new), "rejected": rejected}
    )
    return batch
