"""What the pages of metrics show. Read-only; a fixed number of queries whatever the number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.models import Measurement, Metric

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of the list; `latest` is None while nothing was measured."""

    metric: Metric
    latest: Measurement | None


@dataclass(frozen=True, slots=True)
class MetricList:
    """A page of the metrics a reader may see; `shown` counts those of the pages before too."""

    rows: Sequence[MetricRow]
    shown: int
    total: int
    unmeasured: int


@dataclass(frozen=True, slots=True)
class Series:
    """The measurements of one segment in the order of their days; the whole has an empty name."""

    segment: str
    measurements: Sequence[Measurement]

    @property
    def latest_first(self) -> Sequence[Measurement]:
        return self.measurements[::-1]


def metric_list(reader: User, *, start: int, size: int) -> MetricList:
    """Metrics by name, each with what it showed last."""
    metrics = Metric.objects.visible_to(reader).with_latest()
    shown = list(metrics[start : start + size])
    latest = Measurement.objects.select_related("metric").in_bulk([metric.latest_id for metric in shown])
    return MetricList(
        rows=[MetricRow(metric, latest.get(metric.latest_id)) for metric in shown],
        shown=start + len(shown),
        total=metrics.count(),
        unmeasured=metrics.filter(latest_id=None).count(),
    )


#: So many of the latest measurements a page shows: four years of weeks.
LATEST = 208


def series_of(metric: Metric) -> list[Series]:
    """The latest measurements: of the whole first, then of its segments by name; in each by day."""
    latest = metric.measurements.select_related("metric", "recorded_by").order_by("-period_on", "-pk")[:LATEST]
    found: dict[str, list[Measurement]] = {}
    for measurement in sorted(latest, key=lambda one: (one.segment, one.period_on)):
        found.setdefault(measurement.segment, []).append(measurement)
    return [Series(segment, measurements) for segment, measurements in found.items()]
