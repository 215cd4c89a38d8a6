"""Keeping, changing and dropping one's own view of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.checks import save_checked
from portal.accounts.models import SavedView, User
from portal.accounts.permissions import can_change_view, require
from portal.audit.actions import record
from portal.common.errors import InvalidInputError

if TYPE_CHECKING:
    from datetime import datetime

    from portal.common.lists import ListFilter

#: More tabs than this are read by nobody.
MOST_VIEWS: Final = 12


@transaction.atomic
def keep_view(asked: ListFilter, *, name: str, is_default: bool, by: User, now: datetime) -> SavedView:
    """Give what is asked of a list a name."""
    User.objects.select_for_update().get(pk=by.pk)
    own = SavedView.objects.filter(person=by, page=asked.url_name)
    if own.count() >= MOST_VIEWS:
        raise InvalidInputError(
            {"name": _("You keep %(most)d views of this list: drop one first.") % {"most": MOST_VIEWS}}
        )
    view = SavedView(person=by, page=asked.url_name, query=asked.query)
    return _saved(view, "view.kept", name=name, is_default=is_default, by=by, now=now)


@transaction.atomic
def change_view(view: SavedView, *, name: str, is_default: bool, by: User, now: datetime) -> SavedView:
    """Call it otherwise, or open the list with it."""
    require(can_change_view(by, view))
    User.objects.select_for_update().get(pk=by.pk)
    return _saved(view, "view.changed", name=name, is_default=is_default, by=by, now=now)


@transaction.atomic
def drop_view(view: SavedView, *, by: User, now: datetime) -> None:
    """Forget it."""
    require(can_change_view(by, view))
    record("view.dropped", view, by=by, now=now, before={"page": view.page})
    view.delete()


def _saved(view: SavedView, verb: str, *, name: str, is_default: bool, by: User, now: datetime) -> SavedView:
    view.name, view.is_default = name, is_default
    if is_default:
        SavedView.objects.filter(person=by, page=view.page, is_default=True).exclude(pk=view.pk).update(
            is_default=False
        )
    save_checked(view)
    record(verb, view, by=by, now=now, after={"page": view.page, "is_default": is_default})
    return view
