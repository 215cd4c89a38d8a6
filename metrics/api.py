"""Metrics: how a number is reckoned, and what was counted."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from ninja import Router

from metrics.models import Measurement, Metric
from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, Shown, gives, listed, lists, reply
from portal.common.api_lists import WholeFilter
from portal.common.sorting import Sort, read_day

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

router = Router(tags=["metrics"])


class MeasurementShown(Shown):
    """What was counted up to a day; `value` is the share, not yet scaled. Without a segment it is the whole."""

    id: int
    period_on: date
    segment: str
    numerator: Decimal
    denominator: Decimal
    value: Decimal
    recorded_by: PersonShown
    recorded_at: datetime


class MetricRow(Shown):
    """A metric as a formula."""

    id: int
    name: str
    numerator_label: str
    denominator_label: str
    scale: int
    direction: str
    source: str
    is_restricted: bool
    owner: PersonShown


class MetricShown(MetricRow):
    """A metric with what it showed last."""

    latest: MeasurementShown | None


class MetricFilter(WholeFilter):
    """Metrics by the words of their names."""

    url_name = "api:metrics"
    sorts = {"name": Sort(_("Metric"), "name")}
    default_sort = "name"

    def fits(self, rows: QuerySet[Metric]) -> QuerySet[Metric]:
        for word in self.cleaned_data["q"].split():
            rows = rows.filter(name__icontains=word)
        return rows


class MeasurementFilter(WholeFilter):
    """Measurements of a metric by segment and days, the latest first."""

    url_name = "api:measurements"
    sorts = {"period": Sort(_("Day"), "period_on", read_day, starts_down=True)}
    default_sort = "-period"
    unseen = ("segment", "since", "until")

    segment = forms.CharField(label=_("Segment"), max_length=80, required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)

    def fits(self, rows: QuerySet[Measurement]) -> QuerySet[Measurement]:
        asked = self.cleaned_data
        chosen = {"segment": asked["segment"], "period_on__gte": asked["since"], "period_on__lte": asked["until"]}
        return rows.filter(**{name: value for name, value in chosen.items() if value})


def find_metric(request: ApiRequest, pk: int) -> Metric:
    """What one may not see is not there."""
    found: Metric = get_object_or_404(Metric.objects.visible_to(request.user).select_related("owner"), pk=pk)
    return found


@router.get("/metrics", **lists(_("List metrics"), MetricFilter, MetricRow))
def metrics(request: ApiRequest) -> HttpResponse:
    return listed(request, MetricFilter, Metric.objects.visible_to(request.user).select_related("owner"), MetricRow.of)


@router.get("/metrics/{int:pk}", **gives(_("One metric"), MetricShown))
def metric(request: ApiRequest, pk: int) -> HttpResponse:
    found = find_metric(request, pk)
    last = Measurement.objects.filter(metric=found, segment="").select_related("recorded_by").order_by("-period_on")
    latest = last.first()
    return reply(MetricShown(**dict(MetricRow.of(found)), latest=MeasurementShown.of(latest) if latest else None))


@router.get(
    "/metrics/{int:pk}/measurements", **lists(_("Measurements of a metric"), MeasurementFilter, MeasurementShown)
)
def measurements(request: ApiRequest, pk: int) -> HttpResponse:
    rows = Measurement.objects.filter(metric=find_metric(request, pk)).select_related("recorded_by")
    return listed(request, MeasurementFilter, rows, MeasurementShown.of)
