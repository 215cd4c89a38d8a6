"""What waits for a decision, the decision itself, and the frozen pitches it is made on."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.forms import PortalForm
from portal.common.http import attempt, is_htmx, leave_to, page
from portal.common.written import date_short
from projects.actions import decision as actions
from projects.actions import grants, handover
from projects.actions import submission as submitting
from projects.actions.assumptions import OWN
from projects.actions.less import not_for_less
from projects.actions.pitch import tier_for
from projects.actions.replacement import is_replaceable, replace_decision
from projects.assumptions import assumptions_of
from projects.business_inputs import preferred
from projects.case_words import words_of
from projects.enums import YES, Stage, StepState, SubmissionState
from projects.forms.decision import VERDICT, DecideForm, TakeStepForm
from projects.models import ApprovalStep, Change, Project, StageChange, Submission
from projects.outlook_words import outlook_words
from projects.permissions import can_decide, can_take_step, is_owner, is_waiting_for
from projects.querysets import to_take_over, waits_for
from projects.tier_words import tier_reasons
from projects.views.assumed import assumption_rows, band_of, figures_of, own_case, thought
from projects.views.case import case_context
from projects.views.change import difference
from projects.views.difference import differences_from_last
from projects.views.frame import find_project, frame, void_words
from projects.views.less import rows_between
from projects.views.weighing import weighing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.business_inputs import Content

#: So many decisions of his own an approver sees at once.
LATEST = 50
DONE: Mapping[StepState, _StrOrPromise] = {
    StepState.APPROVED: gettext_lazy("Approved."),
    StepState.ASKED_BACK: gettext_lazy("Asked back; the owner reads your reason."),
    StepState.DEFERRED: gettext_lazy("Put off until the day you named."),
    StepState.DECLINED: gettext_lazy("Declined; the owner reads your reason."),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One approver's step, in words and with its mark."""

    approver: User
    words: str
    #: Why it is he, or what he demanded with his yes.
    note: _StrOrPromise
    mark_icon: str
    mark_classes: str
    #: What he thought of the assumptions.
    thought: str = ""


@require_safe
def approvals(request: PortalRequest) -> HttpResponse:
    related = (
        "approver",
        "decided_by",
        "submission__project__owner",
        "submission__project__product",
        "submission__project__site",
    )
    seen = ApprovalStep.objects.filter(submission__project__in=Project.objects.visible_to(request.user)).select_related(
        *related
    )
    mine = seen.filter(Q(approver=request.user) | Q(decided_by=request.user))
    waiting = list(seen.filter(waits_for(request.user)).order_by("submission__reply_by", "pk"))
    decided = mine.exclude(state__in=[StepState.PENDING, StepState.WAITING, StepState.VOID])
    context = {
        "heading": waiting_words(len(waiting)),
        "waiting": [(step, words_of(step.read())) for step in waiting],
        "to_take": list(seen.filter(to_take_over(request.user)).order_by("submission__reply_by", "pk")[:LATEST]),
        "decided": list(decided.order_by("-decided_at", "-pk")[:LATEST]),
    }
    return page(request, "projects/approval_list.html", context)


def waiting_words(count: int) -> str:
    if not count:
        return _("No pitch waits for your decision")
    return ngettext("%(count)s pitch waits for your decision", "%(count)s pitches wait for your decision", count) % {
        "count": count
    }


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: PortalRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    step = get_object_or_404(
        ApprovalStep.objects.select_related("submission__project__owner", "approver"),
        submission__project=project,
        pk=step_pk,
    )
    form = form_for(step, request.POST or None)

    def deed() -> str:
        decision = StepState(form.cleaned_data["decision"])
        given = form.details() | {"by": request.user, "now": timezone.now()}
        if is_replaceable(step):
            # Without a version it comes from a page of before there was an answer.
            replace_decision(step, decision, version=form.cleaned_data["version"] or 0, **given)
        else:
            actions.decide(step, decision, **given)
        messages.success(request, DONE[decision])
        return reverse("projects:approvals")

    if request.method == "POST":
        require(
            can_decide(request.user, step),
            _("Only %s decides this step, and nobody decides on a pitch of his own.") % step.approver,
        )
        if "reckon" in request.POST:
            return reckoned(request, project, step, form)
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return page(request, "projects/decide.html", deciding(request, project, step, form), status=status)


def form_for(step: ApprovalStep, data: Any = None) -> DecideForm:
    """The form of a decision, filled with what is asked for; for one that may be replaced, with what was answered."""
    content = step.read()
    initial = asked_for(content)
    if is_replaceable(step):
        initial |= {name: getattr(step, name) for name in ("reason", "conditions", "conditions_by", "version")}
        for one in step.answers.all():
            initial |= {VERDICT + one.key: one.verdict, OWN + one.key: one.own}
    return DecideForm(data, assumptions=assumptions_of(preferred(content)), initial=initial)


def reckoned(request: PortalRequest, project: Project, step: ApprovalStep, form: DecideForm) -> HttpResponse:
    """What comes out by the approver's figures; nothing is decided by it. Figures that cannot be read say so (422)."""
    status = HTTPStatus.OK if form.only_figures() else HTTPStatus.UNPROCESSABLE_ENTITY
    if not is_htmx(request):
        return page(request, "projects/decide.html", deciding(request, project, step, form), status=status)
    words = words_of(step.read())
    outlook, yours = outlook_words(words), own_case(words, form.figures())
    context = {
        "step": step,
        "may": True,
        "weighed": assumption_rows(step, words, form),
        "yours": yours,
        "outlook": outlook,
        "band": band_of(outlook, yours),
    }
    return page(request, "projects/_decide_live.html", context, status=status)


@require_POST
def ask_again(request: PortalRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    steps = ApprovalStep.objects.select_related("submission__project__owner", "approver")
    step = get_object_or_404(steps, submission__project=project, pk=step_pk)
    require(is_owner(request.user, project), _("Only the owner of the pitch asks again."))
    form = PortalForm(request.POST)
    status = attempt(form, lambda: submitting.ask_again(step, by=request.user, now=timezone.now()))
    if status is None:
        messages.success(request, _("%s is asked again, privately.") % step.approver)
        return leave_to(request, step)
    context = deciding(request, project, step, form_for(step)) | {"refused": form}
    return page(request, "projects/decide.html", context, status=status)


@require_POST
def take_step(request: PortalRequest, pk: int, step_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    steps = ApprovalStep.objects.select_related("submission__project__owner", "approver")
    step = get_object_or_404(steps, submission__project=project, pk=step_pk)
    form = TakeStepForm(request.POST)

    def deed() -> ApprovalStep:
        taken = handover.take_step(step, by=request.user, now=timezone.now(), reason=form.cleaned_data["why"])
        messages.success(request, _("The step is yours now."))
        return taken

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    context = deciding(request, project, step, form_for(step)) | {"take_form": form}
    return page(request, "projects/decide.html", context, status=answer)


def asked_for(content: Content) -> dict[str, Any]:
    """What is asked for, ready to be granted."""
    days, money = grants.resources_in(content)
    return {"granted_days": days, "granted_amount": money or None}


def deciding(request: PortalRequest, project: Project, step: ApprovalStep, form: DecideForm) -> dict[str, Any]:
    """The screen of a decision: everything stands in the frozen pitch, but for what its owner owes today."""
    content = step.read()
    days, money = grants.resources_in(content)
    case = case_context(content)
    words = case["words"]
    replaces = can_decide(request.user, step) and is_replaceable(step)
    may = is_waiting_for(request.user, step) or replaces
    yours = own_case(words, form.figures() if may and form.is_bound else figures_of(step))
    return {
        "place": "decisions",
        "project": project,
        "step": step,
        "submission": step.submission,
        "form": form,
        "may": may,
        "replaces": replaces,
        "weighed": assumption_rows(step, words, form if may else None),
        "yours": yours,
        "band": band_of(case["outlook"], yours),
        "stands_in": step.approver_id != request.user.pk,
        "closed_words": closed_words(request.user, step),
        "days": days,
        "money": money,
        "tier_why": tier_reasons(tier_for(content)),
        "steps": [turn(one, request.user) for one in steps_of(step.submission)],
        "is_last": actions.is_last(step),
        "may_less": may and not replaces and not not_for_less(step),
        "may_take": can_take_step(request.user, step) and not handover.not_taken(step, now=timezone.now()),
        "take_form": TakeStepForm(),
        "may_ask_again": is_owner(request.user, project) and not submitting.not_again(step, now=timezone.now()),
        "differs": differences_from_last(step.submission, content),
        **case,
        **weighing(step.submission, words, request.user, project.local_day(timezone.now())),
    }


def steps_of(submission: Submission) -> QuerySet[ApprovalStep]:
    """The chain with what each thought of the assumptions. Two queries."""
    return submission.steps.select_related("approver", "decided_by", "taken_from").prefetch_related("answers")


def turn(step: ApprovalStep, reader: User) -> Turn:
    """An approver in the chain: decided, deciding, or still to come."""
    who = _("you") if step.approver_id == reader.pk else ""
    why = step.get_why_display()
    if step.taken_from is not None:
        why = _("took over from %(person)s") % {"person": step.taken_from}
    if step.state == StepState.PENDING:
        words = who or str(step.get_state_display())
        return Turn(step.approver, words, why, "arrow-right-circle-fill", "fs-plum")
    if step.decided_at is None:
        return Turn(step.approver, str(step.get_state_display()), why, "circle", "fs-mute")
    words = _("%(state)s, %(day)s") % {"state": step.get_state_display(), "day": date_short(step.decided_at)}
    if step.decided_by_id != step.approver_id:
        words = _("%(words)s, by %(person)s for %(approver)s") % {
            "words": words,
            "person": step.decided_by,
            "approver": step.approver,
        }
    return Turn(
        step.approver,
        words,
        step.conditions or why,
        "check-circle-fill" if step.state in YES else "dash-circle",
        "fs-green" if step.state in YES else "fs-mute",
        thought(step),
    )


def closed_words(reader: User, step: ApprovalStep) -> str:
    """Why the reader cannot decide: somebody else does, it is his own pitch, or it is decided."""
    if step.decided_at is not None:
        words = _("%(approver)s decided on %(day)s: %(state)s.") % {
            "approver": step.approver,
            "day": date_short(step.decided_at),
            "state": step.get_state_display(),
        }
        return f"{words} {step.reason}".strip()
    if step.state == StepState.VOID:
        return _("This step is not needed any more: the submission is “%(state)s”.") % {
            "state": step.submission.get_state_display()
        }
    if step.submission.project.owner_id == reader.pk:
        return _("Nobody decides on a pitch of his own. %(approver)s decides.") % {"approver": step.approver}
    return _("%(approver)s decides this step; you may read it.") % {"approver": step.approver}


@require_safe
def submission(request: PortalRequest, pk: int, number: int) -> HttpResponse:
    project = find_project(request, pk)
    found = get_object_or_404(Submission.objects.select_related("submitted_by"), project=project, number=number)
    content = found.read()
    context = (
        frame(request, project, "decisions", words_of(content).decision)
        | case_context(content)
        | {
            "submission": found,
            "steps": [(one, thought(one)) for one in steps_of(found)],
            "differs": differences_from_last(found, content),
            "less": rows_between(content, found.read_approved()) if found.less else [],
        }
    )
    return page(request, "projects/submission_detail.html", context)


@require_safe
def decisions(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    submissions = list(
        Submission.objects.filter(project=project).order_by("-number").prefetch_related("steps__approver")
    )
    reasons = StageChange.objects.filter(project=project).exclude(note="").select_related("actor").order_by("-pk")
    context = frame(request, project, "decisions", standing(project, submissions)) | {
        "submissions": submissions,
        "reasons": list(reasons),
        "differences": [difference(row) for row in Change.objects.filter(project=project).select_related("made_by")],
    }
    return page(request, "projects/decision_list.html", context)


def standing(project: Project, submissions: Sequence[Submission]) -> str:
    """How the last submission stands."""
    if not submissions:
        return _("Nothing was submitted yet.")
    last = submissions[0]
    waiting = next((step for step in last.steps.all() if step.state == StepState.PENDING), None)
    if waiting is not None:
        return _("Submission %(number)s waits for %(approver)s, until %(day)s.") % {
            "number": last.number,
            "approver": waiting.approver,
            "day": date_short(last.reply_by),
        }
    if last.less and last.state == SubmissionState.PENDING:
        return _("Submission %(number)s is approved for less: %(owner)s accepts, or revises.") % {
            "number": last.number,
            "owner": project.owner,
        }
    if last.state == SubmissionState.VOID:
        return void_words(project)
    if project.stage == Stage.DRAFT:
        return _("Submission %(number)s came back: the pitch is a draft again.") % {"number": last.number}
    return _("Submission %(number)s: %(state)s.") % {"number": last.number, "state": last.get_state_display()}
