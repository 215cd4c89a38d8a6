"""Sounding out a draft: the owner asks colleagues to read it, they comment, he resolves. Nothing of the pitch changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce
from projects.actions.pitch import require_writer
from projects.actions.project import check_fields, lock
from projects.enums import Stage
from projects.models import DraftComment, DraftReader, Project
from projects.permissions import can_comment

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User


def drafted(project: Project) -> Project:
    """The locked project, which is a draft. Raises IllegalStateError."""
    current = lock(project)
    if current.stage != Stage.DRAFT:
        raise IllegalStateError(_("A draft is sounded out; this pitch is “%s” already.") % current.get_stage_display())
    return current


@transaction.atomic
def invite_reader(project: Project, person: User, *, by: User, now: datetime) -> DraftReader:
    """Ask a colleague to read the draft and to say what he thinks; asked again, nothing changes."""
    require_writer(project, by)
    current = drafted(project)
    if not person.is_active:
        raise InvalidInputError({"person": _("%s no longer works here.") % person})
    if person.pk == current.owner_id:
        raise InvalidInputError({"person": _("It is your own draft.")})
    reader, is_new = DraftReader.objects.get_or_create(project=current, person=person, defaults={"invited_at": now})
    if is_new:
        record("draft.shared", reader, by=by, now=now, project_id=current.pk, after={"person": person.pk})
        announce("draft_shared", reader.pk, [person], now=now, project_id=current.pk)
    return reader


@transaction.atomic
def uninvite_reader(reader: DraftReader, *, by: User, now: datetime) -> None:
    """He need not read it any more; what he said stays. Taken back already, nothing changes."""
    require_writer(reader.project, by)
    current = lock(reader.project)
    stored = DraftReader.objects.filter(pk=reader.pk).first()
    if stored is not None:
        record("draft.unshared", stored, by=by, now=now, project_id=current.pk, before={"person": stored.person_id})
        stored.delete()


@transaction.atomic
def comment_draft(project: Project, text: str, *, step: str, by: User, now: datetime) -> DraftComment:
    """Say something about a step of the draft, or (empty) about the whole; the owner hears it.

    Raises PermissionDenied, IllegalStateError (no draft), InvalidInputError.
    """
    require(can_comment(by, project), _("Those whom %s asked to read the draft comment on it.") % project.owner)
    current = drafted(project)
    if not text.strip():
        raise InvalidInputError({"text": _("Write what you think.")})
    comment = DraftComment(project=current, author=by, at=now, step=step, text=text)
    check_fields(comment, ["step", "text"])
    comment.save(force_insert=True)
    record("draft.commented", comment, by=by, now=now, project_id=current.pk, after={"step": step, "text": text})
    announce(
        "draft_commented", comment.pk, [current.owner] if by != current.owner else [], now=now, project_id=current.pk
    )
    return comment


@transaction.atomic
def resolve_comment(comment: DraftComment, answer: str, *, by: User, now: datetime) -> DraftComment:
    """Say that it is dealt with, and how; its author hears it. Raises PermissionDenied, IllegalStateError."""
    require_writer(comment.project, by)
    current = lock(comment.project)
    check_fields(DraftComment(answer=answer), ["answer"])
    won = DraftComment.objects.filter(pk=comment.pk, resolved_at=None).update(resolved_at=now, answer=answer)
    if not won:
        raise IllegalStateError(_("This comment is resolved already."))
    record("draft.resolved", comment, by=by, now=now, project_id=current.pk, after={"answer": answer})
    announce(
        "draft_resolved", comment.pk, [comment.author] if by != comment.author else [], now=now, project_id=current.pk
    )
    return DraftComment.objects.get(pk=comment.pk)
