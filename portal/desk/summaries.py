"""What the desk and the overview show: rows of several apps brought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.common.templatetags.ui import date_short
from projects.enums import MAIN_LINE, Stage
from projects.models import Project

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from portal.accounts.models import User

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


def my_projects(user: User, today: date) -> tuple[list[ProjectLine], int]:
    """The person's projects that are not over, latest first, and how many there are."""
    rows = list(Project.objects.filter(owner=user).running().order_by("-pk")[:100])
    return [line_of(row, today) for row in rows[:MOST_PROJECTS]], len(rows)


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
