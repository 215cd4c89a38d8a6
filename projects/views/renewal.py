"""What was approved beside what is being done now, and the way to a new approval where they have come apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.components import Difference
from portal.common.forms import PortalForm
from portal.common.http import page
from portal.common.written import date_short, money, semicolon
from projects.actions.renewal import approvers_anew, submit_anew, terms_of, terms_today, tolerance, withdraw_renewal
from projects.enums import AGREED, ChangeKind, StepState, SubmissionState
from projects.forms.decision import RenewForm
from projects.materiality import Ground, moved_beyond
from projects.models import ApprovalStep, Submission
from projects.permissions import is_owner
from projects.views.change import last_changed_by
from projects.views.frame import find_project, frame, void_words
from projects.views.less import offered_last

if TYPE_CHECKING:
    from collections.abc import Collection

    from projects.materiality import Terms
    from projects.models import Project


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    form = RenewForm(request.POST or None, initial={"version": project.version})

    if request.method == "POST" and "withdraw" in request.POST:
        return withdraw(request, project)

    def deed() -> str:
        submit_anew(project, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Submitted anew; the work goes on meanwhile."))
        return project.get_absolute_url()

    if request.method == "POST":
        require(is_owner(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    status = post_once(request, form, deed, saved_by=last_changed_by)
    if isinstance(status, HttpResponse):
        return status
    return page(request, "projects/project_renew.html", renewing(request, project, form), status=status)


def withdraw(request: PortalRequest, project: Project) -> HttpResponse:
    """What waits for a new approval is taken back; the way to another one is the same page."""
    require(is_owner(request.user, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    form = PortalForm(request.POST)

    def deed() -> str:
        withdraw_renewal(project, by=request.user, now=timezone.now())
        messages.success(request, _("Taken back: the approval is void until a new one is given; the work goes on."))
        return reverse("projects:renew", args=[project.pk])

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    context = renewing(request, project, RenewForm(initial={"version": project.version})) | {"refused": form}
    return page(request, "projects/project_renew.html", context, status=answer)


def renewing(request: PortalRequest, project: Project, form: RenewForm) -> dict[str, Any]:
    approved = Submission.objects.filter(project=project, state__in=AGREED).order_by("-number").first()
    asked = pending(project)
    is_void = project.approval_void_at is not None and project.is_in_motion
    return frame(request, project, "decisions", standing(project, approved, asked, is_void=is_void)) | {
        "form": form,
        "approved": approved,
        "asked": asked,
        "differences": [] if approved is None else moves(project, approved),
        "may": is_void and asked is None and is_owner(request.user, project),
        "may_withdraw": is_void and asked is not None and is_owner(request.user, project),
        "is_offered": asked is not None and asked.state == StepState.FOR_LESS,
        "approvers": approvers_anew(project) if is_void and asked is None else [],
        "offered": offered_last(project) if is_void else [],
    }


def pending(project: Project) -> ApprovalStep | None:
    """The step that a new approval waits for: its approver's answer, or the owner's where less is offered."""
    steps = ApprovalStep.objects.filter(submission__project=project, submission__state=SubmissionState.PENDING)
    open_ones = steps.filter(Q(state=StepState.PENDING) | Q(state=StepState.FOR_LESS))
    return open_ones.select_related("submission", "approver").order_by("-position").first()


def standing(project: Project, approved: Submission | None, asked: ApprovalStep | None, *, is_void: bool) -> str:
    """Whether the approval stands, and if not, whose turn it is."""
    if approved is None:
        return _("Nothing is approved yet.")
    if not is_void:
        return _("The approval stands.")
    if asked is not None and asked.state == StepState.FOR_LESS:
        return _("The approval is void; %(approver)s approves anew for less, and %(owner)s accepts or revises.") % {
            "approver": asked.approver,
            "owner": project.owner,
        }
    if asked is not None:
        return _("The approval is void; a new one waits for %(approver)s, until %(day)s.") % {
            "approver": asked.approver,
            "day": date_short(asked.submission.reply_by),
        }
    return void_words(project)


def moves(project: Project, approved: Submission) -> list[Difference]:
    """Day, money and scope as they were approved and as they are now, with what the approval bears."""
    approved.project = project
    before, today = terms_of(approved), terms_today(project)
    beyond = moved_beyond(before, today, tolerance(), project.site.calendar())
    rows = [
        (Ground.DATE, date_short(before.launch_on), date_short(today.launch_on), before.launch_on != today.launch_on),
        (Ground.BUDGET, money(before.budget), money(today.budget), before.budget != today.budget),
        (Ground.SCOPE, "", semicolon().join(new_scope(before, today)), before.scope != today.scope),
    ]
    return [
        Difference(ChangeKind(ground).label, old, new, borne(ground, beyond))
        for ground, old, new, has_moved in rows
        if has_moved
    ]


def new_scope(before: Terms, today: Terms) -> tuple[str, ...]:
    """Only what came since the approval: changes of scope are never taken back, they are added to."""
    return today.scope[len(before.scope) :]


def borne(ground: Ground, beyond: Collection[Ground]) -> str:
    """Whether the approval bears the move."""
    return _("beyond what the approval bears") if ground in beyond else _("within what the approval bears")
