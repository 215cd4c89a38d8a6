"""Who may do what with a project. Seeing it is a matter of `visible_to`; these are about deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.accounts.permissions import acts_for
from projects.enums import Stage, StepState
from projects.lifecycle import Transition
from projects.models import DraftReader, ProjectMember

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from projects.models import ApprovalStep, DeferredItem, Document, Feedback, FollowUp, Project

#: Made by an approver's decision, never by itself.
DECIDED = frozenset({Transition.APPROVE, Transition.ASK_BACK, Transition.DECLINE, Transition.DEFER})
#: Where work begins only by an early start.
BEFORE_APPROVAL = frozenset({Stage.DRAFT, Stage.SUBMITTED})
OVER = frozenset({Stage.CLOSED, Stage.CANCELLED})


def is_owner(user: User | None, project: Project) -> bool:
    """Whether the project is the user's; policy (None) owns nothing."""
    return user is not None and user.is_active and project.owner_id == user.pk


def can_pitch(user: User) -> bool:
    """Who may start a pitch: product managers and leads."""
    return user.is_active and (user.has_role(Role.PM) or user.has_role(Role.LEAD))


def can_keep_products(user: User) -> bool:
    """Who writes down what a product is for and which goal it serves: product managers and leads."""
    return can_pitch(user)


def can_give_feedback(user: User) -> bool:
    """Who writes down what users say: everybody who hears it."""
    return user.is_active


def can_drop_feedback(user: User, feedback: Feedback) -> bool:
    """Who takes it away: whoever wrote it down, or who keeps the product."""
    return user.is_active and (feedback.written_by_id == user.pk or can_keep_products(user))


def can_keep_goals(user: User) -> bool:
    """Who sets goals and their key results: product managers and leads."""
    return can_pitch(user)


def can_take_over(user: User) -> bool:
    """Who brings projects in that were running before: administrators."""
    return user.is_admin


def can_keep_rates(user: User) -> bool:
    """Who sets what a day of a skill costs: admins."""
    return user.is_active and user.has_role(Role.ADMIN)


def can_edit_pitch(user: User, project: Project) -> bool:
    """The owner; the action also demands the draft stage."""
    return is_owner(user, project)


def can_comment(user: User, project: Project) -> bool:
    """On a draft: whom its owner asked to read it, and he himself. The action also demands the draft stage."""
    return is_owner(user, project) or (
        user.is_active and DraftReader.objects.filter(project=project, person=user).exists()
    )


def can_add_document(user: User, project: Project) -> bool:
    """The people of the project: owner, business partner, sponsor, members."""
    if not user.is_active:
        return False
    is_named = user.pk in {project.owner_id, project.business_partner_id, project.sponsor_id}
    return is_named or ProjectMember.objects.filter(project=project, person=user).exists()


def can_drop_document(user: User, document: Document) -> bool:
    """Whoever added it, or the owner of the project."""
    return user.is_active and user.pk in {document.added_by_id, document.project.owner_id}


def can_run(user: User, project: Project) -> bool:
    """Delivery is run by the owner."""
    return is_owner(user, project)


def can_allow_early_start(user: User, project: Project) -> bool:
    """A lead in the owner's line, never for a pitch of his own."""
    if not user.is_active or is_owner(user, project):
        return False
    return user.has_role(Role.LEAD) and user.pk in line_above(project)


def can_confirm(user: User, project: Project) -> bool:
    """Whether the figures are right says the business partner, as long as the project lives."""
    return user.is_active and project.business_partner_id == user.pk and project.stage not in OVER


def can_measure(user: User, project: Project) -> bool:
    """The owner or the business partner, who knows what really came."""
    return user.is_active and user.pk in {project.owner_id, project.business_partner_id}


def can_move(user: User | None, project: Project, transition: Transition) -> bool:
    """Whether the person may make this transition; the stage and the gates are asked apart."""
    if user is None:
        return transition == Transition.CLOSE
    if transition in DECIDED:
        return False
    if transition == Transition.CANCEL:
        return is_owner(user, project) or (
            user.is_active and user.has_role(Role.LEAD) and user.pk in line_above(project)
        )
    return is_owner(user, project)


def can_decide(user: User, step: ApprovalStep) -> bool:
    """The approver of the step or who stands in for him now, but never on his own pitch."""
    if not user.is_active or step.submission.project.owner_id == user.pk:
        return False
    return step.approver_id == user.pk or acts_for(user, step.approver, timezone.now())


def can_take_step(user: User, step: ApprovalStep) -> bool:
    """Who decides where the approver cannot: his direct manager or an administrator, but never on his own pitch."""
    if not user.is_active or user.pk in {step.submission.project.owner_id, step.approver_id}:
        return False
    return user.pk == step.approver.manager_id or user.is_admin


def can_change_follow_up(user: User, follow_up: FollowUp) -> bool:
    """Its owner, or the owner of the project."""
    return user.is_active and user.pk in {follow_up.owner_id, follow_up.project.owner_id}


def can_settle_deferred(user: User, item: DeferredItem) -> bool:
    """Whoever brings it, or the owner of the project."""
    return user.is_active and user.pk in {item.owner_id, item.project.owner_id}


def line_above(project: Project) -> set[int]:
    """Direct and dotted manager of the owner."""
    owner = project.owner
    return {pk for pk in (owner.manager_id, owner.dotted_manager_id) if pk is not None}


def people_of(project: Project) -> QuerySet[User]:
    """Everybody with a part: owner, partner, sponsor, members, assessors."""
    parts = [project.owner_id, project.business_partner_id, project.sponsor_id]
    return User.objects.filter(
        Q(pk__in=[pk for pk in parts if pk is not None]) | Q(memberships__project=project)
    ).distinct()


def is_waiting_for(user: User, step: ApprovalStep) -> bool:
    """Whether the user can decide this step now."""
    return step.state == StepState.PENDING and can_decide(user, step)
