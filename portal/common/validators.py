"""Rules that fields of several apps share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.common.dates import FIRST_DAY, LAST_DAY, DayOutOfRangeError, in_range

if TYPE_CHECKING:
    from datetime import date


def check_plan_day(day: date) -> None:
    """Refuse a day that no plan can mean; beyond it, time zones overflow."""
    try:
        in_range(day)
    except DayOutOfRangeError:
        raise ValidationError(
            _("Name a day from %(first)s to %(last)s."),
            code="day_out_of_range",
            params={"first": FIRST_DAY.year, "last": LAST_DAY.year},
        ) from None
