"""Approving for less: the last approver caps lines or takes another option; the owner accepts it, or takes the pitch up
again with the caps in view. To take it back altogether he withdraws, as ever.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from projects.actions.pitch import reckon_anew
from projects.actions.project import check_fields, lock
from projects.actions.stage import pass_on
from projects.actions.submission import (
    conclude,
    end,
    for_the_approver,
    grant,
    is_last,
    is_renewal,
    is_share_of,
    reply_day,
)
from projects.business_inputs import canonical, digest_of, for_less, preferred
from projects.enums import CostKind, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Option, Submission
from projects.permissions import can_decide, is_owner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.business_inputs import Content
    from projects.models import Project


@for_the_approver
@transaction.atomic
def approve_for_less(
    step: ApprovalStep, *, kind: str, caps: Mapping[Any, Decimal], reason: str, by: User, now: datetime
) -> ApprovalStep:
    """Offer the owner less than he asks for: the option `kind`, with lines capped by their key (days of people, money of
    the others).

    Raises PermissionDenied, IllegalStateError (decided, not the last step, a running project), InvalidInputError.
    """
    require(
        can_decide(by, step),
        _("Only %s decides this step, and nobody decides on a pitch of his own.") % step.approver,
    )
    project = lock(step.submission.project)
    current = ApprovalStep.objects.select_related("submission").get(pk=step.pk)
    submission = current.submission
    if words := not_for_less(current):
        raise IllegalStateError(words)
    if not reason.strip():
        raise InvalidInputError({"reason": _("Write why, in one sentence: the owner reads it.")})
    check_fields(ApprovalStep(reason=reason), ["reason"])
    less = offered(submission.read(), kind, caps)
    text = canonical(less)
    won = ApprovalStep.objects.filter(
        pk=step.pk, state=StepState.PENDING, submission__state=SubmissionState.PENDING
    ).update(state=StepState.FOR_LESS, decided_by=by, decided_at=now, reason=reason)
    if not won:
        raise IllegalStateError(
            _("This was decided meanwhile: the submission is “%s”.") % submission.get_state_display()
        )
    Submission.objects.filter(pk=submission.pk).update(less=text)
    settle("approval", step.pk, now=now)
    after = {"submission": submission.number, "digest": submission.digest, "less": digest_of(text), "option": kind}
    record("approval.for_less", current, by=by, now=now, project_id=project.pk, after=after | {"reason": reason})
    owe("less_answer", step.pk, project.owner, due_at=reply_day(project, now), now=now, project_id=project.pk)
    announce("approved_for_less", step.pk, [project.owner], now=now, project_id=project.pk)
    return ApprovalStep.objects.select_related("submission").get(pk=step.pk)


def not_for_less(step: ApprovalStep) -> _StrOrPromise:
    """Why less cannot be offered at this step; empty where it can."""
    if step.state != StepState.PENDING:
        return _("This step is decided, or not open yet.")
    if not is_last(step):
        return _("Only who decides last approves for less: after him nobody decides on what is left.")
    if is_renewal(step.submission):
        return _("What is running is not cut: ask back, or decline.")
    return ""


def offered(content: Content, kind: str, caps: Mapping[Any, Decimal]) -> Content:
    """The content as it would be approved. Raises InvalidInputError: an option that is none, a cap that is none, nothing less."""
    options = {option["kind"]: option for option in content["options"] if option["benefits"] or option["costs"]}
    if kind not in options:
        raise InvalidInputError({"kind": _("Choose one of the options of the pitch.")})
    lines = {line["line"]: line for line in options[kind]["costs"]}
    boxes = {key: f"cap_{position}" for position, key in enumerate(lines, start=1)}
    errors: dict[str, _StrOrPromise] = {
        boxes.get(key, "caps"): _("Write at most what is asked for.")
        for key, cap in caps.items()
        if key not in lines or not is_share_of(asked_of(lines[key]), cap)
    }
    if errors:
        raise InvalidInputError(errors)
    less = for_less(content, kind, caps)
    if less == content:
        raise InvalidInputError({"caps": _("This is all that is asked for: cap a line, or choose another option.")})
    return less


def asked_of(line: Mapping[str, Any]) -> Decimal:
    """What a line asks for: days of people, else money."""
    return Decimal(line["person_days"] if line["kind"] == CostKind.PEOPLE else line["amount"])


@transaction.atomic
def accept_less(step: ApprovalStep, *, by: User, now: datetime) -> Project:
    """Go on with what was offered: it is granted, and the project is approved by the approver's word."""
    project, current = answering(step, by=by)
    record_answer(current, "accepted", by=by, now=now)
    prefer(project, preferred(current.submission.read_approved())["kind"])
    grant(current, None, None, by=None, now=now)
    conclude(project, current, by=None, now=now)
    return project


@transaction.atomic
def revise_less(step: ApprovalStep, *, by: User, now: datetime) -> Project:
    """Take the pitch up again, with what was offered in view; it is a draft then, and owed."""
    project, current = answering(step, by=by)
    record_answer(current, "revised", by=by, now=now)
    end(current.submission, SubmissionState.ASKED_BACK, now=now)
    project = pass_on(project, Transition.WITHDRAW, by=by, now=now)
    owe("rework", project.pk, project.owner, due_at=reply_day(project, now), now=now, project_id=project.pk)
    return project


def answering(step: ApprovalStep, *, by: User) -> tuple[Project, ApprovalStep]:
    """The locked project and the offer, if `by` may answer it now. Raises PermissionDenied, IllegalStateError."""
    owner = step.submission.project.owner
    require(is_owner(by, step.submission.project), _("Only the owner can do this. The owner is %s.") % owner)
    project = lock(step.submission.project)
    current = ApprovalStep.objects.select_related("submission__project", "approver", "decided_by").get(pk=step.pk)
    if not is_offered(current):
        raise IllegalStateError(_("There is no offer to answer any more."))
    return project, current


def is_offered(step: ApprovalStep) -> bool:
    """Whether the owner may answer it now."""
    return step.state == StepState.FOR_LESS and step.submission.state == SubmissionState.PENDING


def prefer(project: Project, kind: str) -> None:
    """The option that is approved is the one whose lines count from now on."""
    if Option.objects.filter(project=project, kind=kind, is_preferred=True).exists():
        return
    Option.objects.filter(project=project, is_preferred=True).update(is_preferred=False)
    Option.objects.filter(project=project, kind=kind).update(is_preferred=True)
    reckon_anew(project)


def record_answer(step: ApprovalStep, answer: str, *, by: User, now: datetime) -> None:
    """The owner's answer, in the record and told to who made the offer."""
    submission = step.submission
    after = {"number": submission.number}
    record(f"less.{answer}", submission, by=by, now=now, project_id=submission.project_id, after=after)
    hearer = step.decided_by or step.approver
    announce("less_answered", step.pk, [hearer], now=now, project_id=submission.project_id)
