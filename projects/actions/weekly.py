"""The week of a project in one line, confirmed by its owner."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError
from projects.actions.project import check_fields, lock
from projects.enums import Stage
from projects.models import WeeklyStatus
from projects.permissions import can_run

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.enums import Health
    from projects.models import Project

#: Stages in which a week is told.
TOLD = frozenset({Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.LAUNCHED})


def monday_of(day: date) -> date:
    """The Monday of the week the day lies in."""
    return day - timedelta(days=day.weekday())


@transaction.atomic
def confirm_week(project: Project, *, health: Health, line: str, by: User, now: datetime) -> WeeklyStatus:
    """Say how the project stands this week; said again, the line of this week is replaced, never that of an earlier one.

    Raises PermissionDenied, IllegalStateError (nothing is told of it yet, or any more), InvalidInputError.
    """
    require(can_run(by, project), _("Only the owner can do this. The owner is %s.") % project.owner)
    current = lock(project)
    if current.stage not in TOLD:
        raise IllegalStateError(_("This is not possible now: the project is “%s”.") % current.get_stage_display())
    week = monday_of(current.local_day(now))
    values = {"health": health, "line": " ".join(line.split())}
    check_fields(WeeklyStatus(**values), values)
    known = WeeklyStatus.objects.filter(project=current, week_on=week).first()
    if known is not None and (known.health, known.line) == (health, values["line"]):
        return known  # the same form once more
    status, _new = WeeklyStatus.objects.update_or_create(
        project=current,
        week_on=week,
        defaults=values | {"launch_on": current.planned_launch_on, "confirmed_by": by, "confirmed_at": now},
    )
    record(
        "weekly.confirmed",
        status,
        by=by,
        now=now,
        project_id=current.pk,
        before=None if known is None else {"health": known.health, "line": known.line},
        after={"week_on": week, **values},
    )
    return status
