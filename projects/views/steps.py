"""The pitch in steps: any order, saved as one goes, each step with what it lacks; the last one lists all of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Tab
from portal.common.forms import PortalForm
from portal.common.http import attempt, is_htmx, leave_to, page
from projects.actions.pitch import content_of, save_pitch, tier_for
from projects.actions.stage import move
from projects.chain import chain_of
from projects.enums import PitchStep, Stage
from projects.forms.steps import StepForm
from projects.lifecycle import Transition, missing_for
from projects.models import MetricPledge
from projects.permissions import can_edit_pitch
from projects.steps import FIELDS, url_of
from projects.summaries import documents_of, left_out_of, open_comments
from projects.tier_words import tier_reasons
from projects.views.case import case_context
from projects.views.change import last_changed_by
from projects.views.frame import find_pitch
from projects.views.less import offered_last
from projects.views.pitch import all_said, announce_submitted, approvers_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from portal.common.errors import Reason
    from projects.models import Project

#: The button that saves a step and leads to the next; what is saved as it is typed comes without it.
GO_ON = "go_on"


#: The steps beside which stands what an approver would have given last time.
OFFERED_AT = frozenset({PitchStep.COSTS, PitchStep.CHECK})


def find_draft(request: PortalRequest, pk: int) -> Project:
    """The project whose pitch the reader writes."""
    project = find_pitch(request, pk)
    require(
        can_edit_pitch(request.user, project), _("Only the owner writes the pitch. The owner is %s.") % project.owner
    )
    return project


def step_named(name: str) -> PitchStep:
    """A step that this page serves: options and lines have pages of their own."""
    if name not in {*FIELDS, PitchStep.CHECK}:
        raise Http404
    return PitchStep(name)


@require_http_methods(["GET", "HEAD", "POST"])
def pitch_step(request: PortalRequest, pk: int, step: str) -> HttpResponse:
    project, asked = find_draft(request, pk), step_named(step)
    if project.stage != Stage.DRAFT:
        return leave_to(request, project)
    if asked in FIELDS:
        return write(request, project, asked)
    return check(request, project)


def write(request: PortalRequest, project: Project, step: PitchStep) -> HttpResponse:
    """A step of values: saved one by one as they are typed, or all at once by its button."""
    form = StepForm(request.POST or None, project=project, step=step)
    status = None
    if request.method == "POST":
        status = save_understood(request, project, form)
        if status is None and (GO_ON in request.POST or not is_htmx(request)):
            return leave_to(request, url_of(project, following(step)))
        project = find_pitch(request, project.pk)
    context = writing(request, project, step, form)
    if not is_htmx(request):
        return render(request, f"projects/step_{step}.html", context, status=status)
    template = "projects/_step_form.html" if form.conflict else "projects/_step_live.html"
    response = render(request, template, context, status=status)
    if form.conflict:
        response["HX-Retarget"], response["HX-Reswap"] = "#pitch", "outerHTML"
    return response


def save_understood(request: PortalRequest, project: Project, form: StepForm) -> HTTPStatus | None:
    """Save what was changed and understood; 422 if something was not, which then stays as it was saved last."""

    def deed() -> None:
        if values := form.understood():
            save_pitch(project, values, version=form.cleaned_data["version"], by=request.user, now=timezone.now())

    status = attempt(form, deed, saved_by=last_changed_by)
    return status or (HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else None)


def following(step: PitchStep) -> PitchStep:
    steps = list(PitchStep)
    return steps[min(steps.index(step) + 1, len(steps) - 1)]


def writing(request: PortalRequest, project: Project, step: PitchStep, form: StepForm) -> dict[str, Any]:
    """The context of a step of values."""
    context = around(request, project, step)
    seen = StepForm(project=project, step=step)
    said = all_said(project, form, seen.initial, context["content"])
    return context | {
        "form": form,
        "seen": seen,
        "said": said,
        "wide": ("title", "problem", "screening_note"),
        "saved_today": timezone.localdate(project.updated_at) == timezone.localdate(),
        "left_out": left_out_of(project, request.user) if step == PitchStep.PRODUCT else [],
        "pledge": MetricPledge.objects.filter(project=project).select_related("metric").first(),
    }


def around(request: PortalRequest, project: Project, step: PitchStep) -> dict[str, Any]:
    """What every step shows: the steps with what each lacks, the number, the tier and why."""
    content = content_of(project)
    missing = missing_for(project, Transition.SUBMIT, by=request.user, now=timezone.now())
    return {
        "place": "projects",
        "project": project,
        "step": step,
        "next_url": url_of(project, following(step)),
        "steps": tabs(project, step, missing),
        "missing": missing,
        "documents": documents_of(project),
        "open_comments": open_comments(project, "" if step == PitchStep.CHECK else step),
        "tier_why": tier_reasons(tier_for(content)),
        "offered": offered_last(project) if step in OFFERED_AT else [],
        **case_context(content),
    }


def tabs(project: Project, current: PitchStep, missing: Sequence[Reason]) -> list[Tab]:
    """The steps, each with how much it lacks."""
    found = []
    for step in PitchStep:
        url = url_of(project, step)
        count = len(missing) if step == PitchStep.CHECK else sum(reason.url.startswith(url) for reason in missing)
        words = ngettext("%(count)s missing", "%(count)s missing", count) % {"count": count} if count else "✓"
        found.append(Tab(step.label, url, is_current=step == current, count=words))
    return found


def check(request: PortalRequest, project: Project) -> HttpResponse:
    """Exactly what is missing, with links; once nothing is, the way to the approvers."""
    form = PortalForm(request.POST or None)

    def deed() -> str:
        move(project, Transition.SUBMIT, by=request.user, now=timezone.now(), version=project.version)
        announce_submitted(request, project)
        return project.get_absolute_url()

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    chain = chain_of(project)
    approvers = [one.person for one in chain]
    context = around(request, project, PitchStep.CHECK) | {
        "form": form,
        "approvers": approvers,
        "chain": chain,
        "approver_count": approvers_words(len(approvers)),
    }
    return page(request, "projects/step_check.html", context, status=status)


def press(
    request: PortalRequest, project: Project, step: PitchStep, deed: Callable[[], object], part: dict[str, Any]
) -> HttpResponse:
    """A button without a form: nothing is typed, so the pitch as it is now is what it acts on."""
    form = PortalForm(request.POST)
    status = attempt(form, deed)
    if status is None:
        return leave_to(request, url_of(project, step))
    context = around(request, project, step) | part | {"refused": form}
    return page(
        request, f"projects/step_{'options' if step == PitchStep.OPTIONS else 'lines'}.html", context, status=status
    )
