"""The business partner confirms unit benefit and reach: asked by the owner, answered with a seat or by link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import announce, owe, settle
from portal.notifications.models import Obligation
from portal.policy.store import value
from projects import policy
from projects.actions.pitch import require_writer
from projects.actions.project import check_fields, lock
from projects.models import BenefitLine, Confirmation, FiguresAnswer
from projects.permissions import OVER, can_confirm

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from portal.accounts.models import User
    from projects.lifecycle import Passage
    from projects.models import Project

KIND = "confirm_figures"


def to_confirm(project: Project) -> list[BenefitLine]:
    """The benefits of the option that is asked for, as far as both of their figures are written."""
    lines = BenefitLine.objects.in_force(project)
    return [line for line in lines if line.unit_benefit_amount is not None and line.reach is not None]


@transaction.atomic
def ask_confirmation(project: Project, *, by: User, now: datetime) -> None:
    """Ask the business partner whether the figures are right; asked again another day, it is due anew."""
    require_writer(project, by)
    current = lock(project)
    partner = current.business_partner
    if partner is None or not partner.is_active:
        raise IllegalStateError(_("Name a business partner first: he knows how often it happens and what it costs."))
    if current.stage in OVER or not to_confirm(current):
        raise IllegalStateError(_("There is nothing to confirm: write what is saved each time, and how often."))
    days = value(policy.APPROVAL_REPLY_DAYS)
    day = current.site.calendar().add_working_days(current.local_day(now), days)
    due_at = current.site.end_of_day(day)
    if Obligation.objects.open().filter(kind=KIND, object_id=current.pk, person=partner, due_at=due_at).exists():
        return
    owe(KIND, current.pk, partner, due_at=due_at, now=now, project_id=current.pk)
    record("figures.asked", current, by=by, now=now, project_id=current.pk, after={"partner": partner.pk})
    announce("figures_asked", current.pk, [partner], now=now, project_id=current.pk)


@transaction.atomic
def answer_figures(
    project: Project, confirmed: Collection[BenefitLine], *, note: str, by: User, now: datetime
) -> FiguresAnswer:
    """Confirm the figures of some lines, say what is not right about the others; the owner hears it.

    Raises PermissionDenied, IllegalStateError (a figure moved meanwhile), InvalidInputError.
    """
    require(can_confirm(by, project), _("Only the business partner confirms the figures."))
    current = lock(project)
    if not confirmed and not note.strip():
        raise InvalidInputError({"note": _("Confirm a figure, or say what is not right.")})
    stored = {line.pk: line for line in to_confirm(current)}
    if any(figures_of(line) != figures_of(stored.get(line.pk)) for line in confirmed):
        raise IllegalStateError(_("A figure changed while you looked: see it anew."))
    answer = FiguresAnswer(project=current, by=by, at=now, note=note)
    check_fields(answer, ["note"])
    answer.save()
    for line in confirmed:
        figures: Any = {"unit_benefit_amount": line.unit_benefit_amount, "reach": line.reach}  # both are written
        Confirmation.objects.create(answer=answer, benefit_line=line, **figures)
    settle(KIND, current.pk, now=now)
    after = {"lines": sorted(line.pk for line in confirmed), "note": note}
    record("figures.answered", answer, by=by, now=now, project_id=current.pk, after=after)
    announce("figures_answered", answer.pk, [current.owner], now=now, project_id=current.pk)
    return answer


def figures_of(line: BenefitLine | None) -> tuple[object, object] | None:
    """What a confirmation holds for."""
    return None if line is None else (line.unit_benefit_amount, line.reach)


def settle_confirmation(passage: Passage) -> None:
    """Consequence of a start, a refusal or the end: nobody is asked for the figures of the pitch any more."""
    settle(KIND, passage.project.pk, now=passage.now)
