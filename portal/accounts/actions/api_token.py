"""Making and revoking the tokens by which programs act as a person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.checks import save_checked
from portal.accounts.models import ApiToken, User
from portal.accounts.models.api_token import SHOWN_END
from portal.accounts.permissions import can_change_token, require
from portal.audit.actions import record
from portal.common.errors import InvalidInputError

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.enums import Scope

#: What a token begins with, so that whoever finds one in a file knows what it is.
PREFIX: Final = "fst_"
#: More than this nobody keeps in view.
MOST_TOKENS: Final = 20
LONGEST_DAYS: Final = 366


@transaction.atomic
def make_token(*, name: str, scope: Scope, days: int, by: User, now: datetime) -> tuple[ApiToken, str]:
    """A new token of one's own, and its text, which is shown this once."""
    User.objects.select_for_update().get(pk=by.pk)
    if not 0 < days <= LONGEST_DAYS:
        raise InvalidInputError({"days": [_("A token lasts a year at most.")]})
    if ApiToken.objects.kept().filter(person=by).count() >= MOST_TOKENS:
        raise InvalidInputError({"name": [_("You have %(most)d tokens: revoke one first.") % {"most": MOST_TOKENS}]})
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person=by,
        name=name,
        scope=scope,
        digest=digest_of(text),
        ending=text[-SHOWN_END:],
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    save_checked(token)
    record("token.made", token, by=by, now=now, after={"scope": scope, "expires_at": token.expires_at})
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, now: datetime) -> None:
    """From now on nothing comes in with it."""
    require(can_change_token(by, token))
    if ApiToken.objects.kept().filter(pk=token.pk).update(revoked_at=now):
        record("token.revoked", token, by=by, now=now)


def digest_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
