"""Who may do what with a retro. Seeing it is a matter of `visible_to`; these are about deeds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from portal.accounts.enums import Role
from portal.accounts.models import User
from projects.models import ProjectMember
from projects.permissions import is_owner
from retros.models import Participant

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from projects.models import Project
    from retros.models import Lesson, Retro


def asked(project: Project) -> QuerySet[User]:
    """Whose answers are asked for beside the owner's: members and assessors."""
    people = ProjectMember.objects.filter(project=project).exclude(person_id=project.owner_id)
    return User.objects.filter(is_active=True, pk__in=people.values("person_id"))


def who_may_answer(project: Project) -> QuerySet[User]:
    """Everybody who was there: owner, members, assessors, and the business partner."""
    members = ProjectMember.objects.filter(project=project).values("person_id")
    named = [pk for pk in (project.owner_id, project.business_partner_id) if pk is not None]
    return User.objects.filter(Q(pk__in=named) | Q(pk__in=members), is_active=True)


def can_answer(user: User, project: Project) -> bool:
    """Who was there: owner, members, assessors, and the business partner."""
    if not user.is_active:
        return False
    if user.pk in {project.owner_id, project.business_partner_id}:
        return True
    return ProjectMember.objects.filter(project=project, person=user).exists()


def can_add_lesson(user: User, project: Project) -> bool:
    """Whoever may answer may say what the next project should know."""
    return can_answer(user, project)


def can_drop_lesson(user: User, lesson: Lesson) -> bool:
    """Whoever wrote it, or the owner of the project."""
    return user.is_active and user.pk in {lesson.written_by_id, lesson.project.owner_id}


def can_promise(user: User, project: Project) -> bool:
    """Follow-ups bind people and days: the owner of the project opens them."""
    return is_owner(user, project)


def can_hold(user: User, project: Project) -> bool:
    """The owner of the project picks the day and says that it was held."""
    return is_owner(user, project)


def can_facilitate(user: User, retro: Retro) -> bool:
    """The owner of the project, and whom he asked to lead the meeting: from notes to votes to the discussion."""
    return user.is_active and user.pk in {retro.project.owner_id, retro.facilitator_id}


def can_read_notes(user: User, retro: Retro) -> bool:
    """Notes stay with those who were present, once they are shown at all."""
    if retro.is_collecting or retro.is_waived:
        return False
    return Participant.objects.filter(retro=retro, person=user, is_present=True).exists()


def can_waive(user: User, project: Project) -> bool:
    """A lead, but never of his own project."""
    return user.is_active and user.has_role(Role.LEAD) and project.owner_id != user.pk


def can_answer_lesson(user: User, project: Project) -> bool:
    """The owner of the project adopts a lesson for it, or says why it does not apply."""
    return is_owner(user, project)
