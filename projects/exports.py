"""The columns of the list of projects as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.common.exports import Column, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from projects.models import Project


def day(project: Project, moment: datetime | None) -> date | None:
    return None if moment is None else project.local_day(moment)


RELATED = ("product", "goal", "owner__department", "site")
COLUMNS: Sequence[Column[Project]] = (
    Column(pgettext_lazy("project", "Number"), lambda project: project.code, width=9),
    Column(_("Project"), lambda project: project.title, width=40),
    Column(_("Product"), lambda project: project.product, width=20),
    Column(_("Goal"), lambda project: project.goal and project.goal.objective, width=30),
    Column(_("Stage"), lambda project: project.get_stage_display()),
    Column(_("Tier"), lambda project: project.get_tier_display(), width=10),
    Column(_("Owner"), lambda project: project.owner),
    Column(_("Department"), lambda project: project.owner.department, width=20),
    Column(_("Net benefit"), lambda project: project.net_benefit_amount, Kind.MONEY),
    Column(_("Cost"), lambda project: project.cost_amount, Kind.MONEY),
    Column(_("Person-days"), lambda project: project.effort_days, Kind.NUMBER),
    Column(_("Risk exposure"), lambda project: project.exposure_amount, Kind.MONEY),
    Column(_("Started"), lambda project: day(project, project.started_at), Kind.DAY),
    Column(_("Wanted by"), lambda project: project.wanted_on, Kind.DAY),
    Column(_("Launch as planned"), lambda project: project.planned_launch_on, Kind.DAY),
    Column(_("Launch as approved"), lambda project: project.baseline_launch_on, Kind.DAY),
    Column(_("Launched"), lambda project: day(project, project.launched_at), Kind.DAY),
)
