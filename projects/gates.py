"""What refuses a transition of a project, in words that say how to mend it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from portal.common.errors import Reason
from portal.common.written import listed
from projects.actions.pitch import is_simple, options_of
from projects.actions.renewal import NO_APPROVER
from projects.actions.submission import approvers_of
from projects.enums import OptionKind, PitchStep, Tier
from projects.models import DeferredItem, MetricPledge
from projects.steps import url_of, url_of_value
from projects.summaries import is_measured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import CostLine, Project

REQUIRED: Mapping[str, _StrOrPromise] = {
    "title": _("The title is empty"),
    "product": _("No product is chosen"),
    "goal": _("No goal is chosen"),
    "problem": _("Problem and approach are not written yet"),
    "person_days": _("The effort is not written yet"),
    "wanted_on": _("The wanted date is missing"),
    "business_partner": _("No business partner is named"),
}
SCREENING: Mapping[str, _StrOrPromise] = {
    "is_in_scope": _("It is not said whether it is in the scope of the product"),
    "is_reusable": _("It is not said whether it can be used again elsewhere"),
    "fits_roadmap": _("It is not said whether it lies on the way of the roadmap"),
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
    """All values are there. One driver may be not known yet; two leave nothing to decide on."""
    simple = is_simple(project)
    lines = next(one for one in options_of(project) if one.option.is_preferred)
    found = {name: getattr(project, name, None) for name in REQUIRED} | {"person_days": build_effort(lines.costs)}
    reasons = [
        Reason(f"missing_{name}", words, place_of(project, name, simple=simple))
        for name, words in REQUIRED.items()
        if is_empty(found[name])
    ]
    unknown = [name for line in lines.benefits for name in DRIVERS if getattr(line, name) is None]
    if len(unknown) > 1:
        words = _("%(drivers)s are not known yet: with one of them the breakeven can be said") % {
            "drivers": listed(DRIVERS[name] for name in dict.fromkeys(unknown))
        }
        reasons.append(Reason("unknown_drivers", capfirst(words), place_of(project, unknown[0], simple=simple)))
    if project.wanted_on is not None and project.wanted_on < project.local_day(now):
        place = place_of(project, "wanted_on", simple=simple)
        reasons.append(Reason("wanted_date_past", _("The wanted date is past"), place))
    return reasons


def build_effort(costs: Sequence[CostLine]) -> Decimal | None:
    """Person-days written for the building; None while nobody wrote any."""
    days = [line.person_days for line in costs if line.person_days is not None and not line.is_monthly]
    return sum(days, Decimal(0)) if days else None


def place_of(project: Project, name: str, *, simple: bool) -> str:
    """Where a value is written: on the light page while that shows all of the pitch, else in its step."""
    if simple and project.tier == Tier.LIGHT:
        return f"{reverse('projects:pitch', args=[project.pk])}#id_{name}"
    if name in DRIVERS:
        return url_of(project, PitchStep.BENEFITS)
    return url_of(project, PitchStep.COSTS) if name == "person_days" else url_of_value(project, name)


def screened(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """The three screening questions are answered; a no says why all the same."""
    reasons = [
        Reason(f"missing_{name}", words, url_of_value(project, name))
        for name, words in SCREENING.items()
        if getattr(project, name) is None
    ]
    if any(getattr(project, name) is False for name in SCREENING) and is_empty(project.screening_note):
        words = _("A screening question is answered with no, and it is not said why all the same")
        reasons.append(Reason("missing_screening_note", words, url_of_value(project, "screening_note")))
    return reasons


def options_weighed(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """A low-cost option stands beside the full one, and says what it gives up and when to decide again."""
    low = next((option for option in project.options.all() if option.kind == OptionKind.LOW_COST), None)
    place = url_of(project, PitchStep.OPTIONS)
    if low is None:
        return [Reason("no_low_cost", _("There is no low-cost option yet"), place)]
    reasons = []
    if is_empty(low.gives_up):
        words = _("It is not said what the low-cost option gives up")
        reasons.append(Reason("missing_gives_up", words, f"{place}#id_low_cost-gives_up"))
    if low.decide_again_on is None:
        words = _("The day is missing on which the low-cost option is decided on again")
        reasons.append(Reason("missing_decide_again_on", words, f"{place}#id_low_cost-decide_again_on"))
    return reasons


def nothing_weighed(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """It is said what happens if nothing is done."""
    if any(option.kind == OptionKind.NOTHING and option.summary for option in project.options.all()):
        return []
    words = _("It is not said what happens if nothing is done")
    return [Reason("no_nothing", words, url_of(project, PitchStep.OPTIONS))]


def has_approver(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """Somebody above the owner can decide."""
    if approvers_of(project):
        return []
    return [NO_APPROVER]


def approval_stands(project: Project, _by: User | None, _now: datetime, /) -> Sequence[Reason]:
    """Nothing moved since beyond what the approval bears, or the changed project is approved too."""
    if project.approval_void_at is None:
        return []
    words = _("The approval is void since the project changed, and a new one is not given yet")
    return [Reason("approval_void", words, reverse("projects:renew", args=[project.pk]))]


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
    if pledge is None or project.launched_at is None or is_measured(project, pledge):
        return []
    return [
        Reason(
            "not_measured",
            _("The number after launch is not in yet"),
            reverse("projects:metric", args=[project.pk]),
        )
    ]
