"""The register across all projects that the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal.accounts.lists import asked_of
from portal.common import formats
from portal.common.counting import MOST_COUNTED, counted
from portal.common.exports import Sheet, exported
from portal.common.http import page
from portal.common.lists import Listing, ListPage
from portal.common.pace import costly
from projects.forms import CURRENCY_SIGN
from risks.enums import RiskState
from risks.exports import COLUMNS
from risks.filters import RiskFilter, view_of
from risks.lines import language
from risks.matrix import matrix
from risks.models import Risk
from risks.permissions import can_keep_register
from risks.summaries import for_lines, group_lines, lines_of, matrix_counts, sums_of, totals_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from portal.accounts.http import PortalRequest
    from risks.lines import RiskLine
    from risks.matrix import Matrix
    from risks.querysets import RiskQuerySet
    from risks.summaries import GroupLine, Sums, Totals

#: By what the list is summed: the key, and the words of it.
GROUPS: Mapping[str, tuple[str, str]] = {
    "project": ("project", "project__title"),
    "product": ("project__product", "project__product__name"),
    "owner": ("owner", "owner__name"),
    "state": ("state", "state"),
    "tag": ("tags__name", "tags__name"),
}
#: Views in which the risks can still happen, so that a sum of what they may cost means something.
STILL_OPEN = frozenset({"mine", "open", "above", "unanswered"})


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group in the list, which opens it."""

    line: GroupLine
    words: str
    url: str


@require_safe
def risk_list(request: PortalRequest) -> HttpResponse:
    asked = asked_of(request, RiskFilter, timezone.now())
    fitting = asked.fits(Risk.objects.visible_to(request.user))
    chosen = asked.in_view(fitting)
    size = fitting.order_by()[: MOST_COUNTED + 1].count()
    summary = summed(asked, fitting, chosen) if size <= MOST_COUNTED else many(asked, fitting, chosen, size)
    group = asked.cleaned_data["group"]
    found = ListPage.nothing(summary.total) if group else page_of(asked, chosen, summary.total)
    context = {
        "listing": Listing(asked, found, summary.counts),
        "groups": group_rows(asked, chosen) if group else (),
        "may_pick": any(can_keep_register(request.user, line.risk.project) for line in found.rows),
        "appetite": asked.line,
        "currency_sign": CURRENCY_SIGN,
        "summary": summary,
    }
    return page(request, "risks/risk_list.html", context | {"heading": summary.heading, "totals": summary.totals})


@dataclass(frozen=True, slots=True)
class Summary:
    """What is said around the rows: how many, in which views, where they lie, what they may cost."""

    heading: str
    total: int
    counts: Mapping[str, int]
    note: str = ""
    totals: Totals | None = None
    matrix: Matrix | None = None


def summed(asked: RiskFilter, fitting: RiskQuerySet, chosen: RiskQuerySet) -> Summary:
    """Over every risk that fits."""
    totals = totals_of(fitting, user=asked.reader, line=asked.line, today=asked.today)
    sums = sums_of(chosen)
    cells = matrix_counts(fitting.open().of_running_projects(), asked.line)
    return Summary(
        heading=heading(totals),
        total=sums.count,
        counts={view: int(getattr(totals, view)) for view in asked.views},
        note=sums_words(sums) if asked.chosen_view in STILL_OPEN else "",
        totals=totals,
        matrix=matrix(cells, asked.line, asked.chosen_cell, address=lambda cell: asked.address(cell=cell)),
    )


def many(asked: RiskFilter, fitting: RiskQuerySet, chosen: RiskQuerySet, size: int) -> Summary:
    """Of more than anybody goes through only the reader's own are counted, and the view up to where counting ends."""
    counts = counted(asked.reader, {"mine": view_of("mine", fitting, asked), "chosen": chosen})
    words = _("More than %(count)s risks") % {"count": f"{MOST_COUNTED:,}"}
    return Summary(words, counts["chosen"], {"mine": counts["mine"], "all": size, asked.chosen_view: counts["chosen"]})


@require_safe
@costly
def risk_export(request: PortalRequest, form: str) -> HttpResponseBase:
    asked = asked_of(request, RiskFilter, timezone.now())
    chosen = asked.in_view(asked.fits(Risk.objects.visible_to(request.user)))
    pages = asked.every(chosen, lambda risks: for_lines(risks).prefetch_related("tags"))
    lines = (lines_of(risks, today=asked.today) for risks in pages)
    return exported(request, form, Sheet("risks", COLUMNS, lines))


def page_of(asked: RiskFilter, chosen: RiskQuerySet, total: int) -> ListPage[RiskLine]:
    """The risks of one page as lines."""
    found = asked.page_of(for_lines(chosen), total)
    return found.showing(lines_of(found.rows, today=asked.today))


def group_rows(asked: RiskFilter, chosen: RiskQuerySet) -> list[GroupRow]:
    """The list summed; each line leads to its part of the list."""
    group = asked.cleaned_data["group"]
    states = dict(RiskState.choices)
    return [
        GroupRow(
            line,
            str(states.get(line.words, line.words)) if group == "state" else line.words,
            asked.address(group="", **{group: line.key}) if line.key else "",
        )
        for line in group_lines(chosen, *GROUPS[group], asked.line)
    ]


def sums_words(sums: Sums) -> str:
    """What they may cost in all, and from how many that is known: what is not known is never counted as nothing."""
    if not sums.count:
        return ""
    loss = known_words(formats.money_short(sums.amount, language(), 2, settings.CURRENCY), sums.known, sums.count)
    delay = known_words(formats.working_days(sums.whole_days, language()), sums.known_days, sums.count)
    return _("Exposure %(loss)s and %(delay)s") % {"loss": loss, "delay": delay}


def known_words(words: str, known: int, count: int) -> str:
    """A sum, and where it does not hold all, of how many it does."""
    if known == count or not known:
        return words
    return _("%(words)s (from %(known)d of %(count)d)") % {"words": words, "known": known, "count": count}


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
