"""The few colleagues that fit what is typed into a box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import BadRequest
from django.views.decorators.http import require_safe

from portal.accounts.filters import PickFilter
from portal.accounts.models import User
from portal.common.http import page
from portal.common.pace import over_pace

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest

MOST: Final = 10
#: Faster than anybody types; slower than whoever copies the directory.
A_MINUTE: Final = 120


@require_safe
def people_pick(request: PortalRequest) -> HttpResponse:
    if refusal := over_pace(request, "people_pick", most=A_MINUTE):
        return refusal
    asked = PickFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    found = asked.narrow(User.objects.active()).nearest(asked.cleaned_data["q"]).select_related("department")
    return page(request, "accounts/_people_pick.html", {"people": found[:MOST]})
