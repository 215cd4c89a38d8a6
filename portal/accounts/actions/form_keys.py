"""A form sent twice acts once: double click, a repeated request, the Back button."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from portal.accounts.models import FormKey
from portal.audit.encoding import AuditEncoder
from portal.common.errors import InvalidInputError, KeyReuseError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from portal.accounts.models import User

LONGEST_KEY: Final = 64
KEPT_FOR: Final = timedelta(days=7)
#: Differs between two renderings of the same form.
_NOISE: Final = "csrfmiddlewaretoken"


@transaction.atomic
def once(person: User, key: str, payload: Mapping[str, Any], deed: Callable[[], str]) -> str:
    """Run `deed`, which returns where to go next, unless this form was sent before: then go where it led.

    Deed and key are one transaction, so a deed that fails leaves the key free. Two at once: the second waits for the
    first's key row (PostgreSQL) or transaction (SQLite) and reads its answer. The same key with another payload raises
    KeyReuseError. A form without a key is not protected.
    """
    return _once(person, key, payload, deed, "location")


@transaction.atomic
def answered_once(person: User, key: str, payload: Mapping[str, Any], deed: Callable[[], str]) -> str:
    """As `once`, for a program: `deed` returns the answer itself, which is given again to the same request."""
    return _once(person, key, payload, deed, "answer")


def _once(person: User, key: str, payload: Mapping[str, Any], deed: Callable[[], str], kept: str) -> str:
    if not key:
        return deed()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise InvalidInputError({"__all__": ["unreadable form key"]})
    digest = _digest(payload)
    row, is_first = FormKey.objects.get_or_create(
        person=person, key=key, defaults={"digest": digest, "created_at": timezone.now()}
    )
    if not is_first:
        if row.digest != digest:
            raise KeyReuseError(row.location)
        return str(getattr(row, kept))
    outcome = deed()
    setattr(row, kept, outcome)
    row.save(update_fields=[kept])
    return outcome


def forget_form_keys(*, now: datetime) -> int:
    """Drop keys so old that no page still holds them."""
    return FormKey.objects.filter(created_at__lt=now - KEPT_FOR).delete()[0]


def _digest(payload: Mapping[str, Any]) -> str:
    items = dict(payload.lists()) if isinstance(payload, MultiValueDict) else dict(payload)
    items.pop(_NOISE, None)
    canonical = json.dumps(items, sort_keys=True, separators=(",", ":"), cls=AuditEncoder)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
