"""An approval whose ground has moved is void: running work goes on, launch waits until the changed project is approved."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import GateError, IllegalStateError, InvalidInputError, Reason, StaleObjectError
from portal.notifications.actions import announce, settle
from portal.policy.store import value
from projects import policy
from projects.actions.duties import owe_renewal
from projects.actions.project import check_fields, lock
from projects.actions.submission import asked_now, end, is_renewal, put_before
from projects.business_inputs import BUDGET_LINE, case_of, named, plain, preferred
from projects.chain import chain_of
from projects.enums import AGREED, IN_FORCE, ChangeKind, CostKind, StepState, SubmissionState
from projects.materiality import Terms, Tolerance, moved_beyond
from projects.models import Change, Project, Submission
from projects.permissions import is_owner
from projects.summaries import benefit_kept, budget_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from projects.business_inputs import Content
    from projects.chain import Approver
    from projects.materiality import Ground

NO_APPROVER = Reason("no_approver", _("Nobody is named above you who could decide; an admin can enter your manager"))


def terms_today(project: Project) -> Terms:
    """Day, money and scope as they stand after every recorded change. `project` is the row as it is now."""
    scope = Change.objects.filter(project=project, kind=ChangeKind.SCOPE).order_by("number")
    return Terms(
        launch_on=project.planned_launch_on,
        budget=budget_of(project),
        scope=tuple(scope.values_list("after", flat=True)),
    )


def terms_of(submission: Submission) -> Terms:
    """What this submission asks to be approved: as the project started, or as it was changed until then."""
    content = submission.read() if submission.less_accepted_at is None else submission.read_approved()
    changed = content["changed"]
    if changed is None:
        return Terms(submission.project.baseline_launch_on, submission.project.baseline_cost_amount)
    return Terms(day_of(changed["launch_on"]), money_of(changed["budget"]), tuple(changed["scope"]))


def day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def money_of(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def tolerance() -> Tolerance:
    """How much an approval bears, by the policy of today."""
    return Tolerance(
        budget_share=value(policy.VOID_BEYOND_SHARE),
        working_days=value(policy.VOID_BEYOND_DAYS),
        scope_may_change=value(policy.SCOPE_MAY_CHANGE),
    )


def void_if_moved(project: Project, *, by: User, now: datetime) -> None:
    """After a recorded change: what was approved is void where it moved beyond what it bears, and what waits for a new
    approval goes back to the owner. The caller holds the lock.
    """
    current = Project.objects.select_related("site", "owner").get(pk=project.pk)
    today = terms_today(current)
    for state in (SubmissionState.PENDING, *IN_FORCE):
        for submission in Submission.objects.filter(project=current, state=state).select_related("project"):
            moved = moved_beyond(terms_of(submission), today, tolerance(), current.site.calendar())
            if moved:
                void(submission, moved, by=by, now=now)


def void(submission: Submission, moved: Collection[Ground], *, by: User, now: datetime) -> None:
    """Take the ground from one submission, and ask the owner to submit anew."""
    project = submission.project
    hearers = User.objects.filter(Q(approval_steps__submission=submission) | Q(pk=project.owner_id))
    if submission.state == SubmissionState.PENDING:
        end(submission, SubmissionState.WITHDRAWN, now=now)
    else:
        Submission.objects.filter(pk=submission.pk).update(state=SubmissionState.VOID)
        Project.objects.filter(pk=project.pk).update(approval_void_at=now)
    record(
        "renewal.outdated" if submission.state == SubmissionState.PENDING else "approval.voided",
        submission,
        by=by,
        now=now,
        project_id=project.pk,
        before={"state": submission.state},
        after={"number": submission.number, "moved": [str(ground) for ground in moved]},
    )
    owe_renewal(project, now=now)
    announce("approval_void", submission.pk, hearers.distinct().exclude(pk=by.pk), now=now, project_id=project.pk)


@transaction.atomic
def submit_anew(project: Project, *, reason: str, version: int, by: User, now: datetime) -> Submission:
    """Put the changed project before its approvers, while its work goes on.

    Raises PermissionDenied, IllegalStateError (the approval stands, or a new one is asked for already), GateError (nobody
    can decide), StaleObjectError, InvalidInputError.
    """
    require(is_owner(by, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    current = lock(project)
    if current.approval_void_at is None or not current.is_in_motion:
        raise IllegalStateError(_("Nothing has to be approved anew."))
    if Submission.objects.filter(project=current, state=SubmissionState.PENDING).exists():
        raise IllegalStateError(_("The new approval is asked for already."))
    if not reason.strip():
        raise InvalidInputError({"reason": _("Write why, in one sentence: the approvers read it.")})
    check_fields(Change(reason=reason), ["reason"])
    if current.version != version:
        raise StaleObjectError(current)
    content = changed_content(current, reason=reason.strip())
    chain = chain_of(current, cost=case_of(content).cost)
    if not chain:
        raise GateError([NO_APPROVER])
    submission = put_before(current, content, chain, verb="renewal.submitted", by=by, now=now)
    settle("renewal", current.pk, now=now)
    return submission


@transaction.atomic
def withdraw_renewal(project: Project, *, by: User, now: datetime) -> Submission:
    """Take back what waits for a new approval: the approval stays void, its work goes on, and the owner owes a new one.

    Raises PermissionDenied, IllegalStateError (none is asked for, or it is decided).
    """
    require(is_owner(by, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    current = lock(project)
    submission = Submission.objects.filter(project=current, state=SubmissionState.PENDING).first()
    if submission is None or not is_renewal(submission):
        raise IllegalStateError(_("No new approval is asked for."))
    asked = submission.steps.filter(state=StepState.PENDING).select_related("approver", "submission__project").first()
    end(submission, SubmissionState.WITHDRAWN, now=now)
    record("renewal.withdrawn", submission, by=by, now=now, project_id=current.pk, after={"number": submission.number})
    owe_renewal(current, now=now)
    if asked is not None:
        announce("renewal_withdrawn", asked.pk, asked_now(asked, now), now=now, project_id=current.pk)
    return Submission.objects.get(pk=submission.pk)


def changed_content(project: Project, *, reason: str = "") -> Content:
    """What was approved, with what was changed since the start: its day, its budget, and in words what else is done otherwise.

    What the changes cost more is a line of its own, so that the case is reckoned as ever. Benefits are not estimated
    again; how much of them is left out stands beside them.
    """
    agreed = Submission.objects.filter(project=project, state__in=AGREED).order_by("number")
    content, today = agreed[len(agreed) - 1].read_approved(), terms_today(project)
    costs = preferred(content)["costs"]
    costs[:] = lines_of_the_pitch(content)
    cut = sum((cut_by(one) for one in agreed), Decimal(0))
    more = (today.budget or Decimal(0)) - (project.baseline_cost_amount or Decimal(0)) + cut
    if more > 0:
        costs.append(budget_line(more))
    launch_on = None if today.launch_on is None else today.launch_on.isoformat()
    changed = {
        "launch_on": launch_on,
        "budget": plain(today.budget),
        "scope": list(today.scope),
        "left_out": plain(1 - benefit_kept(project)),
        "reason": reason,
    }
    return content | {"owner": named(project.owner_id, project.owner), "wanted_on": launch_on, "changed": changed}


def lines_of_the_pitch(content: Content) -> list[Content]:
    """The costs of the option that is asked for, without what was added to the budget."""
    return [line for line in preferred(content)["costs"] if line["line"] != BUDGET_LINE]


def cut_by(submission: Submission) -> Decimal:
    """By how much the lines of a running project became cheaper, because it was approved anew for less: the budget of
    the start had them in full.
    """
    content, less = submission.read(), submission.read_approved()
    if content["changed"] is None or submission.less_accepted_at is None:
        return Decimal(0)
    return cost_without_additions(content) - cost_without_additions(less)


def cost_without_additions(content: Content) -> Decimal:
    """What the option that is asked for costs by the lines of its pitch."""
    option = preferred(content)
    return case_of(content, option | {"costs": lines_of_the_pitch(content)}).cost or Decimal(0)


def budget_line(amount: Decimal) -> Content:
    """Money that was added to the budget on the way."""
    return {
        "line": BUDGET_LINE,
        "replaces": None,
        "kind": str(CostKind.MATERIAL),
        "label": "",
        "skill": "",
        "person_days": None,
        "unit_amount": None,
        "amount": plain(amount),
        "is_monthly": False,
        "lead_days": None,
    }


def approvers_anew(project: Project) -> list[Approver]:
    """Who would decide on the project as it is now."""
    return chain_of(project, cost=case_of(changed_content(project)).cost)
