"""What an app declares so that a deed of its own can be done by a signed link.

To add a purpose, write `<app>/views/by_link.py` with

1. `find(object_id, person)`: the object, asked for through `visible_to(person)` and the `can_<verb>` of the deed, or
   None: the right is asked at every opening, so it may be lost meanwhile;
2. `still_owed(object)`: whether the deed is still to be done. When a POST has made it false, the link is spent;
3. `pages`: a view `(request: LinkRequest) -> HttpResponse` for "" and, if there are more pages, for each further word
   of the address. A view calls the same action as the page for those who sign in, `by=request.user`, leads on to
   `request.link.url()`, renders on GET without any effect, and shows no link that needs a session;
4. `PURPOSES = (LinkPurpose(...),)`, listed in `portal/process.py`.

A mail carries the link as soon as the kind of obligation or news names it: `signed_link=lambda object_id, person:
("app.verb", object_id)`. Otherwise `portal.links.actions.issue` gives an address. Nothing else needs to be written:
expiry, use, deactivation and the words of a dead link are the same for all, and audit rows name the link.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from portal.accounts.http import PortalRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import Model
    from django.http import HttpResponse

    from portal.accounts.models import User
    from portal.links.models import SignedLink


@dataclass(frozen=True, slots=True)
class LinkPurpose:
    """One deed that may be done by link. See the module's text for each part."""

    key: str
    find: Callable[[int, User], Model | None]
    still_owed: Callable[[Any], bool]
    pages: Mapping[str, Callable[[LinkRequest], HttpResponse]]


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that is good at this moment: whom it stands for, and the object of its deed."""

    row: SignedLink
    token: str
    purpose: LinkPurpose
    found: Any

    @property
    def person(self) -> User:
        return self.row.person

    def url(self, part: str = "") -> str:
        """The address of one of its pages."""
        return address(self.token, part)


class LinkRequest(PortalRequest):
    """What a view of a purpose meets: `user` is the person whom the link stands for, without a session."""

    link: OpenLink


def address(token: str, part: str = "") -> str:
    """Where a link leads."""
    return reverse("links:part", args=[token, part]) if part else reverse("links:open", args=[token])


def purpose_of(key: str) -> LinkPurpose | None:
    """What `settings.PROCESS` declares; None for a purpose that is no more."""
    purposes: Mapping[str, LinkPurpose] = import_string(settings.PROCESS).link_purposes
    return purposes.get(key)
