"""A metric is a formula, and a measurement is one pair of numerator and denominator."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from metrics.enums import Direction
from metrics.querysets import MetricQuerySet
from metrics.ratio import ratio
from portal.accounts.names import check_name
from portal.common.constraints import at_most
from portal.common.formats import number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

#: Rates are shown per hundred, thousand, … up to a million occurrences.
MAX_SCALE = 1_000_000
PER_CENT = 100
#: Has a sign of its own in some languages: 8.4‰.
PER_MILLE = 1000


class Metric(models.Model):
    """Numerator over denominator, times a scale: “complaints tagged late / parcels signed for, in 1,000”.

    `name_key` is the name as equality sees it (no case, no width), so that two metrics never carry the same name. A
    restricted one is named apart, or a refused name would tell of it.
    `version` counts the definitions: a pledge names the one it was made by. One that was defined in a restricted project
    is restricted to its owner; the readers of the project read it there.
    """

    name = models.CharField(_("name"), max_length=120, validators=[check_name])
    name_key = models.CharField(max_length=400, editable=False)
    numerator_label = models.CharField(_("numerator"), max_length=120)
    denominator_label = models.CharField(_("denominator"), max_length=120)
    scale = models.PositiveIntegerField(
        _("shown per"), default=PER_CENT, validators=[MinValueValidator(1), MaxValueValidator(MAX_SCALE)]
    )
    direction = models.CharField(_("better"), max_length=4, choices=Direction, default=Direction.DOWN)
    source = models.CharField(_("data source"), max_length=200, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    is_restricted = models.BooleanField(default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = MetricQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["name_key"], condition=Q(is_restricted=False), name="metric_name_once"),
            models.UniqueConstraint(
                fields=["name_key", "owner"], condition=Q(is_restricted=True), name="metric_restricted_name_once"
            ),
            models.CheckConstraint(condition=Q(scale__gte=1, scale__lte=MAX_SCALE), name="metric_scale_in_range"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="metric_direction_known"),
            at_most("name", 120, name="metric_name_length"),
            at_most("name_key", 400, name="metric_name_key_length"),
            at_most("numerator_label", 120, name="metric_numerator_length"),
            at_most("denominator_label", 120, name="metric_denominator_length"),
            at_most("source", 200, name="metric_source_length"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("metrics:detail", args=[self.pk])

    @property
    def unit(self) -> _StrOrPromise:
        """“%” for a scale of 100, nothing for a plain ratio, else “in 1,000”."""
        if self.scale == 1:
            return ""
        if self.scale == PER_MILLE:
            return _("in 1,000")
        return "%" if self.scale == PER_CENT else _("in %(scale)s") % {"scale": number(self.scale)}

    @property
    def in_words(self) -> _StrOrPromise:
        """Behind a formula: “in %”, “in 1,000”, nothing for a plain ratio."""
        return pgettext_lazy("scale", "in %") if self.scale == PER_CENT else self.unit

    def shown(self, value: Decimal | None) -> _StrOrPromise:
        """A ratio of this metric as it is read: “6.8 in 1,000”, “4.37%”."""
        if value is None:
            return _("not known yet")
        figure = number(scaled(value, self.scale))
        if self.scale == PER_CENT:
            return f"{figure}%"
        if self.scale == 1:
            return figure
        if self.scale == PER_MILLE:
            return _("%(figure)s in 1,000") % {"figure": figure}
        return _("%(figure)s in %(scale)s") % {"figure": figure, "scale": number(self.scale)}


class Measurement(models.Model):
    """What was counted on a day (or for the period that ends on it), for one segment; at most one row for each.

    An empty segment is the whole. Written by `actions.measurement` only.
    """

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
            at_most("segment", 80, name="measurement_segment_length"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.period_on}"

    @property
    def value(self) -> Decimal:
        """Numerator over denominator, not yet scaled."""
        return ratio(self.numerator, self.denominator) or Decimal(0)

    @property
    def shown(self) -> _StrOrPromise:
        """The ratio as it is read, in the metric's own scale."""
        return self.metric.shown(self.value)

    @property
    def figure(self) -> Decimal:
        """The ratio in the metric's own scale, for a column that says the scale in its head."""
        return scaled(self.value, self.metric.scale)


def scaled(value: Decimal, scale: int) -> Decimal:
    """Times the scale, to three digits where it has decimals: what a ratio says for the eye."""
    figure = value * scale
    if not figure:
        return Decimal(0)
    return figure.quantize(Decimal(1).scaleb(min(figure.adjusted() - 2, 0)), ROUND_HALF_UP)
