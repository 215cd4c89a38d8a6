"""What else becomes of an approval: what rests on which figures, less, asked again, taken over, given anew, begun early."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, reply, takes
from portal.accounts.permissions import require
from portal.common.fields import MoneyFormField, PercentFormField
from projects.actions import handover
from projects.actions import less as actions
from projects.actions.assumptions import OWN
from projects.actions.early_start import allow_early_start
from projects.actions.renewal import submit_anew, withdraw_renewal
from projects.actions.submission import ask_again
from projects.api.shown import (
    AssumptionShown,
    EarlyStartShown,
    ProjectShown,
    StepAskedShown,
    StepShown,
    SubmissionRow,
    submission_row,
)
from projects.forms.decision import VERDICT, RenewForm, TakeStepForm
from projects.forms.less import AnswerLessForm, LessForm
from projects.models import Submission
from projects.permissions import can_allow_early_start, can_decide, is_owner
from projects.views.frame import find_project
from projects.views.less import find_step
from projects.views.submission import form_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from projects.models import Project

router = Router(tags=["submissions"])
STEP = "/projects/{code:pk}/approvals/{int:step_pk}"
#: A cap for each cost line of the option asked for, by its place; what rests on judgement alone is accepted or replaced.
CAPS: Final = {
    "^cap_[0-9]+$": MoneyFormField(label=_("Granted"), required=False),
    f"^{VERDICT}[a-z_]+-benefits-[0-9]+-probability$": forms.BooleanField(label=_("Accepted"), required=False),
    f"^{OWN}[a-z_]+-benefits-[0-9]+-probability$": PercentFormField(label=_("Your figure"), required=False),
}


def only_owner(project: Project) -> Any:
    """The words of a refusal: who may."""
    return _("Only the owner can do this. The owner is %s.") % project.owner


@router.get(STEP, **gives(_("One approver's turn, with the assumptions that he answers by their key"), StepAskedShown))
def approval(request: ApiRequest, pk: int, step_pk: int) -> HttpResponse:
    step = find_step(find_project(request, pk), step_pk)
    asked = [AssumptionShown(key=one.key, value=one.value) for one in form_for(step).assumptions]
    return reply(StepAskedShown(**dict(StepShown.of(step)), submission=step.submission.number, assumptions=asked))


@router.post(
    STEP + "/less",
    **takes(
        _("Offer less: another option, or lines with a cap"),
        LessForm,
        gives=StepShown,
        is_partial=True,
        also=CAPS,
        example={"reason": "One hub first.", "cap_1": "8"},
    ),
)
def approve_less(request: ApiRequest, pk: int, step_pk: int) -> HttpResponse:
    step = find_step(find_project(request, pk), step_pk)
    words = _("Only %s decides this step, and nobody decides on a pitch of his own.") % step.approver
    require(can_decide(request.user, step), words)
    form = bind(request, LessForm, content=step.submission.read())

    def deed() -> object:
        given = {"reason": form.cleaned_data["reason"], "answers": form.answers()}
        return actions.approve_for_less(step, **form.offer(), **given, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _offered: _step(request, pk, step_pk))


@router.post(
    STEP + "/less/answer",
    **takes(_("Accept less, or revise the pitch"), AnswerLessForm, gives=ProjectShown, example={"answer": "accept"}),
)
def answer_less(request: ApiRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    step = find_step(project, step_pk)
    require(is_owner(request.user, project), only_owner(project))
    form = bind(request, AnswerLessForm)

    def deed() -> Project:
        answer = actions.accept_less if form.cleaned_data["answer"] == "accept" else actions.revise_less
        return answer(step, by=request.user, now=timezone.now())

    return act(request, form, deed, lambda _answered: ProjectShown.of(find_project(request, pk)))


@router.post(STEP + "/asked-again", **takes(_("Ask the approver again, privately"), None, gives=StepShown))
def approval_ask_again(request: ApiRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    step = find_step(project, step_pk)
    require(is_owner(request.user, project), _("Only the owner of the pitch asks again."))
    return act(
        request,
        None,
        lambda: ask_again(step, by=request.user, now=timezone.now()),
        lambda _asked: _step(request, pk, step_pk),
    )


@router.post(
    STEP + "/taken",
    **takes(_("Decide in the place of the approver"), TakeStepForm, gives=StepShown, example={"why": "He left us."}),
)
def approval_take(request: ApiRequest, pk: int, step_pk: int) -> HttpResponse:
    step = find_step(find_project(request, pk), step_pk)
    form = bind(request, TakeStepForm)
    return act(
        request,
        form,
        lambda: handover.take_step(step, by=request.user, now=timezone.now(), reason=form.cleaned_data["why"]),
        lambda taken: _step(request, pk, taken.pk),
    )


def _step(request: ApiRequest, pk: int, step_pk: int) -> StepShown:
    shown: StepShown = StepShown.of(find_step(find_project(request, pk), step_pk))
    return shown


# ── while it runs, and before ───────────────────────────────────────────


@router.post(
    "/projects/{code:pk}/renewal",
    **takes(
        _("Submit the changed project anew, where the approval is void"),
        RenewForm,
        gives=SubmissionRow,
        status=201,
        example={"reason": "The supplier is late; the benefit stays."},
    ),
)
def renewal(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(is_owner(request.user, project), only_owner(project))
    form = bind(request, RenewForm)
    return act(
        request,
        form,
        lambda: submit_anew(project, **form.cleaned_data, by=request.user, now=timezone.now()),
        _submission,
        status=201,
    )


@router.delete(
    "/projects/{code:pk}/renewal", **takes(_("Take back what was submitted anew"), None, gives=SubmissionRow)
)
def renewal_withdraw(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(is_owner(request.user, project), only_owner(project))
    return act(request, None, lambda: withdraw_renewal(project, by=request.user, now=timezone.now()), _submission)


def _submission(made: Submission) -> SubmissionRow:
    rows = Submission.objects.select_related("submitted_by").prefetch_related("steps__approver", "steps__decided_by")
    return submission_row(rows.get(pk=made.pk))


@router.post(
    "/projects/{code:pk}/early-start", **takes(_("Let work begin before the approval"), None, gives=EarlyStartShown)
)
def early_start(request: ApiRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    words = _("An early start is allowed by the manager of the owner, who is a lead.")
    require(can_allow_early_start(request.user, project), words)
    return act(
        request,
        None,
        lambda: allow_early_start(project, by=request.user, now=timezone.now()),
        EarlyStartShown.of,
    )
