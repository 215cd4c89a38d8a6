"""What comes of a retro: lessons for the next project, follow-ups for this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import folded
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.follow_ups import open_follow_up
from projects.actions.project import check_fields
from retros.actions.retro import beat, only_owner, still_open
from retros.models import Lesson, LessonTag, Retro
from retros.permissions import can_add_lesson, can_drop_lesson, can_promise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.models import FollowUp

#: How a follow-up names the stage it came from.
ORIGIN = "retro"


@transaction.atomic
def add_lesson(
    retro: Retro,
    *,
    text: str,
    applies_when: str = "",
    tags: Sequence[str] = (),
    by: User,
    now: datetime,
    **details: Any,
) -> Lesson:
    """Write down what the next project should know; the same words twice are one lesson. `details` are its kind, its
    cause and what it cost; a major project says the cause of each.

    Raises PermissionDenied, IllegalStateError (settled), InvalidInputError (empty).
    """
    require_lesson(retro, by)
    text, applies_when = text.strip(), applies_when.strip()
    if not text:
        raise InvalidInputError({"text": _("Write the lesson in one sentence.")})
    current = still_open(retro)
    if current.is_major and not details.get("cause"):
        raise InvalidInputError({"cause": _("Write which step or condition led to it, not who.")})
    known = Lesson.objects.filter(retro=current, text=text, applies_when=applies_when).first()
    if known is not None:
        return known
    words = " ".join([text, applies_when, details.get("cause", ""), *tags])
    lesson = Lesson(project=current.project, retro=current, text=text, applies_when=applies_when, **details)
    check_fields(lesson, ["text", "applies_when", *details])
    lesson.search_text, lesson.written_by, lesson.written_at = folded(words), by, now
    lesson.save()
    LessonTag.objects.bulk_create(LessonTag(lesson=lesson, name=name) for name in tags)
    beat(current)
    after = {"text": text, "applies_when": applies_when}
    record("lesson.added", lesson, by=by, now=now, project_id=current.project_id, after=after)
    return lesson


@transaction.atomic
def drop_lesson(lesson: Lesson, *, by: User, now: datetime) -> None:
    """Take a lesson back while the retro is open. Raises PermissionDenied, IllegalStateError (settled, or gone)."""
    require(can_drop_lesson(by, lesson), _("Who wrote it, or the owner of the project, takes it back."))
    current = still_open(lesson.retro)
    before = {"text": lesson.text, "applies_when": lesson.applies_when}
    gone, _rows = Lesson.objects.filter(pk=lesson.pk).delete()
    if not gone:
        raise IllegalStateError(_("It was taken back already."))
    beat(current)
    record("lesson.dropped", lesson, by=by, now=now, project_id=current.project_id, before=before)


@transaction.atomic
def promise(retro: Retro, *, title: str, owner: User, due_on: date, by: User, now: datetime) -> FollowUp:
    """Open a follow-up of this retro: what will be done, by whom, until when.

    Raises PermissionDenied, IllegalStateError (settled), InvalidInputError (empty, a day past, a person who left).
    """
    require_promise(retro, by)
    if not title.strip():
        raise InvalidInputError({"title": _("Write what will be done.")})
    current = still_open(retro)
    follow_up = open_follow_up(
        current.project, title=title.strip(), owner=owner, due_on=due_on, origin=ORIGIN, by=by, now=now
    )
    current.follow_ups.add(follow_up)
    beat(current)
    return follow_up


def require_lesson(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may add a lesson."""
    require(can_add_lesson(by, retro.project), _("The people of the project write its lessons."))


def require_promise(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may promise a follow-up."""
    require(can_promise(by, retro.project), only_owner(retro.project))
