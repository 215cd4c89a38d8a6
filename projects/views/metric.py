"""The metric a project is judged by: pledged before delivery, locked at its start, measured from then on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from metrics.actions.metric import define_metric
from metrics.drawings import drawings
from metrics.models import Measurement
from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common import formats
from portal.common.components import Figure, Term
from portal.common.http import page
from portal.common.written import date_short
from projects.actions import pledge as actions
from projects.forms.metric import MeasureForm, PledgeForm
from projects.models import MetricPledge
from projects.permissions import can_measure, can_run
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from http import HTTPStatus

    from projects.models import Project

LATEST = 60


@require_http_methods(["GET", "HEAD", "POST"])
def metric(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    pledge = pledge_of(project)
    form = PledgeForm(request.POST or None, initial=pledged(pledge), reader=request.user)

    def deed() -> str:
        pledge_by(form, project, request)
        messages.success(request, _("Agreed: the metric has a baseline and a target."))
        return reverse("projects:metric", args=[project.pk])

    if request.method == "POST":
        require(can_run(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return show(request, project, pledge, status, form=form)


@require_POST
def measure(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    pledge = get_object_or_404(MetricPledge.objects.select_related("metric__owner", "project__owner"), project=project)
    actions.require_measure(project, request.user)
    form = MeasureForm(request.POST, metric=pledge.metric)

    def deed() -> str:
        actions.measure(pledge, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Written down."))
        return reverse("projects:metric", args=[project.pk])

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    return show(request, project, pledge, answer, measure_form=form)


def pledge_of(project: Project) -> MetricPledge | None:
    return MetricPledge.objects.filter(project=project).select_related("metric__owner").first()


def pledge_by(form: PledgeForm, project: Project, request: PortalRequest) -> MetricPledge:
    """Pledge the metric that is chosen, or the one that is defined in the same form."""
    now, values = timezone.now(), form.cleaned_data
    chosen = values["metric"] or define_metric(
        **form.definition(), is_restricted=project.is_restricted, by=request.user, now=now
    )
    return actions.pledge_metric(
        project,
        chosen,
        baseline_numerator=values["baseline_numerator"],
        baseline_denominator=values["baseline_denominator"],
        target=values["target"] / chosen.scale,
        by=request.user,
        now=now,
    )


def pledged(pledge: MetricPledge | None) -> dict[str, Any]:
    """What is pledged so far, as the form shows it."""
    if pledge is None:
        return {}
    return {
        "metric": pledge.metric_id,
        "baseline_numerator": pledge.baseline_numerator,
        "baseline_denominator": pledge.baseline_denominator,
        "target": (pledge.target * pledge.metric.scale).normalize() + Decimal(0),
    }


def show(
    request: PortalRequest,
    project: Project,
    pledge: MetricPledge | None,
    status: HTTPStatus,
    *,
    form: PledgeForm | None = None,
    measure_form: MeasureForm | None = None,
) -> HttpResponse:
    """The page; a form that was refused stands as it was typed."""
    measured = measurements_of(pledge)
    is_owner = can_run(request.user, project)
    today = {"period_on": project.local_day(timezone.now())}
    if measure_form is None and pledge is not None:
        measure_form = MeasureForm(initial=today, metric=pledge.metric)
    context = frame(request, project, "metric", answer_line(pledge, measured)) | {
        "pledge": pledge,
        "form": form or PledgeForm(initial=pledged(pledge), reader=request.user),
        "measure_form": measure_form,
        "may_pledge": is_owner and project.stage in actions.BEFORE_START,
        "may_measure": pledge is not None and can_measure(request.user, project) and may_be_measured(project),
        "measurements": measured[::-1],
        "drawings": drawings(pledge.metric, measured, target=pledge.target, events=launch_of(project))
        if pledge
        else [],
        "figures": figures(pledge, measured) if pledge else [],
    }
    return page(request, "projects/project_metric.html", context, status=status)


def may_be_measured(project: Project) -> bool:
    """Whether figures of the metric belong to the project now, no longer to its baseline."""
    return project.stage in actions.MEASURED and project.started_at is not None


def measurements_of(pledge: MetricPledge | None) -> list[Measurement]:
    """The latest figures of the whole, in the order of their days."""
    if pledge is None:
        return []
    latest = Measurement.objects.filter(metric=pledge.metric_id, segment="").select_related("recorded_by", "metric")
    return list(latest.order_by("-period_on")[:LATEST])[::-1]


def answer_line(pledge: MetricPledge | None, measured: Sequence[Measurement]) -> str:
    """From where to where, and how far it is."""
    if pledge is None:
        return _("No metric is agreed yet. Delivery starts when it has a baseline and a target.")
    names = {
        "metric": pledge.metric.name,
        "baseline": pledge.metric.shown(pledge.baseline),
        "target": pledge.metric.shown(pledge.target),
    }
    if not measured:
        return _("%(metric)s: from %(baseline)s to %(target)s.") % names
    last = measured[-1]
    return _("%(metric)s: %(value)s on %(day)s, from %(baseline)s, target %(target)s.") % (
        names
        | {
            "value": pledge.metric.shown(last.value),
            "day": date_short(last.period_on),
        }
    )


def figures(pledge: MetricPledge, measured: Sequence[Measurement]) -> list[Figure]:
    """Baseline, target and the last figure; each ratio opens."""
    shown, number = pledge.metric.shown, formats.number
    baseline = [
        fraction(
            number(pledge.baseline_numerator), number(pledge.baseline_denominator), str(shown(pledge.baseline)), pledge
        )
    ]
    found = [Figure(_("Baseline"), shown(pledge.baseline), terms=baseline), Figure(_("Target"), shown(pledge.target))]
    if measured:
        last = measured[-1]
        opened = [fraction(number(last.numerator), number(last.denominator), str(shown(last.value)), pledge)]
        found.append(Figure(_("Last measured"), shown(last.value), date_short(last.period_on), opened))
    return found


def fraction(numerator: str, denominator: str, amount: str, pledge: MetricPledge) -> Term:
    words = f"{pledge.metric.numerator_label} ÷ {pledge.metric.denominator_label}"
    return Term(f"{numerator} ÷ {denominator}", amount, words)


def launch_of(project: Project) -> list[tuple[date, str]]:
    """The launch as a mark on the line."""
    return [(project.local_day(project.launched_at), _("launch"))] if project.launched_at else []
