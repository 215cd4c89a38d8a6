"""What was used of what was granted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import record
from portal.common.amounts import CENT
from portal.common.errors import InvalidInputError
from portal.common.written import date_long
from projects.actions.early_start import check_early
from projects.actions.project import DELIVERING, check_fields, held
from projects.enums import CostKind, Stage
from projects.models import CostActual, EarlyStart
from projects.permissions import BEFORE_APPROVAL

if TYPE_CHECKING:
    from datetime import date, datetime

    from portal.accounts.models import User
    from projects.models import CostLine, Project

SPENDING = DELIVERING | {Stage.APPROVED, Stage.LAUNCHED}


def spending_stages(project: Project) -> frozenset[Stage]:
    """Where what is used may be written: from the approval on, and before it where an early start is allowed."""
    return SPENDING | BEFORE_APPROVAL if EarlyStart.objects.filter(project=project).exists() else SPENDING


@transaction.atomic
def record_actual(
    cost_line: CostLine,
    *,
    as_of: date,
    person_days: Decimal | None,
    amount: Decimal | None,
    by: User,
    now: datetime,
) -> CostActual:
    """What was used on a line up to a day. People are given in days and reckoned at the line's rate; else money.

    The figure of a day may be corrected; a total that falls from one day to the next is refused.
    """
    current = held(cost_line.project, spending_stages(cost_line.project), by=by)
    days, used = figures_used(cost_line, person_days, amount)
    if current.stage in BEFORE_APPROVAL:
        check_early(cost_line, as_of, days)
    if as_of > current.local_day(now):
        raise InvalidInputError({"as_of": _("A figure cannot be from the future.")})
    check_fields(CostActual(as_of=as_of), ["as_of"])
    check_rising(cost_line, as_of, used)
    known = CostActual.objects.filter(cost_line=cost_line, as_of=as_of).first()
    if known is not None and (known.person_days, known.amount) == (days, used):
        return known  # the same form once more
    actual, _new = CostActual.objects.update_or_create(
        cost_line=cost_line,
        as_of=as_of,
        defaults={
            "person_days": days,
            "amount": used,
            "recorded_by": by,
            "recorded_at": now,
        },
    )
    record(
        "cost.recorded",
        actual,
        by=by,
        now=now,
        project_id=current.pk,
        before=None if known is None else {"person_days": known.person_days, "amount": known.amount},
        after={"cost_line": cost_line.pk, "as_of": as_of, "person_days": days, "amount": used},
    )
    return actual


def figures_used(line: CostLine, person_days: Decimal | None, amount: Decimal | None) -> tuple[Decimal | None, Decimal]:
    """Days (of people only) and money of one record. Raises InvalidInputError."""
    if line.kind != CostKind.PEOPLE:
        if amount is None:
            raise InvalidInputError({"amount": _("Write the money spent so far, such as 12,000.")})
        check_fields(CostActual(amount=amount), ["amount"])
        return None, amount
    if person_days is None:
        raise InvalidInputError({"person_days": _("Write the person-days used so far, such as 6 person-days.")})
    check_fields(CostActual(person_days=person_days), ["person_days"])
    used = (person_days * (line.unit_amount or Decimal(0))).quantize(CENT)
    check_fields(CostActual(amount=used), ["amount"], given_as={"amount": "person_days"})
    return person_days, used


def check_rising(line: CostLine, as_of: date, used: Decimal) -> None:
    """A running total never falls. Raises InvalidInputError."""
    field = "person_days" if line.kind == CostKind.PEOPLE else "amount"
    others = CostActual.objects.filter(cost_line=line)
    more_before = others.filter(as_of__lt=as_of, amount__gt=used).order_by("-as_of").first()
    less_after = others.filter(as_of__gt=as_of, amount__lt=used).order_by("as_of").first()
    if more_before is not None:
        words = _("More was used by %s already. This is the total so far; correct the earlier figure if it was wrong.")
        raise InvalidInputError({field: words % date_long(more_before.as_of)})
    if less_after is not None:
        words = _("Less is recorded for %s. This is the total so far; correct the later figure if it was wrong.")
        raise InvalidInputError({field: words % date_long(less_after.as_of)})
