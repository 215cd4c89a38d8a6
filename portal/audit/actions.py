"""The one way to write an audit row, what a row says of how its actor came, and how rows are sealed."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction
from structlog.contextvars import bound_contextvars, get_contextvars

from portal.audit.chain import COLUMNS, digest_of, key_id, line_of, mac_of, mark_of
from portal.audit.horizon import settled_id
from portal.audit.models import AuditEntry, AuditSeal
from portal.common import request_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from django.db.models import Model

    from portal.accounts.models import User

LINK: Final = "link_id"
#: The log names it so too.
CREDENTIAL: Final = "credential"
OTHER: Final = "on_behalf_of_id"
#: Entries under one seal.
BATCH: Final = 500
#: Seals of one run; what remains is sealed by the next.
MOST_SEALS: Final = 200


@contextmanager
def by_link(link_id: int) -> Iterator[None]:
    """Whatever is done inside, its actor did by this signed link."""
    with bound_contextvars(**{LINK: link_id}):
        yield


@contextmanager
def by_token(token_id: int | None) -> Iterator[None]:
    """Whatever is done inside, its actor did by a program with this token; by himself, if there is none."""
    with bound_contextvars(**{CREDENTIAL: token_id}):
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
        token_id=get_contextvars().get(CREDENTIAL) if by else None,
        before=before,
        after=after,
    )


def seal(*, now: datetime) -> int:
    """Chain what is settled and not sealed yet, in batches; says how many entries. Two at once seal each entry once."""
    settled = settled_id()
    sealed = 0
    for _round in range(MOST_SEALS if settled else 0):
        try:
            with transaction.atomic():
                count = _seal_batch(settled or 0, now)
        except IntegrityError:
            break  # another run wrote the seal of this number
        if not count:
            break
        sealed += count
    return sealed


def _seal_batch(settled: int, now: datetime) -> int:
    last = AuditSeal.objects.order_by("-number").first()
    start = last.last_id if last else 0
    rows = AuditEntry.objects.filter(pk__gt=start, pk__lte=settled).order_by("pk").values_list(*COLUMNS)[:BATCH]
    lines = {row[0]: line_of(row) for row in rows}
    if not lines:
        return 0
    new = AuditSeal(
        number=last.number + 1 if last else 1,
        sealed_at=now,
        first_id=min(lines),
        last_id=max(lines),
        count=len(lines),
        digest=digest_of(lines.values()),
        marks=[[pk, mark_of(line)] for pk, line in lines.items()],
        previous=last.mac if last else "",
        key_id=key_id(settings.AUDIT_KEY),
    )
    new.mac = mac_of(new, settings.AUDIT_KEY)
    new.save(force_insert=True)
    return len(lines)
