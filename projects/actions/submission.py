"""Freezing a pitch for its approvers, and their decisions."""

from __future__ import annotations

from decimal import Decimal
from functools import wraps
from textwrap import shorten
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Delegation
from portal.accounts.permissions import require
from portal.audit.actions import on_behalf, record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from portal.policy.store import value
from projects import policy
from projects.actions.assumptions import errors_in_answers, keep_answers
from projects.actions.changes import write_change
from projects.actions.follow_ups import open_follow_up
from projects.actions.pitch import content_of, reckon_anew
from projects.actions.project import check_fields, lock
from projects.actions.stage import pass_on
from projects.business_inputs import build_days, canonical, digest_of, document_content, money_beside, preferred
from projects.chain import chain_of
from projects.enums import ChangeKind, CostKind, Stage, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Grant, Option, Project, Submission
from projects.permissions import can_decide, is_owner
from projects.summaries import budget_of, documents_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.actions.assumptions import Answer
    from projects.business_inputs import Content
    from projects.chain import Approver
    from projects.lifecycle import Passage

CENT = Decimal("0.01")
#: As long as the title of a follow-up may be.
TITLE_LENGTH = 200

Params = ParamSpec("Params")

TRANSITION_OF: Mapping[StepState, Transition] = {
    StepState.APPROVED: Transition.APPROVE,
    StepState.ASKED_BACK: Transition.ASK_BACK,
    StepState.DEFERRED: Transition.DEFER,
    StepState.DECLINED: Transition.DECLINE,
}


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


def is_share_of(asked: Decimal, given: Decimal) -> bool:
    """Whether it is a plain figure with two decimals, from nothing up to all that is asked for."""
    return given.is_finite() and 0 <= given <= asked and given == given.quantize(CENT)


def is_renewal(submission: Submission) -> bool:
    """Whether a running project is to be approved anew."""
    return submission.read()["changed"] is not None


def is_last(step: ApprovalStep) -> bool:
    """Whether nobody decides after this step."""
    after = step.submission.steps.filter(position__gt=step.position)
    return not after.exclude(state=StepState.VOID).exists()


def asked_for(submission: Submission) -> tuple[Decimal, Decimal]:
    """Person-days, and money beside them, that the frozen pitch asks for, or that was offered instead."""
    return resources_in(submission.read_approved())


def resources_in(content: Content) -> tuple[Decimal, Decimal]:
    """Person-days, and money beside them, of the option that the content asks for."""
    option = preferred(content)
    return build_days(option) or Decimal(0), money_beside(content, option)


def grant(step: ApprovalStep, days: Decimal | None, amount: Decimal | None, *, by: User | None, now: datetime) -> None:
    """Give the resources: what the approver wrote, else all that was asked for. They take the place of earlier ones."""
    Grant.objects.filter(project=step.submission.project, released_at__isnull=True).update(released_at=now)
    asked_days, asked_amount = asked_for(step.submission)
    given_days = asked_days if days is None else days
    given_amount = asked_amount if amount is None else amount
    common = {
        "project": step.submission.project,
        "submission": step.submission,
        "granted_by": step.decided_by or step.approver,
        "granted_at": now,
    }
    Grant.objects.create(kind=CostKind.PEOPLE, person_days=given_days, **common)
    if asked_amount:
        Grant.objects.create(kind=CostKind.MATERIAL, amount=given_amount, **common)
    record(
        "resources.granted",
        step.submission,
        by=by,
        now=now,
        project_id=step.submission.project_id,
        after={"person_days": given_days, "amount": given_amount},
    )


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


def owe_renewal(project: Project, *, now: datetime) -> None:
    """The owner submits the changed project anew; its work goes on meanwhile."""
    owe("renewal", project.pk, project.owner, due_at=reply_day(project, now), now=now, project_id=project.pk)


def open_rework(passage: Passage) -> None:
    """Consequence of asking back: the owner owes an answer."""
    owe_owner("rework", passage, working_days=value(policy.APPROVAL_REPLY_DAYS))


def open_reconsideration(passage: Passage) -> None:
    """Consequence of deferring: on the day named the owner looks at it again."""
    step = ApprovalStep.objects.filter(submission__project=passage.project, state=StepState.DEFERRED).latest(
        "decided_at"
    )
    project = passage.project
    owe(
        "reconsider",
        project.pk,
        project.owner,
        due_at=project.site.end_of_day(step.return_on or project.local_day(passage.now)),
        now=passage.now,
        project_id=project.pk,
    )


def open_preparation(passage: Passage) -> None:
    """Consequence of approval: the owner lists risks, calls the review, starts."""
    owe_owner("prepare", passage, working_days=value(policy.PREPARE_DAYS))


def owe_owner(kind: str, passage: Passage, *, working_days: int) -> None:
    """An obligation of the owner about the project itself, due in working days of its site."""
    project = passage.project
    day = project.site.calendar().add_working_days(project.local_day(passage.now), working_days)
    owe(
        kind,
        project.pk,
        project.owner,
        due_at=project.site.end_of_day(day),
        now=passage.now,
        project_id=project.pk,
    )


def settle_stage(passage: Passage) -> None:
    """Consequence of leaving a stage: what was owed because of it is settled."""
    for kind in ("rework", "reconsider", "prepare", "launch", "early_start"):
        settle(kind, passage.project.pk, now=passage.now)


def release_grants(passage: Passage) -> None:
    """Consequence of cancelling: the resources are free again."""
    Grant.objects.filter(project=passage.project, released_at__isnull=True).update(released_at=passage.now)
