"""Work that cannot wait for the approval: allowed, capped, dated."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from projects.querysets import OfVisibleProjectQuerySet


class EarlyStart(models.Model):
    """A lead lets work begin before the approval. The caps of the policy of that day are copied onto it."""

    project = models.OneToOneField("projects.Project", models.CASCADE, related_name="early_start")
    allowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    allowed_at = models.DateTimeField()
    most_days = models.DecimalField(max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])
    until_on = models.DateField()

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(most_days__gt=0), name="early_start_allows_something"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.most_days} until {self.until_on}"
