"""From a pitch to the arithmetic: one canonical content, read the same way live and frozen."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from projects.business_case import BusinessCase, CostInput, LightCase, reckon
from projects.tiers import TierInputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projects.models import BenefitLine, CostLine, Project

Content = dict[str, Any]


def pitch_content(
    project: Project,
    benefit: BenefitLine,
    costs: Sequence[CostLine],
    *,
    horizon_months: int,
    annual_rate: Decimal,
    currency: str,
) -> Content:
    """Everything an approver decides on, as plain values; names stand beside ids so that it reads alike for ever."""
    return {
        "title": project.title,
        "problem": project.problem,
        "product": named(project.product_id, project.product),
        "goal": named(project.goal_id, project.goal),
        "owner": named(project.owner_id, project.owner),
        "business_partner": named(project.business_partner_id, project.business_partner),
        "wanted_on": None if project.wanted_on is None else project.wanted_on.isoformat(),
        "tier": str(project.tier),
        "needs_permit": project.needs_permit,
        "is_reversible": project.is_reversible,
        "crosses_departments": project.crosses_departments,
        "benefit": {
            "line": benefit.pk,
            "unit_benefit": plain(benefit.unit_benefit_amount),
            "reach": plain(benefit.reach),
            "reach_unit": benefit.reach_unit,
            "probability": plain(benefit.probability),
            "basis": str(benefit.basis),
            "evidence": benefit.evidence,
        },
        "costs": [
            {
                "line": line.pk,
                "kind": str(line.kind),
                "label": line.label,
                "person_days": plain(line.person_days),
                "unit_amount": plain(line.unit_amount),
                "amount": plain(line.amount),
            }
            for line in costs
        ],
        "horizon_months": horizon_months,
        "annual_rate": plain(annual_rate),
        "currency": currency,
    }


def named(pk: int | None, thing: object) -> dict[str, object] | None:
    """An id with the name it had on the day."""
    return None if pk is None else {"id": pk, "name": str(thing)}


def plain(value: Decimal | None) -> str | None:
    """A decimal as text without exponent or trailing zeros, so that equal figures freeze to equal bytes."""
    if value is None:
        return None
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def canonical(content: Content) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    """SHA-256 of the canonical text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def case_of(content: Mapping[str, Any]) -> BusinessCase:
    """Reckon the business case of a pitch's content."""
    benefit = content["benefit"]
    return reckon(
        LightCase(
            unit_benefit=number(benefit["unit_benefit"]),
            reach_per_month=number(benefit["reach"]),
            probability=number(benefit["probability"]),
            costs=tuple(
                CostInput(
                    kind=line["kind"],
                    label=line["label"],
                    quantity=number(line["person_days"]),
                    unit_cost=number(line["unit_amount"]),
                    amount=Decimal(line["amount"]),
                )
                for line in content["costs"]
            ),
            horizon_months=content["horizon_months"],
            annual_rate=Decimal(content["annual_rate"]),
        )
    )


def tier_inputs_of(content: Mapping[str, Any]) -> TierInputs:
    """What the tier is judged by."""
    days = [Decimal(line["person_days"]) for line in content["costs"] if line["person_days"] is not None]
    return TierInputs(
        person_days=sum(days, Decimal(0)) if days else None,
        needs_permit=content["needs_permit"],
        reversible=content["is_reversible"],
        departments=2 if content["crosses_departments"] else 1,
        cost=sum((Decimal(line["amount"]) for line in content["costs"]), Decimal(0)),
    )


def number(text: str | None) -> Decimal | None:
    """A frozen figure; None stays not known."""
    return None if text is None else Decimal(text)
