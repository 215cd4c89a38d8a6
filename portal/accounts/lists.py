"""A list as a signed-in person asks for it: by the address, or where that is bare by the view he made his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.urls import reverse

from portal.accounts.models import SavedView
from portal.common.lists import Kept, ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.accounts.http import PortalRequest

ListT = TypeVar("ListT", bound=ListFilter)


def asked_of(request: PortalRequest, kind: type[ListT], now: datetime) -> ListT:
    """What the address asks of the list. Raises BadRequest for what it cannot understand."""
    views = list(SavedView.objects.filter(person=request.user, page=kind.url_name))
    kept = [Kept(view.name, view.query, reverse("view_edit", args=[view.pk])) for view in views]
    if not request.GET and (own := _default(kind, views, kept, request, now)):
        return own
    asked = kind(request.GET, reader=request.user, now=now, kept=kept)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    return asked


def _default(
    kind: type[ListT], views: Sequence[SavedView], kept: Sequence[Kept], request: PortalRequest, now: datetime
) -> ListT | None:
    """The list as the person's own view asks for it; none where there is none, or where it means nothing any more."""
    for view in views:
        if view.is_default:
            asked = kind(QueryDict(view.query), reader=request.user, now=now, kept=kept)
            return asked if asked.is_valid() else None
    return None
