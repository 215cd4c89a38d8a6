"""The course of a metric as a line, once for each width of screen, because text does not shrink with a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from metrics.models.metric import scaled
from portal.common import charts, formats
from portal.common.amounts import CENT
from portal.common.written import date_short

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from metrics.models import Measurement, Metric

#: Pixels of the drawing, and where it is seen.
SCREENS = ((860, "d-none d-sm-block"), (324, "d-sm-none"))
#: A line has two ends.
FEWEST = 2


def drawings(
    metric: Metric,
    measured: Sequence[Measurement],
    *,
    target: Decimal | None = None,
    events: Sequence[tuple[date, str]] = (),
) -> list[tuple[charts.Curve, str]]:
    """The line with its target (a share, as stored) and what happened on the way; nothing for a single figure."""
    if len(measured) < FEWEST:
        return []
    points = [(one.period_on, scaled(one.value, metric.scale)) for one in measured]
    goal = None if target is None else scaled(target, metric.scale)
    return [
        (
            charts.metric_line(
                points,
                to_words=lambda value: formats.number(value.quantize(CENT)),
                to_day=date_short,
                target=None if goal is None else (goal, _("target %(value)s") % {"value": formats.number(goal)}),
                events=events,
                width=width,
            ),
            classes,
        )
        for width, classes in SCREENS
    ]
