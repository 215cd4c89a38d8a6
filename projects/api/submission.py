"""Submitting and moving a project, what was submitted, and deciding on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from portal.common.errors import StaleObjectError
from portal.common.fields import MoneyFormField
from projects.actions import decision as actions
from projects.actions import stage
from projects.actions.assumptions import OWN
from projects.actions.replacement import is_replaceable, replace_decision
from projects.api.filters import ApprovalFilter, SubmissionFilter
from projects.api.shown import (
    ApprovalShown,
    ProjectRow,
    ProjectShown,
    StepShown,
    SubmissionRow,
    SubmissionShown,
    submission_row,
)
from projects.enums import AssumptionVerdict, StepState
from projects.forms.decision import VERDICT, DecideForm, MoveForm
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Project, Submission
from projects.permissions import can_decide, can_move
from projects.views.frame import find_project
from projects.views.move import transition_named, who_may
from projects.views.submission import form_for

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["submissions"])
#: What an approver thinks of an assumption, by its key: accepted or doubted, and a figure of his own.
VIEWS = {
    f"^{VERDICT}(benefits|costs)-[0-9]+-[a-z_]+$": forms.ChoiceField(
        label=_("Your view"), choices=AssumptionVerdict, required=False
    ),
    f"^{OWN}(benefits|costs)-[0-9]+-[a-z_]+$": MoneyFormField(label=_("Your figure"), required=False),
}
#: What a step is shown with.
OF_STEP = ("approver", "decided_by", "submission__project__owner", "submission__project__product")


@router.post(
    "/projects/{code:pk}/moves/{str:transition}",
    **takes(
        _("Move a project on: submit, withdraw, revise, start, hold, resume, launch, roll_back, close, cancel"),
        MoveForm,
        gives=ProjectShown,
        is_partial=True,
        example={"note": "The supplier is late."},
    ),
)
def project_move(request: ApiRequest, pk: int, transition: str) -> HttpResponse:
    project = find_project(request, pk)
    wanted = Transition.SUBMIT if transition == Transition.SUBMIT else transition_named(transition)
    require(can_move(request.user, project, wanted), who_may(project, wanted))
    form = bind(request, MoveForm, initial={"version": project.version}, asks_reason=wanted in stage.NEEDS_REASON)
    return act(
        request,
        form,
        lambda: stage.move(project, wanted, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda moved: ProjectShown.of(find_project(request, moved.pk)),
    )


@router.get(
    "/projects/{code:pk}/submissions", **lists(_("What was submitted of a project"), SubmissionFilter, SubmissionRow)
)
def submissions(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    rows = Submission.objects.filter(project=project).select_related("submitted_by")
    return listed(
        request, SubmissionFilter, rows.prefetch_related("steps__approver", "steps__decided_by"), submission_row
    )


@router.get("/projects/{code:pk}/submissions/{int:number}", **gives(_("One submission"), SubmissionShown))
def submission(request: ApiRequest, pk: int, number: int) -> HttpResponse:
    project = find_project(request, pk)
    found = get_object_or_404(
        Submission.objects.select_related("submitted_by").prefetch_related("steps__approver", "steps__decided_by"),
        project=project,
        number=number,
    )
    row = dict(submission_row(found))
    return reply(SubmissionShown(**row, content=found.read(), approved=found.read_approved()))


@router.get("/approvals", **lists(_("Pitches that wait for my decision"), ApprovalFilter, ApprovalShown))
def approvals(request: ApiRequest) -> HttpResponse:
    visible = Project.objects.visible_to(request.user)
    rows = ApprovalStep.objects.filter(submission__project__in=visible).select_related(*OF_STEP)
    return listed(request, ApprovalFilter, rows, _approval)


def _approval(step: ApprovalStep) -> ApprovalShown:
    submission = step.submission
    return ApprovalShown(
        **dict(StepShown.of(step)),
        project=ProjectRow.of(submission.project),
        submission=submission.number,
        reply_by=submission.reply_by,
    )


@router.post(
    "/projects/{code:pk}/approvals/{int:step_pk}/decision",
    **takes(
        _("Decide on a pitch, or replace the decision while nobody has decided after it"),
        DecideForm,
        gives=ApprovalShown,
        also=VIEWS,
        example={"decision": "approved", "granted_days": "14", "own-benefits-0-probability": "10%"},
    ),
)
def decide(request: ApiRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    steps = ApprovalStep.objects.select_related(*OF_STEP)
    step = get_object_or_404(steps, submission__project=project, pk=step_pk)
    require(can_decide(request.user, step), _("Only %s decides this step.") % step.approver)
    seen = form_for(step)
    form = bind(request, DecideForm, assumptions=seen.assumptions, initial=seen.initial)

    def deed() -> ApprovalStep:
        decision, version = StepState(form.cleaned_data["decision"]), form.cleaned_data["version"]
        given = form.details() | {"by": request.user, "now": timezone.now()}
        if is_replaceable(step):
            replace_decision(step, decision, version=version, **given)
        elif step.version != version:
            raise StaleObjectError(step)
        else:
            actions.decide(step, decision, **given)
        return steps.get(pk=step.pk)

    return act(request, form, deed, _approval)
