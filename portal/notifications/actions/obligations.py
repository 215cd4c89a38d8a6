"""Opening, moving and settling what a person owes. Called inside the transaction of the action that brings it about."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import transaction

from portal.notifications import registry
from portal.notifications.enums import Channel
from portal.notifications.ladder import ahead
from portal.notifications.models import Delivery, Extension, Obligation
from portal.notifications.policy import ladder_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.accounts.models import User
    from portal.notifications.kinds import Rung


@transaction.atomic
def owe(
    kind: str,
    object_id: int,
    person: User,
    *,
    due_at: datetime,
    now: datetime,
    project_id: int | None = None,
    ladder: Sequence[Rung] | None = None,
) -> Obligation:
    """Let `person` owe this until `due_at`; if he does already, move the date.

    The ladder in force (`ladder`, else that of the policy) is copied onto the row. Owing the same again until the same
    moment changes nothing, so no reminder comes twice.
    """
    rungs = ladder_of(registry.obligation_kind(kind)) if ladder is None else ladder
    obligation, is_new = Obligation.objects.get_or_create(
        kind=kind,
        object_id=object_id,
        person=person,
        settled_at=None,
        defaults={"project_id": project_id, "opened_at": now, "due_at": due_at}
        | _plan(person, rungs, used=[], due_at=due_at, now=now),
    )
    if is_new or obligation.due_at == due_at:
        return obligation
    # Held, so that the sweep either fired a rung before this and the list of used rungs says so, or fires none.
    obligation = Obligation.objects.select_for_update().get(pk=obligation.pk)
    plan = _plan(person, rungs, used=obligation.ladder[: obligation.next_rung], due_at=due_at, now=now)
    for field, value in ({"due_at": due_at, "failures": 0, "noticed_at": None} | plan).items():
        setattr(obligation, field, value)
    obligation.save(update_fields=["due_at", "failures", "noticed_at", *plan])
    return obligation


@transaction.atomic
def settle(kind: str, object_id: int, *, now: datetime, person: User | None = None) -> int:
    """End what is owed, by `person` or by all, and return how much that was.

    Reminders of it that lie unread in an inbox count as read: they are no news any more. Mail that still waits finds
    the thing settled when its turn comes.
    """
    # A kind that nobody declares would settle nothing, in silence.
    key = registry.obligation_kind(kind).key
    owed = Obligation.objects.open().filter(kind=key, object_id=object_id)
    if person is not None:
        owed = owed.filter(person=person)
    ids = list(owed.values_list("pk", flat=True))
    if not ids:
        return 0
    settled = Obligation.objects.open().filter(pk__in=ids).update(settled_at=now)
    asked = Extension.objects.filter(obligation__in=ids, answered_at=None).values("pk")
    Obligation.objects.open().filter(kind="extension_answer", object_id__in=asked).update(settled_at=now)
    Delivery.objects.filter(obligation__in=ids, channel=Channel.INBOX).unread().update(read_at=now)
    return settled


def _plan(
    person: User, rungs: Sequence[Rung], *, used: list[dict[str, Any]], due_at: datetime, now: datetime
) -> dict[str, Any]:
    coming, first_at = ahead(rungs, due_at, now, person.zone, person.calendar())
    return {
        "ladder": [*used, *(asdict(rung) for rung in coming)],
        "next_rung": len(used),
        "next_rung_at": first_at,
    }
