"""Work that was done before the portal, as far as it says how estimates fared. It names nobody."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.common.constraints import at_most


class HistoryImport(models.Model):
    """One file that was read: which, when, and how much of it. Written by `actions.history` only."""

    source = models.CharField(max_length=60)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [at_most("source", 60, name="history_import_source_length")]

    def __str__(self) -> str:
        return self.source


class PastEstimate(models.Model):
    """One finished piece of work with its estimate and what it took, in person-days.

    `source` and `key` name it for good, so that a file that is read twice adds nothing.
    """

    batch = models.ForeignKey(HistoryImport, models.PROTECT, related_name="estimates")
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=60, blank=True)
    estimated_days = models.DecimalField(max_digits=14, decimal_places=6)
    actual_days = models.DecimalField(max_digits=14, decimal_places=6)
    started_on = models.DateField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="past_estimate_once_a_source"),
            models.CheckConstraint(
                condition=Q(estimated_days__gt=0, actual_days__gt=0), name="past_estimate_has_figures"
            ),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(finished_on=None) | Q(finished_on__gte=F("started_on")),
                name="past_estimate_ends_after_start",
            ),
            at_most("source", 60, name="past_estimate_source_length"),
            at_most("key", 80, name="past_estimate_key_length"),
            at_most("kind", 60, name="past_estimate_kind_length"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
