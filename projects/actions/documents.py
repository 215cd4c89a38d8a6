"""Documents of a project: links and files are added and taken away; a file is judged by what is in it."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.policy.store import value
from projects import policy
from projects.actions.project import check_fields, lock
from projects.attachments import TYPES, clean_name, is_allowed
from projects.models import Document, Submission
from projects.permissions import OVER, can_add_document, can_drop_document

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.base import File
    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.enums import DocumentKind
    from projects.models import Project

MEGABYTE = 2**20


@transaction.atomic
def add_link(project: Project, url: str, *, title: str, kind: DocumentKind, by: User, now: datetime) -> Document:
    """Link a document, so that nobody retypes what it says. Raises PermissionDenied, IllegalStateError, InvalidInputError."""
    current = opened(project, by)
    if not url:
        raise InvalidInputError({"url": _("Write an address that begins with https://.")})
    document = Document(project=current, url=url, title=title, kind=kind, added_by=by, added_at=now)
    check_fields(document, ["url", "title", "kind"])
    document.save(force_insert=True)
    return noted(document, by, now)


@transaction.atomic
def add_file(
    project: Project, upload: File[bytes], *, title: str, kind: DocumentKind, by: User, now: datetime
) -> Document:
    """Keep a file under a random name. Its name and its content are judged, whatever sent it says of it.

    Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    current = opened(project, by)
    name = clean_name(upload.name or "")
    data = judged(current, name, upload)
    document = Document(project=current, title=title, kind=kind, added_by=by, added_at=now)
    check_fields(document, ["title", "kind"])
    document.name, document.size, document.digest = name, len(data), hashlib.sha256(data).hexdigest()
    document.file.save(name, ContentFile(data), save=False)
    try:
        document.save(force_insert=True)
        return noted(document, by, now)
    except BaseException:
        document.file.delete(save=False)
        raise


@transaction.atomic
def drop_document(document: Document, *, by: User, now: datetime) -> None:
    """Take it away; a file goes with it, unless a submission was frozen with it. Gone already, nothing changes."""
    require(can_drop_document(by, document), _("Whoever added it takes it away, or the owner of the project."))
    current = lock(document.project)
    stored = Document.objects.filter(pk=document.pk, dropped_at=None).first()
    if stored is None:
        return
    before = {"title": stored.title, "url": stored.url, "digest": stored.digest}
    record("document.dropped", stored, by=by, now=now, project_id=current.pk, before=before)
    if Submission.objects.filter(project=current, submitted_at__gte=stored.added_at).exists():
        Document.objects.filter(pk=stored.pk).update(dropped_at=now)
        return
    if stored.file:
        transaction.on_commit(partial(stored.file.storage.delete, str(stored.file.name)))
    stored.delete()


def opened(project: Project, by: User) -> Project:
    """The locked project, whose documents may still grow. Raises PermissionDenied, IllegalStateError."""
    require(can_add_document(by, project), _("The people of the project add documents."))
    current = lock(project)
    if current.stage in OVER:
        raise IllegalStateError(_("This is not possible now: the project is “%s”.") % current.get_stage_display())
    return current


def noted(document: Document, by: User, now: datetime) -> Document:
    after = {"title": document.title, "url": document.url, "digest": document.digest}
    record("document.added", document, by=by, now=now, project_id=document.project_id, after=after)
    return document


def judged(project: Project, name: str, upload: File[bytes]) -> bytes:
    """The bytes of a file that may be kept. Raises InvalidInputError, whose code says why."""
    most = value(policy.ATTACHMENT_MOST_MB)
    if upload.size > most * MEGABYTE:
        refuse(_("A file has at most %s MB: link to it instead.") % most, "too_large")
    if not upload.size:
        refuse(_("This file is empty."), "empty")
    kept = Document.objects.filter(project=project).aggregate(size=Sum("size"))["size"] or 0
    if kept + upload.size > value(policy.PROJECT_FILES_MOST_MB) * MEGABYTE:
        refuse(_("The files of this project have no more room: take one away, or link to it."), "no_room")
    data = bytes(upload.read())
    if not is_allowed(name, data):
        endings = ", ".join(ending.removeprefix(".") for ending in TYPES)
        refuse(_("Attach a file of one of these kinds, which is what its name says: %s.") % endings, "wrong_kind")
    return data


def refuse(words: _StrOrPromise, code: str) -> None:
    raise InvalidInputError({"file": ValidationError(words, code=code)})
