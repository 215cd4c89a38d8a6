"""The people who work here: a directory for everybody, kept by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.accounts.enums import Role
from portal.accounts.filters import IN_VIEW, VIEWS, PeopleFilter
from portal.accounts.models import User
from portal.accounts.permissions import can_manage_people
from portal.common.components import Facet, Link, Tab
from portal.common.http import page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest

PAGE = 25


@require_safe
def people(request: PortalRequest) -> HttpResponse:
    asked = PeopleFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    fitting = asked.narrow(User.objects.all())
    counts = fitting.aggregate(**{view: Count("pk", filter=which) for view, which in IN_VIEW.items()})
    found = asked.from_here(fitting.filter(IN_VIEW[asked.chosen_view]))
    related = found.select_related("department", "manager", "site").prefetch_related("groups")
    rows = list(related.order_by("name", "pk")[: PAGE + 1])
    shown = (asked.cleaned_data["shown"] or 0) + len(rows[:PAGE])
    is_more = asked.cleaned_data["after"] is not None
    context = {
        "rows": rows[:PAGE],
        "shown": shown,
        "total": counts[asked.chosen_view],
        "more_url": asked.address(after=str(rows[PAGE - 1].pk), shown=str(shown)) if len(rows) > PAGE else "",
        "is_more": is_more,
        "asked": asked,
        "heading": heading(asked, counts),
        "tabs": tabs(asked, counts),
        "facets": [role_facet(asked)],
        "clear_url": asked.address(q="", role=""),
        "may_manage": can_manage_people(request.user),
    }
    return page(request, "accounts/people.html", context, fragment="accounts/_people_more.html" if is_more else "")


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


def tabs(asked: PeopleFilter, counts: Mapping[str, int]) -> list[Tab]:
    return [
        Tab(words, asked.address(view=view), is_current=view == asked.chosen_view, count=f"{counts[view]:,}")
        for view, words in VIEWS.items()
    ]


def role_facet(asked: PeopleFilter) -> Facet:
    chosen = asked.cleaned_data["role"]
    if chosen:
        return Facet(_("Role"), value=Role(chosen).label, url=asked.address(role=""))
    return Facet(_("Role"), choices=[Link(role.label, asked.address(role=role.value)) for role in Role])
