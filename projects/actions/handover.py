"""The step of an approver who left, or who is away and named nobody: somebody above takes it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Delegation
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from projects.actions.project import check_fields, lock
from projects.actions.submission import ask_next, reply_day
from projects.enums import StepState
from projects.models import ApprovalStep, StageChange, Submission
from projects.permissions import can_take_step

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User


@transaction.atomic
def take_step(step: ApprovalStep, *, by: User, now: datetime, reason: str) -> ApprovalStep:
    """Decide in the place of the approver, with days of one's own for it; the step that is `by`'s now.

    Whoever decides later anyway decides once: the step taken over is not needed then.
    Raises PermissionDenied, IllegalStateError (decided, the approver is there, already decided himself),
    InvalidInputError (no reason).
    """
    require(
        can_take_step(by, step),
        _("The manager of %s or an administrator takes this step over, and nobody decides on a pitch of his own.")
        % step.approver,
    )
    if not reason.strip():
        raise InvalidInputError({"why": _("Write why, in one sentence: it is kept with the decision.")})
    check_fields(StageChange(note=reason), ["note"], given_as={"note": "why"})
    project = lock(step.submission.project)
    current = ApprovalStep.objects.select_related("approver", "submission__project__site").get(pk=step.pk)
    if current.approver_id != step.approver_id:
        raise IllegalStateError(_("Somebody else took this step over meanwhile."))
    if words := not_taken(current, now=now):
        raise IllegalStateError(words)
    own = current.submission.steps.filter(approver=by).first()
    if own is not None and own.state not in {StepState.PENDING, StepState.WAITING}:
        raise IllegalStateError(_("You have decided on this pitch already; somebody else takes this step over."))
    settle("approval", current.pk, now=now)
    if own is None:
        move_to(current, by, now=now)
    else:
        leave_out(current, now=now)
    record(
        "approval.taken_over",
        current,
        by=by,
        now=now,
        project_id=project.pk,
        before={"approver": current.approver_id},
        after={"approver": by.pk, "reason": reason},
    )
    announce("approval_taken_over", current.pk, [current.approver, project.owner], now=now, project_id=project.pk)
    return ApprovalStep.objects.get(pk=current.pk if own is None else own.pk)


def move_to(step: ApprovalStep, person: User, *, now: datetime) -> None:
    """The step is this person's; where it waits already, he owes the answer from now on."""
    ApprovalStep.objects.filter(pk=step.pk).update(
        approver=person, taken_from=step.approver, asked_again_at=None, version=F("version") + 1
    )
    if step.state == StepState.PENDING:
        reply_by = reply_day(step.submission.project, now)
        Submission.objects.filter(pk=step.submission_id).update(reply_by=reply_by)
        owe("approval", step.pk, person, due_at=reply_by, now=now, project_id=step.submission.project_id)


def leave_out(step: ApprovalStep, *, now: datetime) -> None:
    """The step is not needed any more; if it was the one that waited, the next is asked."""
    ApprovalStep.objects.filter(pk=step.pk).update(state=StepState.VOID, version=F("version") + 1)
    if step.state == StepState.PENDING:
        ask_next(step.submission, now=now)


def not_taken(step: ApprovalStep, *, now: datetime) -> _StrOrPromise:
    """Why nobody takes the step over now; empty where somebody may."""
    if step.state not in {StepState.PENDING, StepState.WAITING}:
        return _("This step is decided, or not needed any more.")
    if not step.approver.is_active:
        return ""
    if step.state == StepState.WAITING or step.submission.reply_by >= now:
        return _("%s still has time to answer.") % step.approver
    if Delegation.objects.ahead(now).filter(person=step.approver_id, starts_at__lte=now).exists():
        return _("%s named somebody who decides meanwhile.") % step.approver
    return ""
