"""Defining how a number is reckoned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric
from metrics.permissions import can_define
from portal.accounts.names import normal_name
from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import InvalidInputError
from portal.common.text import normalise

if TYPE_CHECKING:
    from datetime import datetime

    from metrics.enums import Direction
    from portal.accounts.models import User

NAME_TAKEN = _("A metric of this name exists already. Use it, or name what differs.")


@transaction.atomic
def define_metric(  # noqa: PLR0913 -- a metric is its definition
    *,
    name: str,
    numerator_label: str,
    denominator_label: str,
    scale: int,
    direction: Direction,
    source: str = "",
    is_restricted: bool = False,
    by: User,
    now: datetime,
) -> Metric:
    """Write down a formula; whoever defines it owns it. Raises PermissionDenied, InvalidInputError (name taken)."""
    require(can_define(by), _("Product managers, engineers, leads and administrators define metrics."))
    shown = normal_name(name)
    definition = {
        "name": shown,
        "numerator_label": numerator_label.strip(),
        "denominator_label": denominator_label.strip(),
        "scale": scale,
        "direction": direction,
        "source": source.strip(),
        "is_restricted": is_restricted,
    }
    try:
        with transaction.atomic():
            metric = Metric.objects.create(**definition, name_key=normalise(shown), owner=by)
    except IntegrityError:
        if not Metric.objects.visible_to(by).filter(name_key=normalise(shown)).exists():
            raise
        raise InvalidInputError({"name": NAME_TAKEN}) from None
    record("metric.defined", metric, by=by, now=now, after=definition)
    return metric
