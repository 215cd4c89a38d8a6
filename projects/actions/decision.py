"""What an approver decides, and what follows from it."""

from __future__ import annotations

from decimal import Decimal
from functools import wraps
from textwrap import shorten
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import on_behalf, record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, settle
from projects.actions.assumptions import errors_in_answers, keep_answers
from projects.actions.change import write_change
from projects.actions.duties import owe_renewal
from projects.actions.follow_ups import open_follow_up
from projects.actions.grants import asked_for, grant, is_share_of
from projects.actions.pitch import reckon_anew
from projects.actions.project import check_fields, lock
from projects.actions.stage import pass_on
from projects.actions.submission import ask_next, end, is_renewal
from projects.business_inputs import preferred
from projects.enums import ChangeKind, Stage, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Option, Project
from projects.permissions import can_decide
from projects.summaries import budget_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.actions.assumptions import Answer
    from projects.models import Submission

#: As long as the title of a follow-up may be.
TITLE_LENGTH = 200

Params = ParamSpec("Params")

TRANSITION_OF: Mapping[StepState, Transition] = {
    StepState.APPROVED: Transition.APPROVE,
    StepState.ASKED_BACK: Transition.ASK_BACK,
    StepState.DEFERRED: Transition.DEFER,
    StepState.DECLINED: Transition.DECLINE,
}


def for_the_approver(
    deed: Callable[Concatenate[ApprovalStep, Params], ApprovalStep],
) -> Callable[Concatenate[ApprovalStep, Params], ApprovalStep]:
    """A stand-in decides for the approver: every audit row of the decision says so."""

    @wraps(deed)
    def done(step: ApprovalStep, /, *args: Params.args, **kwargs: Params.kwargs) -> ApprovalStep:
        with on_behalf(None if kwargs["by"] == step.approver else step.approver):
            return deed(step, *args, **kwargs)

    return done


@for_the_approver
@transaction.atomic
def decide(  # noqa: PLR0913 -- the answer, and what each of the four may carry
    step: ApprovalStep,
    decision: StepState,
    *,
    by: User,
    now: datetime,
    reason: str = "",
    granted_days: Decimal | None = None,
    granted_amount: Decimal | None = None,
    return_on: date | None = None,
    conditions: str = "",
    conditions_by: date | None = None,
    answers: Sequence[Answer] = (),
) -> ApprovalStep:
    """One approver's decision. The last yes grants the resources and approves the project; what the approvers demanded
    (`conditions`, a line each) becomes follow-ups of its owner then.

    Raises PermissionDenied, IllegalStateError (somebody was faster, withdrawn), InvalidInputError.
    """
    project = lock(step.submission.project)
    # Asked of the step as it is under the lock: somebody may have taken it over meanwhile.
    current = ApprovalStep.objects.select_related("submission__project", "approver").get(pk=step.pk)
    require(
        can_decide(by, current),
        _("Only %s decides this step, and nobody decides on a pitch of his own.") % current.approver,
    )
    # One form serves every answer, so what belongs to another answer comes along and is left aside.
    if not (decision == StepState.APPROVED and is_last(current)):
        granted_days = granted_amount = None
    if decision != StepState.DEFERRED:
        return_on = None
    if decision != StepState.APPROVED or not conditions.strip():
        conditions, conditions_by = "", None
    today = project.local_day(now)
    errors = errors_in(current, decision, reason, granted_days, granted_amount, return_on, today)
    if conditions and (conditions_by is None or conditions_by < today):
        errors["conditions_by"] = _("Name the day, from today on, by which the conditions are met.")
    errors |= errors_in_answers(current.read(), answers, is_yes=decision == StepState.APPROVED)
    if errors:
        raise InvalidInputError(errors)
    written = {"reason": reason, "return_on": return_on, "conditions": conditions, "conditions_by": conditions_by}
    check_fields(ApprovalStep(**written), written)
    won = ApprovalStep.objects.filter(
        pk=step.pk, state=StepState.PENDING, submission__state=SubmissionState.PENDING
    ).update(state=decision, decided_by=by, decided_at=now, version=F("version") + 1, **written)
    if not won:
        raise IllegalStateError(
            _("This was decided meanwhile: the submission is “%s”.") % current.submission.get_state_display()
        )
    settle("approval", step.pk, now=now)
    record(
        f"approval.{decision}",
        current,
        by=by,
        now=now,
        project_id=project.pk,
        after={
            "submission": current.submission.number,
            "digest": current.submission.digest,
            **written,
            **keep_answers(current, current.read(), answers),
        },
    )
    decided = ApprovalStep.objects.select_related("submission").get(pk=step.pk)
    if decision == StepState.APPROVED:
        agree(project, decided, granted_days, granted_amount, by=by, now=now)
    else:
        conclude(project, decided, by=by, now=now)
    return decided


def agree(
    project: Project,
    step: ApprovalStep,
    days: Decimal | None = None,
    amount: Decimal | None = None,
    *,
    by: User | None,
    now: datetime,
) -> bool:
    """After a yes the next one is asked; the last grants the resources and concludes. Returns whether it was the last."""
    if ask_next(step.submission, now=now) is not None:
        return False
    if step.submission.less_accepted_at is not None:
        prefer(project, preferred(step.read())["kind"])
    grant(step, days, amount, by=by, now=now)
    conclude(project, step, by=by, now=now)
    demand(step.submission, now=now)
    return True


def prefer(project: Project, kind: str) -> None:
    """The option that is approved is the one whose lines count from now on."""
    if Option.objects.filter(project=project, kind=kind, is_preferred=True).exists():
        return
    Option.objects.filter(project=project, is_preferred=True).update(is_preferred=False)
    Option.objects.filter(project=project, kind=kind).update(is_preferred=True)
    reckon_anew(project)


def errors_in(
    step: ApprovalStep,
    decision: StepState,
    reason: str,
    granted_days: Decimal | None,
    granted_amount: Decimal | None,
    return_on: date | None,
    today: date,
) -> dict[str, _StrOrPromise]:
    """What cannot be used about a decision, by field."""
    errors: dict[str, _StrOrPromise] = {}
    if decision not in TRANSITION_OF:
        errors["decision"] = _("Choose one of the answers.")
    if decision == StepState.DEFERRED and is_renewal(step.submission):
        errors["decision"] = _("What is running is not put off: ask back, or decline.")
    if decision != StepState.APPROVED and not reason.strip():
        errors["reason"] = _("Write why, in one sentence: the owner reads it.")
    if decision == StepState.DEFERRED and (return_on is None or return_on <= today):
        errors["return_on"] = _("Name a day after today on which it is looked at again.")
    days, money = asked_for(step.submission)
    if granted_days is not None and not is_share_of(days, granted_days):
        errors["granted_days"] = _("Grant at most the %s person-days that are asked for.") % f"{days:f}"
    if granted_amount is not None and not is_share_of(money, granted_amount):
        errors["granted_amount"] = _("Grant at most what is asked for.")
    return errors


def is_last(step: ApprovalStep) -> bool:
    """Whether nobody decides after this step."""
    after = step.submission.steps.filter(position__gt=step.position)
    return not after.exclude(state=StepState.VOID).exists()


def demand(submission: Submission, *, now: datetime) -> None:
    """What the approvers made their yes depend on becomes follow-ups of the owner."""
    for step in submission.steps.exclude(conditions="").select_related("decided_by"):
        if step.conditions_by is None or step.decided_by is None:
            continue
        for line in step.condition_lines:
            open_follow_up(
                submission.project,
                title=shorten(line, TITLE_LENGTH, placeholder="…"),
                owner=submission.project.owner,
                due_on=max(step.conditions_by, submission.project.local_day(now)),
                origin="condition",
                by=step.decided_by,
                now=now,
            )


def conclude(project: Project, step: ApprovalStep, *, by: User | None, now: datetime) -> None:
    """End the submission with the last decision and move the project by it; one that runs already stays where it is.

    `by` is nobody where the owner accepts what was decided before.
    """
    decision = StepState(step.state)
    is_less = decision == StepState.APPROVED and step.submission.less_accepted_at is not None
    end(step.submission, SubmissionState.FOR_LESS if is_less else SubmissionState(decision.value), now=now)
    if project.stage == Stage.SUBMITTED:
        pass_on(project, TRANSITION_OF.get(decision, Transition.APPROVE), by=by, now=now, note=step.reason)
    else:
        conclude_renewal(project, step, by=by, now=now)
    if by is not None:
        announce("decided", step.pk, [project.owner], now=now, project_id=project.pk)


def conclude_renewal(project: Project, step: ApprovalStep, *, by: User | None, now: datetime) -> None:
    """A yes lets the project be launched again, with less if less was agreed to; any other answer leaves the approval
    void, and the owner to mend it.
    """
    after = {"number": step.submission.number, "reason": step.reason}
    record(f"renewal.{step.state}", step.submission, by=by, now=now, project_id=project.pk, after=after)
    if step.state in {StepState.APPROVED, StepState.FOR_LESS}:
        Project.objects.filter(pk=project.pk).update(approval_void_at=None)
        if step.submission.less_accepted_at is not None:
            cut_budget(project, step, by=by or project.owner, now=now)
    else:
        owe_renewal(project, now=now)


def cut_budget(project: Project, step: ApprovalStep, *, by: User, now: datetime) -> None:
    """What a running project is approved for is its budget from now on: a change like any other."""
    before, approved = budget_of(project), step.read()["changed"]["budget"]
    if project.started_at is None or approved is None or Decimal(approved) >= before:
        return
    why = step.submission.steps.get(state=StepState.FOR_LESS).reason
    write_change(project, ChangeKind.BUDGET, before=str(before), after=approved, reason=why, by=by, now=now)
