"""What was approved of a project beside what is today, line by line, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from metrics.ratio import benefit_by_progress, progress
from portal.common import formats
from projects.business_inputs import case_of, number

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from projects.business_case import BusinessCase
    from projects.models import Project, Submission
    from projects.summaries import PlannedAndActual


@dataclass(frozen=True, slots=True)
class Compared:
    """A line of “approved and today”: both already in words, and whether the drift deserves a look."""

    label: _StrOrPromise
    approved: str
    today: str
    drift: str = ""
    is_drifting: bool = False
    because: str = ""
    url: str = ""


def compared(project: Project, came: PlannedAndActual, approved: Submission | None) -> list[Compared]:
    """Approved beside today, line by line; empty while nothing is approved."""
    if approved is None:
        return []
    language = get_language() or "en"

    def money(amount: Decimal | None) -> str:
        return formats.money(amount, language, settings.CURRENCY)

    content = approved.read_approved()
    case, changed = case_of(content), content["changed"] or {}
    cost = number(changed.get("budget")) or came.cost_planned
    return [
        compared_net_benefit(project, case, came, language),
        *compared_benefit_so_far(project, case, came, language),
        compared_launch(project, language, changed.get("launch_on")),
        Compared(
            label=_("Effort"),
            approved=formats.days(came.effort_planned, language),
            today=used(formats.days(came.effort_actual, language), came.effort_actual),
            drift=drift_of(came.effort_planned, came.effort_actual),
            is_drifting=is_over(came.effort_planned, came.effort_actual),
            url=reverse("projects:resources", args=[project.pk]),
        ),
        Compared(
            label=_("Cost"),
            approved=money(cost),
            today=used(money(came.cost_actual), came.cost_actual),
            drift=drift_of(cost, came.cost_actual),
            is_drifting=is_over(cost, came.cost_actual),
            url=reverse("projects:resources", args=[project.pk]),
        ),
    ]


def compared_net_benefit(project: Project, case: BusinessCase, came: PlannedAndActual, language: str) -> Compared:
    """What the pitch promised over its horizon, and what of that the release can still bring."""
    kept = None if case.benefit is None or case.cost is None else case.benefit * came.benefit_kept - case.cost
    is_less = came.benefit_kept != 1
    return Compared(
        label=_("Net benefit, %(count)s months") % {"count": case.horizon_months},
        approved=formats.money(case.net_benefit, language, settings.CURRENCY),
        today=formats.money(kept, language, settings.CURRENCY),
        drift=f"− {formats.percent(1 - came.benefit_kept)}" if is_less else "",
        is_drifting=is_less,
        because=_("left out of this release") if is_less else "",
        url=reverse("projects:pitch", args=[project.pk]),
    )


def compared_benefit_so_far(
    project: Project, case: BusinessCase, came: PlannedAndActual, language: str
) -> list[Compared]:
    """After launch: what the same months should have brought by the pitch, and what came by the metric.

    The metric's way from baseline to target is taken as the share of the planned benefit that came.
    """
    if came.launch_actual is None:
        return []
    until = came.measured_on or came.launch_actual
    months = Decimal((until - came.launch_actual).days) * 12 / 365
    gone = progress(came.baseline, came.target, came.measured)
    planned = None if case.benefit_per_month is None else case.benefit_per_month * months
    because = ""
    if gone is not None:
        because = _("%(share)s of the way to the target on %(day)s") % {
            "share": formats.percent_short(gone, language),
            "day": on_day(came.measured_on, language),
        }
    return [
        Compared(
            label=_("Benefit so far"),
            approved=formats.money_short(planned, language, currency=settings.CURRENCY) if gone is not None else "–",
            today=formats.money_short(
                benefit_by_progress(case.benefit_per_month, gone, months), language, currency=settings.CURRENCY
            ),
            because=because,
            url=reverse("projects:metric", args=[project.pk]),
        )
    ]


def compared_launch(project: Project, language: str, anew: str | None) -> Compared:
    """The launch as approved, first or anew, and as it is planned or was."""
    launched_on = project.local_day(project.launched_at) if project.launched_at else None
    day = launched_on or project.planned_launch_on or project.wanted_on
    base = date.fromisoformat(anew) if anew else project.baseline_launch_on or project.wanted_on
    late = 0 if day is None or base is None else project.site.calendar().working_days_between(base, day)
    return Compared(
        label=_("Launch"),
        approved=on_day(base, language),
        today=on_day(day, language),
        drift=""
        if not late
        else _("%(sign)s%(count)s working days") % {"sign": "+ " if late > 0 else "− ", "count": abs(late)},
        is_drifting=late > 0,
        url=reverse("projects:change", args=[project.pk]),
    )


def on_day(day: date | None, language: str) -> str:
    return formats.unknown(language) if day is None else formats.date_short(day, language, timezone.localdate())


def used(words: str, figure: Decimal | None) -> str:
    """“6 person-days used”, or that nothing is written yet."""
    return words if figure is None else _("%(figure)s used") % {"figure": words}


def is_over(planned: Decimal | None, actual: Decimal | None) -> bool:
    return planned is not None and actual is not None and actual > planned


def drift_of(planned: Decimal | None, actual: Decimal | None) -> str:
    """How far what was used lies above what was planned; below it nothing drifts yet."""
    if planned is None or actual is None or not planned or actual <= planned:
        return ""
    return f"+ {formats.percent(((actual - planned) / planned).quantize(Decimal('0.01')))}"
