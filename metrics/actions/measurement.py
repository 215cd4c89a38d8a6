"""Writing down what was counted."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from metrics.models import Measurement, Metric
from portal.audit import actions as audit
from portal.common.amounts import CENT
from portal.common.dates import FIRST_DAY
from portal.common.errors import InvalidInputError

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User

#: Where the day begins first on earth: a day that has begun there may be today for somebody.
EARLIEST_ZONE = timedelta(hours=14)
MAX_COUNT = Decimal(10**12)
MAX_SEGMENT = 80


@transaction.atomic
def record(
    metric: Metric,
    *,
    period_on: date,
    numerator: Decimal,
    denominator: Decimal,
    segment: str = "",
    by: User,
    now: datetime,
) -> Measurement:
    """Keep one pair of figures for a day and a segment. The caller has asked whether `by` may.

    The same figures again change nothing; other figures correct the row, and the audit keeps both.
    Raises InvalidInputError.
    """
    segment = segment.strip()
    errors = wrong_figures(numerator, denominator) | wrong_period(period_on, segment, now=now)
    if errors:
        raise InvalidInputError(errors)
    # Two first figures of one day would race past each other; on SQLite the IMMEDIATE transaction keeps them apart.
    Metric.objects.select_for_update().get(pk=metric.pk)
    figures = {"numerator": numerator.quantize(CENT), "denominator": denominator.quantize(CENT)}
    known = Measurement.objects.filter(metric=metric, period_on=period_on, segment=segment).first()
    if known is None:
        known = Measurement.objects.create(
            metric=metric, period_on=period_on, segment=segment, recorded_by=by, recorded_at=now, **figures
        )
        written = {"metric": metric.pk, "period_on": period_on, "segment": segment, **figures}
        audit.record("measurement.recorded", known, by=by, now=now, after=written)
        return known
    before = {"numerator": known.numerator, "denominator": known.denominator}
    if before == figures:
        return known
    known.numerator, known.denominator = figures["numerator"], figures["denominator"]
    known.recorded_by, known.recorded_at = by, now
    known.save(update_fields=["numerator", "denominator", "recorded_by", "recorded_at"])
    audit.record("measurement.corrected", known, by=by, now=now, before=before, after=figures)
    return known


def wrong_figures(numerator: Decimal, denominator: Decimal) -> dict[str, _StrOrPromise]:
    """Why the figures cannot be kept exactly, by field."""
    errors = {
        field: words
        for field, count in (("numerator", numerator), ("denominator", denominator))
        if (words := wrong_count(count))
    }
    if "denominator" not in errors and denominator == 0:
        errors["denominator"] = _("The denominator must be more than 0.")
    return errors


def wrong_count(count: Decimal) -> _StrOrPromise:
    """Why one figure cannot be kept exactly; empty if it can."""
    if not count.is_finite():
        return _("Write a plain number, such as 68.")
    if count < 0:
        return _("This cannot be below 0.")
    # `adjusted` first: it asks for the size without writing the digits out.
    if count.adjusted() >= MAX_COUNT.adjusted():
        return _("This is more than can be kept; count in thousands.")
    if count != count.quantize(CENT):
        return _("Two decimals at most.")
    return ""


def wrong_period(period_on: date, segment: str, *, now: datetime) -> dict[str, _StrOrPromise]:
    """Why the day or the segment cannot be used, by field."""
    errors: dict[str, _StrOrPromise] = {}
    if period_on > (now + EARLIEST_ZONE).date():
        errors["period_on"] = _("A figure cannot be from the future.")
    elif period_on < FIRST_DAY:
        errors["period_on"] = _("Name a day since 2000.")
    if len(segment) > MAX_SEGMENT:
        errors["segment"] = _("%(length)s characters at most.") % {"length": MAX_SEGMENT}
    return errors
