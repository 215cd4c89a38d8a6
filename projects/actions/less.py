"""Approving for less: an approver caps lines or takes another option; the owner accepts it, or takes the pitch up again
with the caps in view. To take it back altogether he withdraws, as ever.

Less is offered once in a chain. Once the owner has accepted, whoever comes next decides on what is left, and those before
are not asked again: they agreed to more. Who wants still less asks back, or grants less, if he is the last.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from projects.actions.assumptions import errors_in_answers, keep_answers
from projects.actions.decision import agree, for_the_approver
from projects.actions.duties import owe_renewal
from projects.actions.grants import is_share_of
from projects.actions.project import check_fields, lock
from projects.actions.stage import pass_on
from projects.actions.submission import end, is_renewal, reply_day
from projects.business_inputs import canonical, case_of, digest_of, for_less, number, plain
from projects.enums import CostKind, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Submission
from projects.permissions import can_decide, is_owner

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.actions.assumptions import Answer
    from projects.business_inputs import Content
    from projects.models import Project


@for_the_approver
@transaction.atomic
def approve_for_less(
    step: ApprovalStep,
    *,
    kind: str,
    caps: Mapping[Any, Decimal],
    reason: str,
    by: User,
    now: datetime,
    answers: Sequence[Answer] = (),
) -> ApprovalStep:
    """Offer the owner less than he asks for: the option `kind`, with lines capped by their key (days of people, money of
    the others). `answers` are about the assumptions of what is offered.

    Raises PermissionDenied, IllegalStateError (decided, or less was offered already), InvalidInputError.
    """
    project = lock(step.submission.project)
    # Asked of the step as it is under the lock: somebody may have taken it over meanwhile.
    current = ApprovalStep.objects.select_related("submission__project", "approver").get(pk=step.pk)
    require(
        can_decide(by, current),
        _("Only %s decides this step, and nobody decides on a pitch of his own.") % current.approver,
    )
    submission = current.submission
    if words := not_for_less(current):
        raise IllegalStateError(words)
    if not reason.strip():
        raise InvalidInputError({"reason": _("Write why, in one sentence: the owner reads it.")})
    check_fields(ApprovalStep(reason=reason), ["reason"])
    less = offered(submission.read(), kind, caps)
    if errors := errors_in_answers(less, answers, is_yes=True):
        raise InvalidInputError(errors)
    text = canonical(less)
    won = ApprovalStep.objects.filter(
        pk=step.pk, state=StepState.PENDING, submission__state=SubmissionState.PENDING
    ).update(
        state=StepState.FOR_LESS,
        is_on_less=True,
        decided_by=by,
        decided_at=now,
        reason=reason,
        version=F("version") + 1,
    )
    if not won:
        raise IllegalStateError(
            _("This was decided meanwhile: the submission is “%s”.") % submission.get_state_display()
        )
    Submission.objects.filter(pk=submission.pk).update(less=text)
    settle("approval", step.pk, now=now)
    after = {"submission": submission.number, "digest": submission.digest, "less": digest_of(text), "option": kind}
    after |= {"reason": reason} | keep_answers(current, less, answers)
    record("approval.for_less", current, by=by, now=now, project_id=project.pk, after=after)
    owe("less_answer", step.pk, project.owner, due_at=reply_day(project, now), now=now, project_id=project.pk)
    announce("approved_for_less", step.pk, [project.owner], now=now, project_id=project.pk)
    return ApprovalStep.objects.select_related("submission").get(pk=step.pk)


def not_for_less(step: ApprovalStep) -> _StrOrPromise:
    """Why less cannot be offered at this step; empty where it can."""
    if step.state != StepState.PENDING:
        return _("This step is decided, or not open yet.")
    if step.submission.less:
        return _("Less was offered already, and you decide on what is left: ask back where it should be still less.")
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
    return less if content["changed"] is None else less | {"changed": with_less_money(content, less)}


def with_less_money(content: Content, less: Content) -> Content:
    """What a running project changed, with the budget as it would be: less by what the lines cost less."""
    changed: Content = content["changed"]
    budget, asked, given = number(changed["budget"]), case_of(content).cost, case_of(less).cost
    if budget is None or asked is None or given is None:
        return changed
    return changed | {"budget": plain(min(max(budget - (asked - given), Decimal(0)), budget))}


def asked_of(line: Mapping[str, Any]) -> Decimal:
    """What a line asks for: days of people, else money."""
    return Decimal(line["person_days"] if line["kind"] == CostKind.PEOPLE else line["amount"])


@transaction.atomic
def accept_less(step: ApprovalStep, *, by: User, now: datetime) -> Project:
    """Go on with what was offered: whoever comes next decides on it. After the last one it is granted, and the project is
    approved by the approver's word.
    """
    project, current = answering(step, by=by)
    record_answer(current, "accepted", by=by, now=now)
    settle("less_answer", current.pk, now=now)
    submission = current.submission
    Submission.objects.filter(pk=submission.pk).update(less_accepted_at=now)
    submission.steps.filter(state=StepState.WAITING).update(is_on_less=True)
    submission.refresh_from_db()
    agree(project, current, by=None, now=now)
    return project


@transaction.atomic
def revise_less(step: ApprovalStep, *, by: User, now: datetime) -> Project:
    """Take it up again, with what was offered in view: the pitch is a draft then, and owed; of a running project the
    approval stays void, and the owner submits anew.
    """
    project, current = answering(step, by=by)
    record_answer(current, "revised", by=by, now=now)
    end(current.submission, SubmissionState.ASKED_BACK, now=now)
    if is_renewal(current.submission):
        owe_renewal(project, now=now)
        return project
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
    is_open = step.submission.state == SubmissionState.PENDING and step.submission.less_accepted_at is None
    return is_open and step.state == StepState.FOR_LESS


def record_answer(step: ApprovalStep, answer: str, *, by: User, now: datetime) -> None:
    """The owner's answer, in the record and told to who made the offer."""
    submission = step.submission
    after = {"number": submission.number}
    record(f"less.{answer}", submission, by=by, now=now, project_id=submission.project_id, after=after)
    hearer = step.decided_by or step.approver
    announce("less_answered", step.pk, [hearer], now=now, project_id=submission.project_id)
