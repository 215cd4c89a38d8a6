"""The register across all projects that the reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.common import formats
from portal.common.components import Facet, Tab
from portal.common.http import page
from portal.common.templatetags.ui import comma
from portal.policy.store import value
from projects.forms import CURRENCY_SIGN
from risks import policy
from risks.exposure import CHANCES
from risks.filters import VIEWS, RiskFilter
from risks.matrix import edges_of, matrix
from risks.models import Risk
from risks.querysets import GREATEST_FIRST
from risks.summaries import lines_of, matrix_counts, totals_of
from risks.views.sheet import language, money

if TYPE_CHECKING:
    from decimal import Decimal

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from risks.summaries import Totals

PAGE = 25


@require_safe
def risk_list(request: PortalRequest) -> HttpResponse:
    asked = RiskFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    line, today = value(policy.APPETITE), timezone.localdate()
    visible = asked.search(Risk.objects.visible_to(request.user))
    totals = totals_of(visible, user=request.user, line=line, today=today)
    chosen = asked.narrow(visible, user=request.user, line=line, today=today)
    related = ("project", "owner", "plan_b", "acceptance")
    rows = asked.from_here(chosen).select_related(*related).prefetch_related("mitigations").order_by(*GREATEST_FIRST)
    risks = list(rows[: PAGE + 1])
    shown = (asked.cleaned_data["shown"] or 0) + len(risks[:PAGE])
    counts = matrix_counts(visible.open().of_running_projects(), line)
    context = {
        "lines": lines_of(risks[:PAGE], today=today),
        "shown": shown,
        "total": chosen.count() if asked.chosen_cell else counted(totals, asked.chosen_view),
        "more_url": asked.next_address(risks[PAGE - 1], shown) if len(risks) > PAGE else "",
        "heading": heading(totals),
        "totals": totals,
        "tabs": tabs(asked, totals),
        "facets": facets(asked, line),
        "clear_url": asked.address(q="", cell=""),
        "asked": asked,
        "appetite": line,
        "currency_sign": CURRENCY_SIGN,
        "matrix": matrix(counts, line, asked.chosen_cell),
    }
    return page(request, "risks/risk_list.html", context)


def counted(totals: Totals, view: str) -> int:
    """How many risks a view holds."""
    return int(getattr(totals, view))


def heading(totals: Totals) -> str:
    """The answer: how many are above the line, and how many of those nobody has answered."""
    if not totals.open:
        return _("No open risk is listed")
    if not totals.above:
        return nothing_above(totals)
    above = ngettext(
        "%(above)d of %(open)d open risks is above the line",
        "%(above)d of %(open)d open risks are above the line",
        totals.above,
    ) % {"above": totals.above, "open": totals.open}
    if not totals.unanswered:
        return _("%(above)s, and answered") % {"above": above}
    if totals.above == totals.unanswered:
        return _("%(above)s, without an answer") % {"above": above}
    return _("%(above)s, %(count)d of them without an answer") % {"above": above, "count": totals.unanswered}


def nothing_above(totals: Totals) -> str:
    """Nothing above the line; but what has no figure yet may still turn out to be."""
    if totals.unknown == totals.open:
        words = ngettext(
            "The one open risk has no figure yet", "None of %(open)d open risks has a figure yet", totals.open
        )
    elif totals.unknown:
        words = _("Of %(open)d open risks none is above the line, and %(unknown)d have no figure yet")
    else:
        words = ngettext(
            "The one open risk is not above the line", "None of %(open)d open risks is above the line", totals.open
        )
    return words % {"open": totals.open, "unknown": totals.unknown}


def tabs(asked: RiskFilter, totals: Totals) -> list[Tab]:
    return [
        Tab(
            words,
            asked.address(view=view, cell=""),
            is_current=view == asked.chosen_view,
            count=f"{counted(totals, view):,}",
        )
        for view, words in VIEWS.items()
    ]


def facets(asked: RiskFilter, line: Decimal) -> list[Facet]:
    """A chosen cell of the matrix stands in the filter bar, so that it can be taken away."""
    if not asked.chosen_cell:
        return []
    row, column = asked.chosen_cell
    lower, upper = edges_of(column, line)
    chance = formats.percent(CHANCES[row], language())
    impact = (
        _("up to %(upper)s") % {"upper": money(upper)}
        if upper is not None
        else _("above %(lower)s") % {"lower": money(lower)}
    )
    return [Facet(_("Cell"), value=f"{chance}{comma()}{impact}", url=asked.address(cell=""))]
