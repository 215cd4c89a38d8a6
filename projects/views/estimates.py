"""How earlier estimates fared: by size and by kind of work, never by person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.common.components import Tab
from portal.common.http import page
from projects.filters import SourceFilter
from projects.history import FEWEST, SIZES, by_kind, by_size, fared
from projects.summaries import past_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from projects.history import Fared

MOST_KINDS = 20
#: How the address names the portal among the sources.
OWN = "~portal"


@dataclass(frozen=True, slots=True)
class Line:
    """A class in words; a ratio is empty where there are too few to say."""

    name: str
    count: str
    median: str
    p80: str


@require_safe
def estimates(request: PortalRequest) -> HttpResponse:
    every = past_work(request.user)
    counts = Counter(one.source or OWN for one in every)
    asked = SourceFilter(request.GET, known=counts)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    chosen = asked.cleaned_data["source"]
    past = [one for one in every if chosen in {"", one.source or OWN}]
    kinds = by_kind(past)
    context = {
        "place": "estimates",
        "sources": tabs(counts, chosen) if len(counts) > 1 else [],
        "count": len(past),
        "all": line(_("All"), fared(past)),
        "fewest": FEWEST,
        "sizes": [line(size_words(end), one) for end, one in by_size(past).items()],
        "kinds": [line(kind or _("without a kind"), one) for kind, one in [*kinds.items()][:MOST_KINDS]],
        "more_kinds": max(len(kinds) - MOST_KINDS, 0),
    }
    return page(request, "projects/estimates.html", context)


def tabs(counts: Mapping[str, int], chosen: str) -> list[Tab]:
    """Everything, then what each source tells."""
    url = reverse("projects:estimates")
    found = [Tab(_("All"), url, is_current=not chosen, count=f"{sum(counts.values()):,}")]
    for source in sorted(counts, key=lambda name: (name != OWN, name)):
        words = _("Projects of this portal") if source == OWN else source
        address = f"{url}?{urlencode({'source': source})}"
        found.append(Tab(words, address, is_current=source == chosen, count=f"{counts[source]:,}"))
    return found


def line(name: str, one: Fared) -> Line:
    return Line(name, f"{one.n:,}", times(one.median), times(one.p80))


def times(ratio: float | None) -> str:
    """A ratio as people say it: 1.45 ×."""
    return "" if ratio is None else _("%(ratio)s ×") % {"ratio": f"{ratio:.2f}"}


def size_words(end: int) -> str:
    """The size class that begins there, in person-days."""
    if end == SIZES[0]:
        return _("under %(days)s day") % {"days": SIZES[1]}
    if end == SIZES[-1]:
        return _("%(days)s days and more") % {"days": end}
    return _("%(first)s to %(last)s days") % {"first": end, "last": SIZES[SIZES.index(end) + 1]}
