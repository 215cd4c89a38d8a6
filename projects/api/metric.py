"""The metric by which a project is judged: agreed on before delivery, measured from then on, many figures at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from metrics.api import MeasurementShown, MetricRow
from portal.accounts.endpoints import ApiRequest, Shown, act, bind, bind_rows, gives, reply, takes
from portal.accounts.permissions import require
from projects.actions import pledge as actions
from projects.forms.metric import MeasureForm, PledgeForm
from projects.models import MetricPledge
from projects.permissions import can_run
from projects.views.frame import find_project
from projects.views.metric import pledge_by, pledge_of, pledged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from metrics.models import Measurement
    from projects.models import Project

router = Router(tags=["measurements"])
METRIC = "/projects/{code:pk}/metric"
ROWS = "measurements"


class PledgeShown(Shown):
    """What was agreed on; the target is a share like the baseline, not yet scaled."""

    metric: MetricRow
    baseline_numerator: Decimal
    baseline_denominator: Decimal
    target: Decimal
    locked_at: datetime | None


class MeasuredShown(Shown):
    """What is written down now, in the order in which it was sent."""

    measurements: list[MeasurementShown]


@router.get(METRIC, **gives(_("The metric that a project is judged by"), PledgeShown))
def pledge(request: ApiRequest, pk: int) -> HttpResponse:
    return reply(_pledge(find_project(request, pk)))


def _pledge(project: Project) -> PledgeShown:
    found = get_object_or_404(MetricPledge.objects.select_related("metric__owner"), project=project)
    shown: PledgeShown = PledgeShown.of(found)
    return shown


@router.put(
    METRIC,
    **takes(
        _("Agree on metric, baseline and target; `target` in the unit that the metric is shown in"),
        PledgeForm,
        gives=PledgeShown,
        is_partial=True,
        example={"metric": 3, "baseline_numerator": "84", "baseline_denominator": "10000", "target": "5"},
    ),
)
def pledge_set(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_run(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    form = bind(request, PledgeForm, initial=pledged(pledge_of(project)), reader=request.user)
    return act(request, form, lambda: pledge_by(form, project, request), lambda _agreed: _pledge(project))


@router.post(
    METRIC + "/measurements",
    **takes(
        _("Write down what was counted: all rows or none; the same figures again change nothing"),
        MeasureForm,
        gives=MeasuredShown,
        rows=ROWS,
        example={"period_on": "2026-11-22", "numerator": "68", "denominator": "10000"},
    ),
)
def measure(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    found = get_object_or_404(MetricPledge.objects.select_related("metric__owner", "project__owner"), project=project)
    actions.require_measure(project, request.user)
    rows = [form.cleaned_data for form in bind_rows(request, MeasureForm, ROWS, metric=found.metric)]
    return act(
        request,
        None,
        lambda: actions.measure_all(found, rows, place=ROWS, by=request.user, now=timezone.now()),
        _measured,
    )


def _measured(kept: Sequence[Measurement]) -> MeasuredShown:
    return MeasuredShown(measurements=[MeasurementShown.of(one) for one in kept])
