"""Giving a signed link out, opening it, and ending it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from portal.links.enums import WhyDead
from portal.links.models import SignedLink
from portal.links.policy import DAYS
from portal.links.purposes import OpenLink, address, purpose_of
from portal.policy.store import value

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from portal.accounts.models import User

TOKEN_BYTES: Final = 32


class DeadLinkError(Exception):
    """The link opens nothing; `why` holds the words for its holder."""

    def __init__(self, why: WhyDead) -> None:
        super().__init__(why)
        self.why = why


def issue(purpose: str, object_id: int, person: User, *, now: datetime) -> str | None:
    """Give out a link and return its address; None where the person could not use it, or nothing is left to do."""
    declared = purpose_of(purpose)
    found = declared.find(object_id, person) if declared and person.is_active else None
    if declared is None or found is None or not declared.still_owed(found):
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    SignedLink.objects.create(
        person=person,
        purpose=purpose,
        object_id=object_id,
        digest=digest_of(token),
        created_at=now,
        expires_at=now + timedelta(days=value(DAYS)),
    )
    return address(token)


def open_link(token: str, *, now: datetime) -> OpenLink:
    """What the link opens. Raises DeadLinkError. Asks the right anew, and changes nothing: robots open links too."""
    row = SignedLink.objects.select_related("person__site").filter(digest=digest_of(token)).first()
    if row is None:
        raise DeadLinkError(WhyDead.UNKNOWN)
    if row.used_at is not None:
        raise DeadLinkError(WhyDead.USED)
    if row.withdrawn_at is not None:
        raise DeadLinkError(WhyDead.WITHDRAWN)
    if row.expires_at <= now:
        raise DeadLinkError(WhyDead.EXPIRED)
    purpose = purpose_of(row.purpose)
    found = purpose.find(row.object_id, row.person) if purpose and row.person.is_active else None
    if purpose is None or found is None:
        raise DeadLinkError(WhyDead.LOST)
    if not purpose.still_owed(found):
        raise DeadLinkError(WhyDead.OVER)
    return OpenLink(row, token, purpose, found)


def spend_if_done(link: OpenLink, *, now: datetime) -> bool:
    """After a deed: end the link, and every other of this person for the same deed, if nothing is left to do by it."""
    found = link.purpose.find(link.row.object_id, link.person)
    if found is not None and link.purpose.still_owed(found):
        return False
    alive(link.row.purpose, link.row.object_id).filter(person=link.person).update(used_at=now)
    return True


def withdraw(purpose: str, object_id: int, *, now: datetime, person: User | None = None) -> int:
    """Take back the links for a deed, of one person or of all, and return how many those were."""
    links = alive(purpose, object_id)
    return (links if person is None else links.filter(person=person)).update(withdrawn_at=now)


def alive(purpose: str, object_id: int) -> QuerySet[SignedLink]:
    """Links for the deed that are neither used nor taken back."""
    return SignedLink.objects.filter(purpose=purpose, object_id=object_id, used_at=None, withdrawn_at=None)


def digest_of(token: str) -> str:
    """What the table keeps. The token is random and long, so a plain hash cannot be searched backwards."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
