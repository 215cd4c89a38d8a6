"""What a project makes of the lessons of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.follow_ups import open_follow_up
from projects.actions.project import check_fields, lock
from projects.models import Project
from retros.actions.retro import only_owner
from retros.enums import LessonAnswer
from retros.models import Lesson, LessonUse
from retros.permissions import can_answer_lesson

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.models import FollowUp

#: How a follow-up says where it came from.
ORIGIN = "lesson"
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Promise:
    """Who does it, until when."""

    owner: User
    due_on: date


@transaction.atomic
def answer_lesson(
    lesson: Lesson,
    project: Project,
    answer: LessonAnswer,
    *,
    note: str = "",
    promise: Promise | None = None,
    by: User,
    now: datetime,
) -> LessonUse:
    """Adopt a lesson, with a follow-up where one is promised, or say why it does not apply. The last word counts.

    Raises PermissionDenied, IllegalStateError (over, or its own), InvalidInputError (no reason, a day past, …).
    """
    require(can_answer_lesson(by, project), only_owner(project))
    current = lock(project)
    if not Project.objects.running().filter(pk=current.pk).exists() or lesson.project_id == current.pk:
        raise IllegalStateError(_("A lesson is adopted by another project, while that is running."))
    note = note.strip()
    if answer == LessonAnswer.NOT_APPLICABLE and not note:
        raise InvalidInputError({"note": _("Write why it does not apply here, in one sentence.")})
    check_fields(LessonUse(note=note), ["note"])
    before = LessonUse.objects.filter(lesson=lesson, project=current).first()
    if before is not None and (before.answer, before.note) == (answer, note) and promise is None:
        return before
    follow_up = promised(lesson, current, promise, before, by=by, now=now)
    values = {"answer": answer, "note": note, "follow_up": follow_up, "answered_by": by, "answered_at": now}
    use, _is_new = LessonUse.objects.update_or_create(lesson=lesson, project=current, defaults=values)
    record(f"lesson.{answer}", use, by=by, now=now, project_id=current.pk, after={"lesson": lesson.pk, "note": note})
    return use


def promised(
    lesson: Lesson, project: Project, promise: Promise | None, before: LessonUse | None, *, by: User, now: datetime
) -> FollowUp | None:
    """The follow-up of an adoption: the one that was promised before, or a new one."""
    if before is not None and before.follow_up is not None:
        return before.follow_up
    if promise is None:
        return None
    return open_follow_up(
        project,
        title=lesson.text[:LONGEST_TITLE],
        owner=promise.owner,
        due_on=promise.due_on,
        origin=ORIGIN,
        by=by,
        now=now,
    )
