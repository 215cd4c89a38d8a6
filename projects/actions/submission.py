"""Freezing a pitch for its approvers, and asking them one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Delegation
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError
from portal.notifications.actions import announce, owe, settle
from portal.policy.store import value
from projects import policy
from projects.actions.pitch import content_of, reckon_anew
from projects.actions.project import lock
from projects.business_inputs import canonical, digest_of, document_content
from projects.chain import chain_of
from projects.enums import StepState, SubmissionState
from projects.models import ApprovalStep, Submission
from projects.permissions import is_owner
from projects.summaries import documents_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.business_inputs import Content
    from projects.chain import Approver
    from projects.lifecycle import Passage
    from projects.models import Project


def approvers_of(project: Project) -> list[User]:
    """Who decides, in order."""
    return [one.person for one in chain_of(project)]


def freeze(passage: Passage) -> None:
    """Consequence of submitting: the content frozen with its hash, the steps, the first approver asked.

    Reckoned anew first, so that tier and figures are those of the policy under which it is decided.
    """
    project = reckon_anew(passage.project)
    put_before(project, content_of(project), chain_of(project), verb="pitch.submitted", by=passage.by, now=passage.now)


def put_before(
    project: Project, content: Content, chain: Sequence[Approver], *, verb: str, by: User | None, now: datetime
) -> Submission:
    """Freeze the content, and which documents stand beside it, with its hash, and ask the first of those who decide."""
    text = canonical(content | {"documents": [document_content(one) for one in documents_of(project)]})
    last = Submission.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0
    submission = Submission.objects.create(
        project=project,
        number=last + 1,
        content=text,
        digest=digest_of(text),
        tier=project.tier,
        submitted_by=project.owner,
        submitted_at=now,
        reply_by=reply_day(project, now),
    )
    for position, one in enumerate(chain, start=1):
        ApprovalStep.objects.create(submission=submission, position=position, approver=one.person, why=one.why)
    record(
        verb,
        submission,
        by=by,
        now=now,
        project_id=project.pk,
        after={
            "number": submission.number,
            "digest": submission.digest,
            "tier": submission.tier,
            "approvers": [one.person.pk for one in chain],
        },
    )
    ask_next(submission, now=now)
    return submission


def reply_day(project: Project, now: datetime) -> datetime:
    """Until when an approver who is asked now should answer."""
    days = value(policy.APPROVAL_REPLY_DAYS)
    return project.site.end_of_day(project.site.calendar().add_working_days(project.local_day(now), days))


def ask_next(submission: Submission, *, now: datetime) -> ApprovalStep | None:
    """Open the next step, if one is left, and tell its approver. Each has his own days for the answer."""
    step = submission.steps.filter(state=StepState.WAITING).order_by("position").first()
    if step is None:
        return None
    ApprovalStep.objects.filter(pk=step.pk).update(state=StepState.PENDING)
    reply_by = reply_day(submission.project, now)
    Submission.objects.filter(pk=submission.pk).update(reply_by=reply_by)
    owe("approval", step.pk, step.approver, due_at=reply_by, now=now, project_id=submission.project_id)
    announce("approval_asked", step.pk, asked_now(step, now), now=now, project_id=submission.project_id)
    return step


def asked_now(step: ApprovalStep, now: datetime) -> list[User]:
    """The approver, and whoever decides for him on this day; not the owner, who may stand in but not here."""
    stand_ins = (
        Delegation.objects.ahead(now).filter(person=step.approver, starts_at__lte=now).select_related("delegate")
    )
    owner = step.submission.project.owner_id
    return [step.approver, *(one.delegate for one in stand_ins if one.delegate_id != owner)]


def take_back(passage: Passage) -> None:
    """Consequence of withdrawing or cancelling: the pending submission ends, its approvers are no longer asked, and the
    owner is asked for no new one.
    """
    settle("renewal", passage.project.pk, now=passage.now)
    for submission in Submission.objects.filter(project=passage.project, state=SubmissionState.PENDING):
        end(submission, SubmissionState.WITHDRAWN, now=passage.now)


def end(submission: Submission, state: SubmissionState, *, now: datetime) -> None:
    """Close a submission; steps that were not decided are not needed any more."""
    won = Submission.objects.filter(pk=submission.pk, state=SubmissionState.PENDING).update(state=state, decided_at=now)
    if not won:
        raise IllegalStateError(_("This submission was decided already."))
    for step in submission.steps.filter(state__in=[StepState.PENDING, StepState.WAITING]):
        settle("approval", step.pk, now=now)
    submission.steps.filter(state__in=[StepState.PENDING, StepState.WAITING]).update(state=StepState.VOID)
    for step in submission.steps.filter(state=StepState.FOR_LESS):
        settle("less_answer", step.pk, now=now)


def is_renewal(submission: Submission) -> bool:
    """Whether a running project is to be approved anew."""
    return submission.read()["changed"] is not None


@transaction.atomic
def ask_again(step: ApprovalStep, *, by: User, now: datetime) -> ApprovalStep:
    """Remind the approver, privately and in the owner's name; once, so that it stays a courtesy.

    Raises PermissionDenied, IllegalStateError (decided, asked today, asked again already).
    """
    require(is_owner(by, step.submission.project), _("Only the owner of the pitch asks again."))
    project = lock(step.submission.project)
    current = ApprovalStep.objects.select_related("approver", "submission__project").get(pk=step.pk)
    if words := not_again(current, now=now):
        raise IllegalStateError(words)
    ApprovalStep.objects.filter(pk=step.pk).update(asked_again_at=now)
    announce("approval_asked_again", step.pk, asked_now(current, now), now=now, project_id=project.pk)
    record(
        "approval.asked_again", current, by=by, now=now, project_id=project.pk, after={"approver": current.approver_id}
    )
    return ApprovalStep.objects.get(pk=step.pk)


def not_again(step: ApprovalStep, *, now: datetime) -> _StrOrPromise:
    """Why the approver is not asked again now; empty where he may be."""
    project = step.submission.project
    if step.state != StepState.PENDING:
        return _("This step is decided, or not open yet.")
    if step.asked_again_at is not None:
        return _("%s was asked again already. Talk to each other.") % step.approver
    if project.local_day(step.submission.submitted_at) >= project.local_day(now):
        return _("%s was asked today. Ask again tomorrow at the earliest.") % step.approver
    return ""
