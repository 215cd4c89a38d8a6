"""The rate card: what a day of a skill costs from a date on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.permissions import require
from portal.audit.actions import record
from projects.actions.project import check_fields
from projects.models import RateCard
from projects.permissions import can_keep_rates

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from portal.accounts.models import User


@transaction.atomic
def set_rate(skill: str, *, valid_from: date, day_amount: Decimal, by: User, now: datetime) -> RateCard:
    """Set what a day of the skill costs from a day on; a second word about the same day replaces the first.

    Lines that are written already keep the rate they were reckoned with.
    """
    require(can_keep_rates(by), _("Admins keep the rate card."))
    values = {"skill": skill.strip(), "valid_from": valid_from, "day_amount": day_amount}
    check_fields(RateCard(**values), values)
    card, _new = RateCard.objects.update_or_create(
        skill=values["skill"],
        valid_from=valid_from,
        defaults={"day_amount": day_amount, "set_by": by, "set_at": now},
    )
    record("rate.set", card, by=by, now=now, after=values)
    return card
