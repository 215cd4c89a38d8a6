"""Work that cannot wait has a legal way in: a lead allows it, within caps; the pitch is owed then."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.common.written import date_long
from portal.notifications.actions import announce, owe
from portal.policy.store import value
from projects import policy
from projects.actions.project import lock
from projects.enums import CostKind
from projects.models import CostActual, EarlyStart
from projects.permissions import BEFORE_APPROVAL, can_allow_early_start

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.lifecycle import Passage
    from projects.models import CostLine, Project


@transaction.atomic
def allow_early_start(project: Project, *, by: User, now: datetime) -> EarlyStart:
    """Let work begin before the approval: so many days of people, until a day, and the pitch is owed by that day.

    Raises PermissionDenied, IllegalStateError (approved already, allowed already).
    """
    require(
        can_allow_early_start(by, project), _("An early start is allowed by the manager of the owner, who is a lead.")
    )
    current = lock(project)
    if current.stage not in BEFORE_APPROVAL:
        raise IllegalStateError(_("This is not possible now: the project is “%s”.") % current.get_stage_display())
    if EarlyStart.objects.filter(project=current).exists():
        raise IllegalStateError(_("An early start is allowed already, and only once."))
    ends_on = current.site.calendar().add_working_days(current.local_day(now), value(policy.EARLY_START_WORKING_DAYS))
    early = EarlyStart.objects.create(
        project=current,
        allowed_by=by,
        allowed_at=now,
        most_days=value(policy.EARLY_START_MOST_DAYS),
        until_on=ends_on,
    )
    after = {"most_days": early.most_days, "until_on": ends_on}
    record("early_start.allowed", early, by=by, now=now, project_id=current.pk, after=after)
    owe_pitch_of(current, now=now)
    announce("early_start_allowed", early.pk, [current.owner], now=now, project_id=current.pk)
    return early


def owe_pitch(passage: Passage) -> None:
    """Consequence of coming back to draft: where work has begun early, the pitch is owed again."""
    owe_pitch_of(passage.project, now=passage.now)


def owe_pitch_of(project: Project, *, now: datetime) -> None:
    """The owner owes the pitch by the last day of the early start, while it is a draft."""
    early = EarlyStart.objects.filter(project=project).first()
    if early is None or not project.is_draft:
        return
    due_at = project.site.end_of_day(early.until_on)
    owe("early_start", project.pk, project.owner, due_at=due_at, now=now, project_id=project.pk)


def check_early(line: CostLine, as_of: date, days: Decimal | None) -> None:
    """What may be used before the approval: days of people, within cap and date. Raises InvalidInputError."""
    early = EarlyStart.objects.get(project=line.project_id)
    if line.kind != CostKind.PEOPLE:
        raise InvalidInputError({"amount": _("An early start allows work, not money: that waits for the approval.")})
    if as_of > early.until_on:
        raise InvalidInputError(
            {"as_of": _("The early start ended on %s. Go on once the pitch is approved.") % date_long(early.until_on)}
        )
    others = CostActual.objects.filter(cost_line__project=line.project_id).exclude(cost_line=line)
    used = others.values("cost_line").annotate(most=Max("person_days")).values_list("most", flat=True)
    total = sum((one or Decimal(0) for one in used), days or Decimal(0))
    if total > early.most_days:
        words = _("The early start allows at most %s person-days. More waits for the approval.")
        raise InvalidInputError({"person_days": words % f"{early.most_days.normalize():f}"})
