"""Answering the three questions, each person apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.notifications.actions import settle
from retros.actions.retro import still_open
from retros.enums import RetroState
from retros.models import Retro, RetroAnswer
from retros.permissions import can_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from portal.accounts.models import User

#: Until the first answer comes.
NOBODY_YET = (RetroState.OWED, RetroState.SCHEDULED)


@transaction.atomic
def answer(
    retro: Retro, *, went_well: str, was_hard: str, do_next: str, version: int = 0, by: User, now: datetime
) -> RetroAnswer:
    """Write, or until the retro is held rewrite, one's own answers. `version` is that of the answer read; 0 for none.

    The audit says that somebody answered, never what. Raises PermissionDenied, IllegalStateError, StaleObjectError,
    InvalidInputError (a question left empty).
    """
    require_answer(retro, by)
    texts = {"went_well": went_well.strip(), "was_hard": was_hard.strip(), "do_next": do_next.strip()}
    empty = {name: _("A few words, please. “Nothing” is an answer too.") for name, text in texts.items() if not text}
    if empty:
        raise InvalidInputError(empty)
    current = still_open(retro)
    if current.is_board:
        raise IllegalStateError(_("This retro is a meeting: write notes for its board."))
    mine = RetroAnswer.objects.filter(retro=current, person=by).first()
    if mine is None:
        return first_answer(current, texts, by=by, now=now)
    if texts == {name: getattr(mine, name) for name in texts}:
        return mine
    won = RetroAnswer.objects.filter(pk=mine.pk, version=version).update(
        version=F("version") + 1, updated_at=now, **texts
    )
    if not won:
        raise StaleObjectError(mine)
    record("retro.answer_changed", mine, by=by, now=now, project_id=current.project_id)
    return RetroAnswer.objects.get(pk=mine.pk)


def require_answer(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may answer."""
    require(can_answer(by, retro.project), _("The people of the project answer: who worked on it or assessed it."))


def first_answer(retro: Retro, texts: Mapping[str, str], *, by: User, now: datetime) -> RetroAnswer:
    """The caller holds the lock and has looked that there is none of this person yet."""
    mine = RetroAnswer.objects.create(retro=retro, person=by, answered_at=now, updated_at=now, **texts)
    Retro.objects.filter(pk=retro.pk, state__in=NOBODY_YET).update(state=RetroState.COLLECTING)
    settle("retro_answer", retro.pk, now=now, person=by)
    record("retro.answered", mine, by=by, now=now, project_id=retro.project_id)
    return mine
