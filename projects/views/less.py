"""Approving for less: the last approver writes what he would give, the owner answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import attempt, page
from projects.actions import less as actions
from projects.actions.decision import is_last
from projects.actions.submission import is_renewal
from projects.case_words import words_of
from projects.content_difference import moves_between
from projects.difference_words import row_of
from projects.enums import AGREED, StepState, SubmissionState
from projects.forms.less import AnswerLessForm, LessForm
from projects.models import ApprovalStep, Submission
from projects.permissions import can_decide, is_owner
from projects.views.frame import find_project, frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.common.components import Difference
    from projects.models import Project


def find_step(project: Project, pk: int) -> ApprovalStep:
    steps = ApprovalStep.objects.select_related("submission__project__owner", "approver", "decided_by")
    return get_object_or_404(steps, submission__project=project, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def for_less(request: PortalRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    step = find_step(project, step_pk)
    require(
        can_decide(request.user, step),
        _("Only %s decides this step, and nobody decides on a pitch of his own.") % step.approver,
    )
    content = step.submission.read()
    form = LessForm(request.POST or None, content=content)
    found: list[dict[str, Any]] = []

    def deed() -> str:
        reason = form.cleaned_data["reason"]
        given = {"reason": reason, "answers": form.answers(), "by": request.user, "now": timezone.now()}
        actions.approve_for_less(step, **form.offer(), **given)
        messages.success(request, _("Approved for less; %s accepts it, or revises the pitch.") % project.owner)
        return reverse("projects:approvals")

    status = None
    if request.method == "POST" and "reckon" in request.POST:
        status = attempt(form, lambda: found.append(actions.offered(content, **form.offer())))
    elif request.method == "POST":
        answer = post_once(request, form, deed)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    context = frame(request, project, "decisions", words_of(content).decision) | {
        "step": step,
        "form": form,
        "closed": actions.not_for_less(step),
        "is_last": is_last(step),
        "rows": rows_between(content, found[0]) if found else [],
    }
    return page(request, "projects/for_less.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_less(request: PortalRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    step = find_step(project, step_pk)
    form = AnswerLessForm(request.POST or None)

    def deed() -> str:
        if form.cleaned_data["answer"] == "accept":
            actions.accept_less(step, by=request.user, now=timezone.now())
            messages.success(request, accepted_words(step))
            return project.get_absolute_url()
        actions.revise_less(step, by=request.user, now=timezone.now())
        if is_renewal(step.submission):
            messages.success(request, _("The approval stays void; what was offered stands beside it."))
            return reverse("projects:renew", args=[project.pk])
        messages.success(request, _("The pitch is a draft again; what was offered stands beside it."))
        return reverse("projects:pitch", args=[project.pk])

    if request.method == "POST":
        require(is_owner(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    submission = step.submission
    context = frame(request, project, "decisions", standing(step)) | {
        "step": step,
        "form": form,
        "may": actions.is_offered(step) and is_owner(request.user, project),
        "is_renewal": is_renewal(submission),
        "rows": rows_between(submission.read(), submission.read_approved()),
    }
    return page(request, "projects/answer_less.html", context, status=status)


def accepted_words(step: ApprovalStep) -> str:
    """What accepting brought: approval, or the next approver's turn."""
    asked = step.submission.steps.filter(state=StepState.PENDING).select_related("approver").first()
    if asked is None:
        return _("Accepted: the project is approved for less.")
    return _("Accepted: %(approver)s decides on what is left.") % {"approver": asked.approver}


def standing(step: ApprovalStep) -> str:
    """What was offered by whom, and what became of it."""
    said = {"approver": step.approver, "owner": step.submission.project.owner}
    if not step.submission.less:
        return _("Nothing less was offered.")
    if actions.is_offered(step):
        return _("%(approver)s approves it for less. %(owner)s accepts, or revises the pitch.") % said
    if step.submission.state in AGREED:
        return _("%(approver)s approved it for less, and %(owner)s accepted.") % said
    if step.submission.less_accepted_at is not None:
        return _("%(approver)s approved it for less, and %(owner)s accepted; the submission is “%(state)s”.") % {
            **said,
            "state": step.submission.get_state_display(),
        }
    return _("%(approver)s approved it for less, and %(owner)s did not take it.") % said


def rows_between(content: Mapping[str, Any], less: Mapping[str, Any]) -> list[Difference]:
    """What is asked for beside what is given, and the figures that follow."""
    words = words_of(less)
    return [row_of(move, words) for move in moves_between(dict(content), dict(less))]


def offered_last(project: Project) -> list[Difference]:
    """What an approver would have given for the last submission, for the draft that was made of it again."""
    last = Submission.objects.filter(project=project).order_by("-number").first()
    if last is None or not last.less or last.state != SubmissionState.ASKED_BACK:
        return []
    return rows_between(last.read(), last.read_approved())
