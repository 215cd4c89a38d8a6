"""What refuses a transition of a project, in words that say how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from metrics.models import Measurement
from portal.common.errors import Reason
from portal.common.templatetags.ui import listed
from projects.actions.pitch import snapshot
from projects.actions.submission import approvers_of
from projects.models import DeferredItem, MetricPledge

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Project

REQUIRED: Mapping[str, _StrOrPromise] = {
    "title": _("The title is empty"),
    "product": _("No product is chosen"),
    "goal": _("No goal is chosen"),
    "problem": _("Problem and approach are not written yet"),
    "person_days": _("The effort is not written yet"),
    "wanted_on": _("The wanted date is missing"),
    "business_partner": _("No business partner is named"),
}
DRIVERS: Mapping[str, _StrOrPromise] = {
    "unit_benefit_amount": _("what is saved each time"),
    "reach": _("how often a month"),
    "probability": _("the probability"),
}


def is_empty(written: object) -> bool:
    """Whether nothing is written. Zero is: somebody has thought about it."""
    return written is None or (isinstance(written, str) and not written.strip())


def pitch_complete(project: Project, _by: User | None, now: datetime, /) -> Sequence[Reason]:
    """All values of the tier are there. One of the three drivers may be not known yet; two leave nothing to decide on."""
    values = snapshot(project)
    address = reverse("projects:pitch", args=[project.pk])
    reasons = [
        Reason(f"missing_{name}", words, f"{address}#id_{name}")
        for name, words in REQUIRED.items()
        if is_empty(values[name])
    ]
    unknown = [name for name in DRIVERS if values[name] is None]
    if len(unknown) > 1:
        words = _("%(drivers)s are not known yet: with one of them the breakeven can be said") % {
            "drivers": listed(DRIVERS[name] for name in unknown)
        }
        reasons.append(Reason("unknown_drivers", capfirst(words), f"{address}#id_{unknown[0]}"))
    if project.wanted_on is not None and project.wanted_on < project.local_day(now):
        reasons.append(Reason("wanted_date_past", _("The wanted date is past"), f"{address}#id_wanted_on"))
    return reasons


def has_approver(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """Somebody above the owner can decide."""
    if approvers_of(project):
        return []
    return [Reason("no_approver", _("Nobody is named above you who could decide; an admin can enter your manager"))]


def metric_pledged(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """The metric has a baseline and a target before delivery starts."""
    if MetricPledge.objects.filter(project=project).exists():
        return []
    return [
        Reason(
            "no_metric",
            _("No metric with baseline and target is agreed"),
            reverse("projects:metric", args=[project.pk]),
        )
    ]


def deferred_listed(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """What is left out is listed, or “none” is confirmed."""
    if project.nothing_deferred_by_id is not None:
        return []
    if DeferredItem.objects.filter(project=project, settled_at__isnull=True).exists():
        return []
    return [
        Reason(
            "deferred_unsaid",
            _("It is not said whether something is left out: list it, or confirm “none”"),
            reverse("projects:defer", args=[project.pk]),
        )
    ]


def measured_after_launch(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """The pledged metric was measured on the launch day or later."""
    pledge = MetricPledge.objects.filter(project=project).first()
    if pledge is None or project.launched_at is None:
        return []
    day = project.local_day(project.launched_at)
    if Measurement.objects.filter(metric=pledge.metric, segment="", period_on__gte=day).exists():
        return []
    return [
        Reason(
            "not_measured",
            _("The number after launch is not in yet"),
            reverse("projects:metric", args=[project.pk]),
        )
    ]
