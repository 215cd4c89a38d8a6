"""What a company decided otherwise than the defaults."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.common.constraints import at_most


class PolicyValue(models.Model):
    """One setting that was changed; a key without a row has its default. Written by `store.change` only."""

    key = models.CharField(max_length=80, unique=True)
    value = models.JSONField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["key"]
        constraints = [at_most("key", 80, name="policy_key_length")]

    def __str__(self) -> str:
        return self.key
