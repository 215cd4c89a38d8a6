"""What a project owes in a stage, and no longer once it has left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notifications.actions import owe, settle
from portal.policy.store import value
from projects import policy
from projects.actions.submission import reply_day
from projects.enums import StepState
from projects.models import ApprovalStep

if TYPE_CHECKING:
    from datetime import datetime

    from projects.lifecycle import Passage
    from projects.models import Project


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
