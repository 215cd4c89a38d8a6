"""Changes of budget and scope while a project is delivered; moving the launch stands with the delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.common.errors import InvalidInputError
from projects.actions.delivery import delivering, record_change
from projects.actions.project import check_fields
from projects.enums import ChangeKind
from projects.models import Change
from projects.summaries import budget_of

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from portal.accounts.models import User
    from projects.models import Project


@transaction.atomic
def change_budget(project: Project, amount: Decimal, *, reason: str, by: User, now: datetime) -> Change:
    """Add to the budget, or take from it; the approved one stays beside it.

    Raises PermissionDenied, IllegalStateError (delivery has not started), InvalidInputError.
    """
    current = delivering(project, by=by)
    check_fields(Change(reason=reason), ["reason"])
    before = budget_of(current)
    after = before + amount
    if after < 0:
        raise InvalidInputError({"cost_amount": _("The budget cannot fall below zero.")})
    return record_change(
        current, ChangeKind.BUDGET, before=str(before), after=str(after), reason=reason, by=by, now=now
    )


@transaction.atomic
def change_scope(project: Project, words: str, *, reason: str, by: User, now: datetime) -> Change:
    """Say what the project does otherwise than approved.

    Raises PermissionDenied, IllegalStateError (delivery has not started), InvalidInputError.
    """
    current = delivering(project, by=by)
    check_fields(Change(reason=reason, after=words), ["reason", "after"])
    return record_change(current, ChangeKind.SCOPE, before="", after=words, reason=reason, by=by, now=now)
