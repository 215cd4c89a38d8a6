"""A metric is a formula, and a measurement is one pair of numerator and denominator."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.enums import Direction
from metrics.ratio import ratio

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Metric(models.Model):
    """Numerator over denominator, times a scale: “complaints tagged late / parcels signed for, in 1,000”.

    `version` counts the definitions: a pledge names the one it was made by.
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    numerator_label = models.CharField(_("numerator"), max_length=120)
    denominator_label = models.CharField(_("denominator"), max_length=120)
    scale = models.PositiveIntegerField(_("shown per"), default=100)
    direction = models.CharField(_("better"), max_length=4, choices=Direction, default=Direction.DOWN)
    source = models.CharField(_("data source"), max_length=200, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(scale__gte=1), name="metric_scale_positive"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="metric_direction_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> _StrOrPromise:
        """“%” for a scale of 100, else “in 1,000”."""
        return "%" if self.scale == 100 else _("in %(scale)s") % {"scale": f"{self.scale:,}"}  # noqa: PLR2004 -- per cent


class Measurement(models.Model):
    """What was counted on a day (or for the period that ends on it), for one segment; at most one row for each."""

    metric = models.ForeignKey(Metric, models.PROTECT, related_name="measurements", verbose_name=_("metric"))
    period_on = models.DateField(_("measured on"))
    segment = models.CharField(_("segment"), max_length=80, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=14, decimal_places=2)
    denominator = models.DecimalField(_("denominator"), max_digits=14, decimal_places=2)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["period_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "segment", "period_on"], name="measurement_once_a_period"),
            models.CheckConstraint(condition=Q(denominator__gt=0), name="measurement_denominator_positive"),
            models.CheckConstraint(condition=Q(numerator__gte=0), name="measurement_numerator_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period_on}"

    @property
    def value(self) -> Decimal:
        """Numerator over denominator, not yet scaled."""
        return ratio(self.numerator, self.denominator) or Decimal(0)
