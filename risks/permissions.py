"""Who may do what with a risk. Seeing it is a matter of `visible_to`; these are about deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.permissions import acts_for
from projects.enums import Stage
from projects.models import Project
from projects.permissions import can_run, line_above, people_of

if TYPE_CHECKING:
    from portal.accounts.models import User
    from risks.models import Escalation, Mitigation, PlanB, Review, ReviewInvitation, Risk

#: From the approval on, whoever sees a project may say what worries him.
OPEN_EARS = frozenset({Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.LAUNCHED})


def can_raise(user: User, project: Project) -> bool:
    """Its people at any time; every colleague who sees it while it runs."""
    if not user.is_active:
        return False
    if people_of(project).filter(pk=user.pk).exists():
        return True
    return project.stage in OPEN_EARS and Project.objects.visible_to(user).filter(pk=project.pk).exists()


def can_keep_register(user: User, project: Project) -> bool:
    """The owner of the project values, answers and closes risks, and calls reviews."""
    return can_run(user, project)


def can_lead_review(user: User, review: Review) -> bool:
    """The owner of the project, and whom he asked to lead the meeting: moved, shown, agreed on, concluded."""
    return user.is_active and user.pk in {review.project.owner_id, review.facilitator_id}


def can_assess(user: User, invitation: ReviewInvitation) -> bool:
    """The invited engineer, and nobody for him."""
    return user.is_active and invitation.person_id == user.pk


def can_accept(user: User, risk: Risk) -> bool:
    """A lead, or a manager of the project's owner; never the owner of the project or of the risk himself."""
    if not user.is_active or user.pk in {risk.project.owner_id, risk.owner_id}:
        return False
    return user.has_role(Role.LEAD) or user.pk in line_above(risk.project)


def can_report(user: User, risk: Risk) -> bool:
    """Who may say that it happened and what came of it: the owner of the project, or of the risk."""
    return user.is_active and user.pk in {risk.project.owner_id, risk.owner_id}


def can_use_plan_b(user: User, plan: PlanB) -> bool:
    """The owner of the project, or of the plan."""
    return user.is_active and user.pk in {plan.risk.project.owner_id, plan.owner_id}


def can_tick_off(user: User, mitigation: Mitigation) -> bool:
    """The owner of the project, or of the mitigation."""
    return user.is_active and user.pk in {mitigation.risk.project.owner_id, mitigation.owner_id}


def can_escalate(user: User, project: Project) -> bool:
    """The owner of the project puts questions, answers counter-proposals and applies what was agreed."""
    return can_run(user, project)


def can_answer_escalation(user: User, escalation: Escalation) -> bool:
    """The decider it waits for now or who stands in for him, but never on a question of his own project."""
    if not user.is_active or user.pk == escalation.project.owner_id:
        return False
    return user.pk == escalation.decider_id or acts_for(user, escalation.decider, timezone.now())


def can_settle_low(user: User, escalation: Escalation) -> bool:
    """The counterpart, in the day before the decider is asked."""
    return user.is_active and user.pk == escalation.counterpart_id
