"""What waits for whoever asks, and one box over everything that he may see."""

from __future__ import annotations

from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, Shown, asked_by, gives, reply
from portal.accounts.names import folded
from portal.common.pace import costly
from portal.common.search import MOST_WORDS
from portal.desk.search import SearchForm, found_by
from portal.notifications.summaries import tasks_for
from portal.process import PROCESS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.common.search import Hit
    from portal.notifications.summaries import DeskTask

router = Router(tags=["desk"])


class ObligationShown(Shown):
    """Something that somebody owes; for another, where one stands in for him."""

    id: int
    kind: str
    person: PersonShown
    project_id: int | None
    due_at: datetime
    opened_at: datetime
    sentence: str
    detail: str
    url: str


class ObligationsShown(Shown):
    """All of it, what is due first first; 200 at most."""

    items: list[ObligationShown]


class HitShown(Shown):
    """Something that holds every word, and the page it is on."""

    kind: str
    title: str
    url: str
    note: str
    excerpt: str


class HitsShown(Shown):
    """The first few of each kind, as on the page."""

    items: list[HitShown]


@router.get("/obligations", **gives(_("What waits for me"), ObligationsShown))
def obligations(request: ApiRequest) -> HttpResponse:
    rows = [_owed(one) for one in tasks_for(request.user, timezone.now())]
    return reply(ObligationsShown(items=rows))


def _owed(one: DeskTask) -> ObligationShown:
    row, task = one.obligation, one.task
    return ObligationShown(
        id=row.pk,
        kind=row.kind,
        person=PersonShown.of(row.person),
        project_id=row.project_id,
        due_at=row.due_at,
        opened_at=row.opened_at,
        sentence=str(task.sentence),
        detail=str(task.detail),
        url=task.url,
    )


@router.get("/search", **gives(_("Search"), HitsShown, asked=SearchForm))
@costly
def search(request: ApiRequest) -> HttpResponse:
    q = asked_by(request, SearchForm).cleaned_data["q"]
    words = folded(q).split()[:MOST_WORDS]
    groups = [found_by(source, request, q, words) for source in PROCESS.search_sources] if words else []
    hits = [_hit(str(group.words), hit) for group in groups for hit in group.hits]
    return reply(HitsShown(items=hits))


def _hit(kind: str, hit: Hit) -> HitShown:
    title, excerpt = (unescape(strip_tags(str(text))) for text in (hit.title, hit.reason))
    return HitShown(kind=kind, title=title, url=hit.url, note=str(hit.note), excerpt=excerpt)
