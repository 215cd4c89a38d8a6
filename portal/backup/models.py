"""Which backups were made: what the health page knows of them."""

from __future__ import annotations

from django.db import models


class Backup(models.Model):
    """One archive that was written whole and read back. Written by `archive.write` only."""

    made_at = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return self.name
