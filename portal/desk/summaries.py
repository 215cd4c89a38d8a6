"""What the desk and the overview show: rows of several apps brought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.accounts.enums import Role
from portal.common.written import date_short
from portal.notifications.registry import obligation_kind
from portal.notifications.summaries import DeskTask, Due
from projects.actions.weekly import TOLD, monday_of
from projects.enums import MAIN_LINE, Stage
from projects.models import Project, WeeklyStatus
from projects.permissions import can_pitch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from portal.accounts.models import User

#: A whole number in an address: more digits are no id of ours.
MOST_DIGITS = 18

#: What stands in the short list at the side of the desk.
MOST_PROJECTS = 6


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a short list: how far it is, and what it is about to do."""

    project: Project
    reached: int
    note: str

    @property
    def squares(self) -> Sequence[bool]:
        """Six squares, filled as far as the project has come."""
        return [position < self.reached for position in range(len(MAIN_LINE))]


def by_kind(rows: Sequence[DeskTask]) -> Mapping[str, list[DeskTask]]:
    """Under the name of its kind, never by person."""
    groups: dict[str, list[DeskTask]] = {}
    for row in rows:
        groups.setdefault(str(obligation_kind(row.obligation.kind).label), []).append(row)
    return dict(sorted(groups.items()))


@dataclass(frozen=True, slots=True)
class MyProjects:
    """The person's projects that are not over: the latest, how many, and of how many this week's line is not confirmed."""

    lines: Sequence[ProjectLine]
    total: int
    weeks: int


def my_projects(user: User, today: date) -> MyProjects:
    """One query."""
    told = WeeklyStatus.objects.filter(week_on=monday_of(today), project=OuterRef("pk"))
    mine = Project.objects.filter(owner=user).running().annotate(is_told=Exists(told)).select_related("site")
    rows = list(mine.order_by("-pk")[:100])
    weeks = sum(row.stage in TOLD and not row.is_told for row in rows)  # type: ignore[attr-defined] # annotated
    return MyProjects([line_of(row, today) for row in rows[:MOST_PROJECTS]], len(rows), weeks)


def line_of(project: Project, today: date) -> ProjectLine:
    """One project as a line."""
    stage = Stage(project.held_from or project.stage)
    reached = MAIN_LINE.index(stage) + 1 if stage in MAIN_LINE else 1
    return ProjectLine(project, reached, note_of(project, today))


def note_of(project: Project, today: date) -> str:
    """Where it stands, and the date that matters next."""
    stage = str(project.get_stage_display())
    if project.stage == Stage.IN_DELIVERY and project.planned_launch_on is not None:
        return _("%(stage)s, launch planned for %(day)s") % {
            "stage": stage,
            "day": date_short(project.planned_launch_on),
        }
    if project.stage == Stage.LAUNCHED and project.launched_at is not None:
        count = (today - project.local_day(project.launched_at)).days
        return _("%(stage)s %(count)s days ago") % {"stage": stage, "count": count}
    return stage


@dataclass(frozen=True, slots=True)
class Group:
    """Tasks that are due at about the same time."""

    words: str
    rows: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task; only the most urgent one has the filled button."""

    desk_task: DeskTask
    is_first: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an empty desk says: what to do next."""

    first: str
    words: str
    url: str
    button: str


def grouped(tasks: Sequence[DeskTask]) -> list[Group]:
    """Today (with what is past its date), this week, later."""
    names = {
        _("Today"): {Due.PAST, Due.TODAY},
        _("This week"): {Due.THIS_WEEK},
        _("Later"): {Due.LATER},
    }
    groups = [
        Group(words, [TaskRow(row, is_first=row is tasks[0]) for row in tasks if row.due in dues])
        for words, dues in names.items()
    ]
    return [group for group in groups if group.rows]


def desk_heading(tasks: Sequence[DeskTask]) -> str:
    """The answer: how much waits, and how much of it today."""
    if not tasks:
        return _("Nothing waits for you")
    urgent = sum(row.due in {Due.PAST, Due.TODAY} for row in tasks)
    waiting = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", len(tasks)) % {
        "count": len(tasks)
    }
    if not urgent:
        return waiting
    return _("%(waiting)s, %(urgent)s") % {
        "waiting": waiting,
        "urgent": ngettext("%(count)s is due today or before", "%(count)s are due today or before", urgent)
        % {"count": urgent},
    }


def who_was_told(user: User) -> list[tuple[str, str]]:
    """The pages about messages to others: for leads those of their team, for administrators all."""
    pages = [(_("What is still open in your team"), reverse("team"))] if user.has_role(Role.LEAD) else []
    if user.is_admin:
        pages += [(_("What was sent"), reverse("ledger")), (_("The next 14 days"), reverse("ahead"))]
    return pages


def nothing_waits(user: User) -> Nothing:
    """The one next step on an empty desk, by role."""
    if can_pitch(user) and user.has_role(Role.PM):
        return Nothing(
            _("Nothing waits for you."),
            _("An idea with a number? A light pitch takes five minutes."),
            reverse("projects:new"),
            _("Start a pitch"),
        )
    if user.has_role(Role.LEAD):
        return Nothing(
            _("Nothing waits for your decision."),
            _("See what is under way, and which risks are above the line."),
            reverse("projects:list"),
            _("Look at the projects"),
        )
    if user.is_admin:
        return Nothing(
            _("Nothing waits for you."),
            _("Approvals go up the line of managers: keep it up to date."),
            reverse("accounts:people"),
            _("Look at the people"),
        )
    return Nothing(
        _("Nothing waits for you."),
        _("When you are asked to assess a risk, it stands here and takes about a minute."),
        reverse("projects:list"),
        _("Look at the projects"),
    )


def whole_number(text: str | None) -> int | None:
    """An id from an address; None for anything else."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
