"""What stands around every page of a project: crumb, title, stage line, tabs. Pages of later stages use it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from portal.common.components import Mark, StageStep, Tab
from portal.common.written import date_short
from projects.enums import MAIN_LINE, Stage
from projects.lifecycle import Transition
from projects.models import Project, StageChange

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrOrPromise

    from portal.accounts.http import PortalRequest

#: Key, url name and name of each part of a project. A part whose page is not built is left out.
PARTS: Sequence[tuple[str, str, _StrOrPromise]] = (
    ("overview", "project", pgettext_lazy("part of a project", "Overview")),
    ("pitch", "projects:pitch", pgettext_lazy("part of a project", "Pitch")),
    ("resources", "projects:resources", pgettext_lazy("part of a project", "Resources")),
    ("documents", "projects:documents", pgettext_lazy("part of a project", "Documents")),
    ("risks", "risks:project", pgettext_lazy("part of a project", "Risks")),
    ("decisions", "projects:decisions", pgettext_lazy("part of a project", "Decisions")),
    ("metric", "projects:metric", pgettext_lazy("part of a project", "Metric")),
    ("retro", "retros:project", pgettext_lazy("part of a project", "Retro")),
    ("activity", "project_activity", pgettext_lazy("part of a project", "Activity")),
)
#: Off the main line: what stands on the stage line instead of the next stage.
SIDE_MARKS: Mapping[Stage, str] = {
    Stage.ON_HOLD: "on_hold",
    Stage.CANCELLED: "cancelled",
    Stage.DECLINED: "x-lg",
    Stage.DEFERRED: "snooze",
}
#: What a stage that is still to come is called on the line.
TO_COME: Mapping[Stage, _StrOrPromise] = {
    Stage.LAUNCHED: pgettext_lazy("stage to come", "Launch"),
    Stage.CLOSED: pgettext_lazy("stage to come", "Close"),
}


#: What the frame of a project's pages shows.
RELATED = ("product", "goal", "owner", "business_partner", "site")


def find_project(request: PortalRequest, pk: int, *related: str) -> Project:
    """The project with all that its frame shows; what the reader may not see does not exist."""
    return get_object_or_404(Project.objects.visible_to(request.user).select_related(*RELATED, *related), pk=pk)


#: What a pitch is reckoned from, and whom it goes to.
PITCH = ("sponsor", "process", "owner__manager__manager")
LINES = ("options", "benefit_lines", "cost_lines")


def find_whole(request: PortalRequest, pk: int, *related: str) -> Project:
    """As `find_project`, with all whom its pitch goes to and how it stands."""
    visible = Project.objects.visible_to(request.user).select_related(*RELATED, *PITCH, *related)
    return get_object_or_404(visible.with_health(), pk=pk)


def find_pitch(request: PortalRequest, pk: int, *related: str) -> Project:
    """As `find_project`, for pages that reckon the pitch or say what it lacks; actions read it anew."""
    found = find_whole(request, pk, *related)
    prefetch_related_objects([found], *LINES)
    return found


def frame(request: PortalRequest, project: Project, tab: str, answer: _StrOrPromise = "") -> dict[str, Any]:
    """The context that `projects/_project_frame.html` needs. A fixed number of queries."""
    return {
        "place": "projects",
        "project": project,
        "tab": tab,
        "answer": answer,
        "stage_steps": stage_steps(project, list(StageChange.objects.filter(project=project))),
        "parts": parts(project, tab),
        "is_owner": project.owner_id == request.user.pk,
        "may_raise": project.is_in_motion or project.stage == Stage.LAUNCHED,
    }


def void_words(project: Project, approver: object = None) -> str:
    """What a void approval means, and whose turn it is: the owner's, until a new one waits for `approver`."""
    if approver is None:
        words = _("The approval is void: work goes on, and launch waits until %(owner)s submits anew.")
        return words % {"owner": project.owner}
    return _("The approval is void; a new one waits for %(approver)s.") % {"approver": approver}


def parts(project: Project, tab: str) -> list[Tab]:
    """The tabs: real links to those pages that exist."""
    found = ((key, words, page_of(url_name, project)) for key, url_name, words in PARTS)
    return [Tab(words, url, is_current=key == tab) for key, words, url in found if url]


def page_of(url_name: str, project: Project) -> str:
    try:
        return reverse(url_name, args=[project.pk])
    except NoReverseMatch:
        return ""


def stage_steps(project: Project, history: Sequence[StageChange]) -> list[StageStep]:
    """The six stages of the main line; a project off that line shows where it left instead of what comes next."""
    stage = Stage(project.stage)
    reached = MAIN_LINE.index(last_on_line(stage, history))
    steps = []
    for position, item in enumerate(MAIN_LINE):
        if position == reached + 1 and stage in SIDE_MARKS:
            mark = Mark(stage.label, "line", SIDE_MARKS[stage])
            steps.append(StageStep(stage.label, note=why_aside(history), state="current", mark=mark))
        elif position > reached:
            steps.append(StageStep(TO_COME.get(item, item.label), note=plan_of(project, item)))
        elif position == reached and stage not in SIDE_MARKS and stage != Stage.CLOSED:
            steps.append(StageStep(item.label, note=since(project, item, history), state="current"))
        else:
            steps.append(StageStep(item.label, note=reached_on(project, item, history), state="done"))
    return steps


def last_on_line(stage: Stage, history: Sequence[StageChange]) -> Stage:
    """The furthest point of the main line the project stands at, or left from."""
    if stage in MAIN_LINE:
        return stage
    return next(
        (Stage(change.from_stage) for change in reversed(history) if change.from_stage in MAIN_LINE), Stage.DRAFT
    )


def why_aside(history: Sequence[StageChange]) -> str:
    return history[-1].note if history else ""


def reached_on(project: Project, stage: Stage, history: Sequence[StageChange]) -> str:
    """The day a stage was last reached by; a stage that was passed by a resumed project keeps its first date."""
    if stage == Stage.DRAFT:
        return date_short(project.created_at)
    days = [c.at for c in history if c.to_stage == stage and c.transition != Transition.RESUME]
    return date_short(days[-1]) if days else ""


def since(project: Project, stage: Stage, history: Sequence[StageChange]) -> str:
    """Since when it stands there; in delivery with the working days gone."""
    day = reached_on(project, stage, history)
    if stage == Stage.IN_DELIVERY and project.started_at is not None:
        gone = project.site.calendar().working_days_between(
            project.local_day(project.started_at), project.local_day(timezone.now())
        )
        if gone > 0:
            return ngettext("since %(day)s, %(count)s working day", "since %(day)s, %(count)s working days", gone) % {
                "day": day,
                "count": gone,
            }
    return pgettext("stage", "since %(day)s") % {"day": day} if day else ""


def plan_of(project: Project, stage: Stage) -> str:
    """What is planned for a stage to come: the launch with its date, and the approved one where it moved."""
    if stage == Stage.CLOSED:
        return _("after the retro")
    planned = project.planned_launch_on or project.wanted_on
    if stage != Stage.LAUNCHED or planned is None:
        return ""
    if project.baseline_launch_on not in {None, planned}:
        return _("%(day)s, was %(before)s") % {
            "day": date_short(planned),
            "before": date_short(project.baseline_launch_on),
        }
    return date_short(planned) if project.planned_launch_on else _("wanted %(day)s") % {"day": date_short(planned)}
