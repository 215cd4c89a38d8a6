"""A decision taken back for another one, as long as nobody has decided after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError
from portal.notifications.actions import announce, settle
from projects.actions.decision import decide, for_the_approver
from projects.actions.project import lock
from projects.actions.submission import asked_now
from projects.enums import StepState, SubmissionState
from projects.models import ApprovalStep
from projects.permissions import can_decide

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User


@for_the_approver
@transaction.atomic
def replace_decision(
    step: ApprovalStep, /, decision: StepState, *, version: int, by: User, now: datetime, **details: Any
) -> ApprovalStep:
    """Another answer in the place of a yes, with everything that `decide` asks and does; whoever was asked next is asked
    anew, or no longer. `version` is that of the answer that was seen.

    Raises PermissionDenied, IllegalStateError (final, or changed meanwhile), InvalidInputError.
    """
    project = lock(step.submission.project)
    current = ApprovalStep.objects.select_related("submission__project", "approver").get(pk=step.pk)
    require(
        can_decide(by, current),
        _("Only %s decides this step, and nobody decides on a pitch of his own.") % current.approver,
    )
    if not is_replaceable(current):
        raise IllegalStateError(_("This answer is final: somebody has decided after it, or nobody needs to."))
    asked = step_asked_after(current)
    if asked is not None:
        settle("approval", asked.pk, now=now)
        ApprovalStep.objects.filter(pk=asked.pk).update(state=StepState.WAITING)
    won = ApprovalStep.objects.filter(pk=current.pk, state=StepState.APPROVED, version=version).update(
        state=StepState.PENDING, decided_by=None, decided_at=None, version=F("version") + 1
    )
    if not won:
        raise IllegalStateError(_("This answer was changed meanwhile. Open the page anew to see it as it is."))
    before = {name: getattr(current, name) for name in ("state", "reason", "conditions", "conditions_by")}
    record("approval.replaced", current, by=by, now=now, project_id=project.pk, before=before)
    decided = decide(ApprovalStep.objects.get(pk=current.pk), decision, by=by, now=now, **details)
    if asked is not None and decision != StepState.APPROVED:
        announce("approval_dropped", asked.pk, asked_now(asked, now), now=now, project_id=project.pk)
    return decided


def is_replaceable(step: ApprovalStep) -> bool:
    """Whether it is a yes after which nobody has decided yet, and somebody still has to."""
    if step.state != StepState.APPROVED or step.submission.state != SubmissionState.PENDING:
        return False
    after = step.submission.steps.filter(position__gt=step.position).values_list("state", flat=True)
    return set(after) <= {StepState.PENDING, StepState.WAITING, StepState.VOID}


def step_asked_after(step: ApprovalStep) -> ApprovalStep | None:
    """The step that waits for its approver because this one was a yes."""
    return (
        step.submission.steps.filter(position__gt=step.position, state=StepState.PENDING)
        .select_related("approver", "submission__project")
        .first()
    )
