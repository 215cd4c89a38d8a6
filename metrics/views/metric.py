"""How each number is reckoned, and what came in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from metrics.drawings import drawings
from metrics.filters import MetricFilter
from metrics.models import Metric
from metrics.summaries import metric_list, series_of
from portal.common.written import date_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from metrics.models import Measurement
    from portal.accounts.http import PortalRequest

#: Enough to read a company's metrics on one page; the rest is one click further.
STEP = 50


@require_safe
def metrics(request: PortalRequest) -> HttpResponse:
    """Every metric with its formula and what it showed last."""
    asked = MetricFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    found = metric_list(request.user, start=asked.start, size=STEP)
    return render(request, "metrics/metric_list.html", {"found": found, "step": STEP})


@require_safe
def metric_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """One metric: its formula, its course, its measurements."""
    metric = get_object_or_404(Metric.objects.visible_to(request.user).select_related("owner"), pk=pk)
    series = series_of(metric)
    whole = next((one.measurements for one in series if not one.segment), ())
    context = {
        "metric": metric,
        "series": series,
        "latest": whole[-1] if whole else None,
        "drawings": drawings(metric, whole),
        "finding": finding(metric, whole),
    }
    return render(request, "metrics/metric_detail.html", context)


def finding(metric: Metric, whole: Sequence[Measurement]) -> str:
    """What the line says, for who does not see it."""
    if not whole:
        return ""
    return _("%(name)s: from %(first)s on %(since)s to %(last)s on %(until)s") % {
        "name": metric,
        "first": whole[0].shown,
        "since": date_long(whole[0].period_on),
        "last": whole[-1].shown,
        "until": date_long(whole[-1].period_on),
    }
