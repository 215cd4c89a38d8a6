"""Pages that look across the apps: the desk, the inbox, a project's overview and activity, the process itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.common.http import leave_to, page
from portal.desk import activity, comparison, overview, process_words, summaries
from portal.notifications.actions import mark_read
from portal.notifications.summaries import desk_for, inbox_of, open_of_project, open_of_team, unread_count
from projects.actions.weekly import TOLD
from projects.permissions import can_pitch
from projects.summaries import planned_and_actual
from projects.views.frame import LINES, find_project, find_whole, frame
from retros.summaries import latest_of
from risks.summaries import outcome_counts, top_risks

if TYPE_CHECKING:
    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest

NEWS_ON_THE_DESK = 4
WAITING_ON_THE_DESK = 5
LATELY = 6
PAGE_OF_ACTIVITY = 50


@require_safe
def desk(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    waits = desk_for(request.user, now, most_news=NEWS_ON_THE_DESK)
    mine = summaries.my_projects(request.user, today)
    context = {
        "today": today,
        "tasks": waits.tasks,
        "groups": summaries.grouped(waits.tasks),
        "heading": summaries.desk_heading(waits.tasks),
        "nothing": summaries.nothing_waits(request.user),
        "mine": mine.lines,
        "mine_total": mine.total,
        "weeks": mine.weeks,
        "waiting": waits.waiting[:WAITING_ON_THE_DESK],
        "news": waits.news,
        "unread": unread_count(request.user),
        "may_pitch": can_pitch(request.user),
        "onward": summaries.who_was_told(request.user),
    }
    return page(request, "desk/desk.html", context)


@require_safe
def team(request: PortalRequest) -> HttpResponse:
    rows = open_of_team(request.user, timezone.now())
    return page(request, "desk/team.html", {"total": len(rows), "groups": summaries.by_kind(rows)})


@require_safe
def inbox(request: PortalRequest) -> HttpResponse:
    rows, older = inbox_of(request.user, before=summaries.whole_number(request.GET.get("before")))
    context = {
        "rows": rows,
        "older": older,
        "unread": unread_count(request.user),
        "up_to": rows[0].pk if rows else 0,
        "new_word": _("new"),
    }
    return page(request, "desk/inbox.html", context)


@require_POST
def inbox_read(request: PortalRequest) -> HttpResponse:
    up_to = summaries.whole_number(request.POST.get("up_to"))
    mark_read(request.user, up_to=up_to or 0, now=timezone.now())
    return leave_to(request, "inbox")


@require_safe
def project(request: PortalRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    found = find_whole(request, pk, *overview.RELATED)
    submission = overview.approved_submission(found)
    if submission is None:  # what is not approved yet is reckoned from its lines
        prefetch_related_objects([found], *LINES)
    came = planned_and_actual(found)
    owed = open_of_project(found.pk, request.user, now)
    compared = comparison.compared(found, came, submission)
    context = frame(request, found, "overview", overview.answer_line(found, came, owed)) | {
        "standing": found.last_health if found.stage in TOLD else "",
        "owed": owed,
        "onward": overview.onward(found, request.user, now),
        "other_moves": overview.other_moves(found, request.user),
        "early": overview.early_words(found, request.user),
        "compared": compared,
        "submission": submission,
        "came": came,
        "case_items": () if compared else overview.case_figures(found),
        "metric": overview.metric_card(found, came),
        "risks": top_risks(found),
        "risk_counts": outcome_counts(found) if found.closed_at else None,
        "retro": latest_of(found),
        "people": overview.people(found),
        "lately": activity.moments_of(found.pk, most=LATELY)[0],
    }
    return page(request, "desk/project_overview.html", context)


@require_safe
def activity_feed(request: PortalRequest) -> HttpResponse:
    before = summaries.whole_number(request.GET.get("before"))
    moments, older = activity.feed_of(request.user, most=PAGE_OF_ACTIVITY, before=before)
    return page(request, "desk/activity.html", {"moments": moments, "older": older})


@require_safe
def project_activity(request: PortalRequest, pk: int) -> HttpResponse:
    found = find_project(request, pk)
    before = summaries.whole_number(request.GET.get("before"))
    moments, older = activity.moments_of(found.pk, most=PAGE_OF_ACTIVITY, before=before)
    context = frame(request, found, "activity") | {"moments": moments, "older": older}
    return page(request, "desk/project_activity.html", context)


@require_safe
def process_page(request: PortalRequest) -> HttpResponse:
    return page(request, "desk/process.html", {"steps": process_words.process_steps()})
