"""One box over everything that the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms
from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from portal.accounts.names import folded
from portal.common.forms import PortalForm
from portal.common.http import page
from portal.common.navigation import PLACES, address
from portal.common.pace import costly
from portal.common.search import MOST_HITS, MOST_WORDS, Hit, marked
from portal.common.text import has_control_characters
from portal.process import PROCESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse
    from django.utils.functional import _StrOrPromise

    from portal.accounts.http import PortalRequest
    from portal.common.search import Source

LONGEST: Final = 120


class SearchForm(PortalForm):
    """What is looked for."""

    q = forms.CharField(max_length=LONGEST, required=False)

    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if has_control_characters(text):
            raise forms.ValidationError(_("Write words, a number or a name."))
        return text


@dataclass(frozen=True, slots=True)
class Group:
    """What one source found, and where the rest of it is."""

    words: _StrOrPromise
    icon: str
    hits: Sequence[Hit]
    more_url: str = ""


@require_safe
@costly
def search(request: PortalRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    if not form.is_valid():
        raise BadRequest(str(form.errors))
    q = form.cleaned_data["q"]
    words = folded(q).split()[:MOST_WORDS]
    groups = [places(words), *(found_by(source, request, q, words) for source in PROCESS.search_sources)]
    groups = [group for group in groups if group.hits] if words else []
    context = {"q": q, "groups": groups, "heading": heading(q, groups)}
    return page(request, "desk/search.html", context)


def places(words: Sequence[str]) -> Group:
    """Pages whose name or purpose holds every word."""
    hits = [
        Hit(marked(str(place.name), words), url, place.purpose)
        for place in PLACES.values()
        if (url := address(place.url_name)) and words and holds(f"{place.name} {place.purpose}", words)
    ]
    return Group(pgettext("search", "Go to"), "link", hits[:MOST_HITS])


def holds(text: str, words: Sequence[str]) -> bool:
    flat = folded(text)
    return all(word in flat for word in words)


def found_by(source: Source, request: PortalRequest, q: str, words: Sequence[str]) -> Group:
    """One more than is shown says that there are more."""
    hits = source.find(request.user, words, MOST_HITS + 1) if words else ()
    more_url = ""
    if len(hits) > MOST_HITS and source.list_name:
        query = "&".join(filter(None, (source.list_query, urlencode({"q": q}))))
        more_url = f"{reverse(source.list_name)}?{query}"
    return Group(source.words, source.icon, hits[:MOST_HITS], more_url)


def heading(q: str, groups: Sequence[Group]) -> str:
    """The answer: how much was found."""
    if not q.strip():
        return _("What are you looking for?")
    count = sum(len(group.hits) for group in groups)
    if not count:
        return _("Nothing holds “%(q)s”") % {"q": q}
    if any(group.more_url for group in groups):
        return _("The first %(count)d for “%(q)s”") % {"count": count, "q": q}
    return ngettext("%(count)d place holds “%(q)s”", "%(count)d places hold “%(q)s”", count) % {"count": count, "q": q}
