"""The people who work here: a directory for everybody, kept by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.accounts.filters import PeopleFilter
from portal.accounts.lists import asked_of
from portal.accounts.models import User
from portal.accounts.permissions import can_manage_people
from portal.common.http import page
from portal.common.lists import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest


@require_safe
def people(request: PortalRequest) -> HttpResponse:
    asked = asked_of(request, PeopleFilter, timezone.now())
    fitting = asked.fits(User.objects.all())
    counts = fitting.aggregate(**{view: Count("pk", filter=asked.condition(view)) for view in asked.views})
    shown = asked.in_view(fitting).select_related("department", "manager", "site").prefetch_related("groups")
    context = {
        "listing": Listing(asked, asked.page_of(shown, counts[asked.chosen_view]), counts),
        "heading": heading(asked, counts),
        "may_manage": can_manage_people(request.user),
    }
    return page(request, "accounts/people.html", context)


def heading(asked: PeopleFilter, counts: Mapping[str, int]) -> str:
    """The answer: how many there are, and how many of them nobody leads."""
    if asked.is_narrowed:
        count = counts[asked.chosen_view]
        return ngettext("%(count)s person fits", "%(count)s people fit", count) % {"count": f"{count:,}"}
    active, alone = counts["active"], counts["no_manager"]
    words = ngettext("%(count)s person", "%(count)s people", active) % {"count": f"{active:,}"}
    if not alone:
        return _("%(people)s, each with a manager") % {"people": words}
    return ngettext("%(people)s, %(count)s has no manager", "%(people)s, %(count)s have no manager", alone) % {
        "people": words,
        "count": f"{alone:,}",
    }
