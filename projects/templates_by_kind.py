"""What a pitch of a kind usually says: names of lines, units, hints. Never a figure, which nobody would have measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from projects.enums import CostKind, PitchKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True, slots=True)
class PitchTemplate:
    """`benefits` begins with the line that the light page writes; `unit` is what its reach counts."""

    benefits: tuple[_StrOrPromise, ...]
    unit: _StrOrPromise
    hints: Mapping[str, _StrOrPromise]
    costs: tuple[tuple[CostKind, _StrOrPromise], ...]


TEMPLATES: Final[Mapping[str, PitchTemplate]] = {
    PitchKind.EFFICIENCY: PitchTemplate(
        benefits=(_("Time saved each time it is done"), _("Fewer questions and corrections")),
        unit=_("cases handled"),
        hints={
            "unit_benefit_amount": _("Minutes saved each time × what a minute of that work costs"),
            "reach": _("How often it is done in a month, such as: … cases handled"),
            "probability": _("In which share of the cases the time is really saved"),
        },
        costs=(
            (CostKind.PEOPLE, _("Building it")),
            (CostKind.PEOPLE, _("Showing it to those who use it")),
            (CostKind.MATERIAL, _("Licences")),
        ),
    ),
    PitchKind.LOSS: PitchTemplate(
        benefits=(_("Less is lost or damaged"), _("Fewer complaints and payments")),
        unit=_("losses"),
        hints={
            "unit_benefit_amount": _("What one loss costs, with what follows from it"),
            "reach": _("How many happen in a month now, such as: … losses"),
            "probability": _("Which share of them it prevents"),
        },
        costs=(
            (CostKind.PEOPLE, _("Building it")),
            (CostKind.MATERIAL, _("Devices, labels, spare parts")),
            (CostKind.PEOPLE, _("Checks that it adds, each month")),
        ),
    ),
    PitchKind.COMPLIANCE: PitchTemplate(
        benefits=(_("No penalty, no stop of the business"), _("Less work for audits")),
        unit=_("audits or cases"),
        hints={
            "unit_benefit_amount": _("What one breach costs: penalty, repair, stop"),
            "reach": _("How many cases a month the rule applies to"),
            "probability": _("How likely a breach is without it; whoever knows the rule says so"),
        },
        costs=(
            (CostKind.PEOPLE, _("Building it")),
            (CostKind.PERMIT, _("Examination by an authority or an auditor")),
            (CostKind.MATERIAL, _("Advice from outside")),
        ),
    ),
    PitchKind.REVENUE: PitchTemplate(
        benefits=(_("More orders"), _("Customers who come again")),
        unit=_("orders"),
        hints={
            "unit_benefit_amount": _("The margin of one order, not its price"),
            "reach": _("How many orders or visits a month it touches"),
            "probability": _("Which share of them is gained by it"),
        },
        costs=(
            (CostKind.PEOPLE, _("Building it")),
            (CostKind.MATERIAL, _("Making it known")),
            (CostKind.MATERIAL, _("Running it, each month")),
        ),
    ),
    PitchKind.INFRASTRUCTURE: PitchTemplate(
        benefits=(_("Fewer outages"), _("Less work to run it"), _("Later projects take less time")),
        unit=_("outages or changes"),
        hints={
            "unit_benefit_amount": _("What one outage or one change costs now"),
            "reach": _("How many happen in a month"),
            "probability": _("Which share of them it saves"),
        },
        costs=(
            (CostKind.PEOPLE, _("Building it")),
            (CostKind.PEOPLE, _("Moving over to it")),
            (CostKind.MATERIAL, _("Machines or cloud, each month")),
        ),
    ),
}
