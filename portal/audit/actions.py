"""The one way to write an audit row, and what a row says of how its actor came."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from structlog.contextvars import bound_contextvars, get_contextvars

from portal.audit.models import AuditEntry
from portal.common import request_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from django.db.models import Model

    from portal.accounts.models import User

LINK: Final = "link_id"
OTHER: Final = "on_behalf_of_id"


@contextmanager
def by_link(link_id: int) -> Iterator[None]:
    """Whatever is done inside, its actor did by this signed link."""
    with bound_contextvars(**{LINK: link_id}):
        yield


@contextmanager
def on_behalf(other: User | None) -> Iterator[None]:
    """Whatever is done inside, its actor did for this colleague; for himself, if there is none."""
    with bound_contextvars(**{OTHER: other and other.pk}):
        yield


def record(
    verb: str,
    subject: Model,
    *,
    by: User | None,
    now: datetime,
    project_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write who did what to `subject`; `by` None means that policy acted.

    Called inside the action's transaction, so that the deed and its record stand or fall together.
    """
    return AuditEntry.objects.create(
        at=now,
        actor=by,
        on_behalf_of_id=get_contextvars().get(OTHER) if by else None,
        verb=verb,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        project_id=project_id,
        request_id=request_id.current()[:64],
        link_id=get_contextvars().get(LINK),
        before=before,
        after=after,
    )
