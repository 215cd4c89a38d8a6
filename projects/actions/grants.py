"""Resources that an approval gives, and that are free again after it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from portal.audit.actions import record
from portal.common.amounts import CENT
from projects.business_inputs import build_days, money_beside, preferred
from projects.enums import CostKind
from projects.models import Grant

if TYPE_CHECKING:
    from datetime import datetime

    from portal.accounts.models import User
    from projects.business_inputs import Content
    from projects.lifecycle import Passage
    from projects.models import ApprovalStep, Submission


def is_share_of(asked: Decimal, given: Decimal) -> bool:
    """Whether it is a plain figure with two decimals, from nothing up to all that is asked for."""
    return given.is_finite() and 0 <= given <= asked and given == given.quantize(CENT)


def asked_for(submission: Submission) -> tuple[Decimal, Decimal]:
    """Person-days, and money beside them, that the frozen pitch asks for, or that was offered instead."""
    return resources_in(submission.read_approved())


def resources_in(content: Content) -> tuple[Decimal, Decimal]:
    """Person-days, and money beside them, of the option that the content asks for."""
    option = preferred(content)
    return build_days(option) or Decimal(0), money_beside(content, option)


def grant(step: ApprovalStep, days: Decimal | None, amount: Decimal | None, *, by: User | None, now: datetime) -> None:
    """Give the resources: what the approver wrote, else all that was asked for. They take the place of earlier ones."""
    Grant.objects.filter(project=step.submission.project, released_at__isnull=True).update(released_at=now)
    asked_days, asked_amount = asked_for(step.submission)
    given_days = asked_days if days is None else days
    given_amount = asked_amount if amount is None else amount
    common = {
        "project": step.submission.project,
        "submission": step.submission,
        "granted_by": step.decided_by or step.approver,
        "granted_at": now,
    }
    Grant.objects.create(kind=CostKind.PEOPLE, person_days=given_days, **common)
    if asked_amount:
        Grant.objects.create(kind=CostKind.MATERIAL, amount=given_amount, **common)
    record(
        "resources.granted",
        step.submission,
        by=by,
        now=now,
        project_id=step.submission.project_id,
        after={"person_days": given_days, "amount": given_amount},
    )


def release_grants(passage: Passage) -> None:
    """Consequence of cancelling: the resources are free again."""
    Grant.objects.filter(project=passage.project, released_at__isnull=True).update(released_at=passage.now)
