"""From a pitch to the arithmetic: one canonical content, read the same way live and frozen.

Content has a version number. What was frozen under an older one keeps its text and its hash; `read` brings it to the
present form, so that nobody else needs to know the older ones.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.common.amounts import rounded
from projects.business_case import BenefitInput, BusinessCase, Case, CostInput, reckon
from projects.enums import CostKind, OptionKind
from projects.tiers import TierInputs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projects.models import BenefitLine, CostLine, Document, Option, Project

Content = dict[str, Any]
#: The form in which a pitch is frozen now. 1: one benefit and its costs, without options. 2: lines that do not say which
#: ones they replace, and nothing of what changed since the start. 3: without the documents it was read with, and nothing of
#: how far a figure may lie from what it says. 4: without the ranges that were given to single figures.
VERSION = 5

#: Stands in place of the id of a line where money was added to the budget after the start.
BUDGET_LINE = "budget"


@dataclass(frozen=True, slots=True)
class OptionLines:
    """An option with the lines it is reckoned with."""

    option: Option
    benefits: Sequence[BenefitLine]
    costs: Sequence[CostLine]


def pitch_content(
    project: Project,
    options: Sequence[OptionLines],
    *,
    horizon_months: int,
    annual_rate: Decimal,
    currency: str,
    widening: Mapping[str, Decimal],
) -> Content:
    """Everything an approver decides on, as plain values; names stand beside ids so that it reads alike for ever."""
    return {
        "version": VERSION,
        "title": project.title,
        "problem": project.problem,
        "product": named(project.product_id, project.product),
        "goal": named(project.goal_id, project.goal),
        "owner": named(project.owner_id, project.owner),
        "business_partner": named(project.business_partner_id, project.business_partner),
        "sponsor": named(project.sponsor_id, project.sponsor),
        "process": named(project.process_id, project.process),
        "screening": {
            "is_in_scope": project.is_in_scope,
            "is_reusable": project.is_reusable,
            "fits_roadmap": project.fits_roadmap,
            "note": project.screening_note,
        },
        "wanted_on": None if project.wanted_on is None else project.wanted_on.isoformat(),
        "tier": str(project.tier),
        "needs_permit": project.needs_permit,
        "is_reversible": project.is_reversible,
        "crosses_departments": project.crosses_departments,
        "options": [option_content(one) for one in options],
        "horizon_months": horizon_months,
        "annual_rate": plain(annual_rate),
        "currency": currency,
        "widening": {key: plain(share) for key, share in widening.items()},
        "changed": None,
        "documents": [],
    }


def document_content(document: Document) -> Content:
    """A document as it stood beside the pitch: a link by its address, a file by what is in it."""
    return {
        "document": document.pk,
        "kind": str(document.kind),
        "title": document.title,
        "url": document.url,
        "digest": document.digest,
    }


def option_content(lines: OptionLines) -> Content:
    """One way to do it, as plain values."""
    option = lines.option
    return {
        "option": option.pk,
        "kind": str(option.kind),
        "is_preferred": option.is_preferred,
        "summary": option.summary,
        "gives_up": option.gives_up,
        "stays_switchable": option.stays_switchable,
        "decide_again_on": None if option.decide_again_on is None else option.decide_again_on.isoformat(),
        "benefits": [
            {
                "line": line.pk,
                "replaces": line.replaces_id,
                "label": line.label,
                "unit_benefit": plain(line.unit_benefit_amount),
                "reach": plain(line.reach),
                "reach_unit": line.reach_unit,
                "probability": plain(line.probability),
                "basis": str(line.basis),
                "evidence": line.evidence,
                "unit_benefit_low": plain(line.unit_benefit_amount_low),
                "unit_benefit_high": plain(line.unit_benefit_amount_high),
                "reach_low": plain(line.reach_low),
                "reach_high": plain(line.reach_high),
                "probability_low": plain(line.probability_low),
                "probability_high": plain(line.probability_high),
            }
            for line in lines.benefits
        ],
        "costs": [
            {
                "line": line.pk,
                "replaces": line.replaces_id,
                "kind": str(line.kind),
                "label": line.label,
                "skill": line.skill,
                "person_days": plain(line.person_days),
                "unit_amount": plain(line.unit_amount),
                "amount": plain(line.amount),
                "is_monthly": line.is_monthly,
                "lead_days": line.lead_days,
            }
            for line in lines.costs
        ],
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


def read(text: str) -> Content:
    """Frozen content in the present form, whichever it was frozen in."""
    content: Content = json.loads(text)
    if "version" not in content:
        content = from_version_1(content)
    if content["version"] == 2:  # noqa: PLR2004 -- the form it was written in
        content = from_version_2(content)
    if content["version"] == 3:  # noqa: PLR2004 -- the form it was written in
        content = from_version_3(content)
    return content if content["version"] == VERSION else from_version_4(content)


def from_version_1(content: Content) -> Content:
    """One benefit and its costs are the lines of the full option, which nobody had to tell from others."""
    rest = {name: value for name, value in content.items() if name not in {"benefit", "costs"}}
    newer = {"skill": "", "is_monthly": False, "lead_days": None}
    full = {
        "option": None,
        "kind": OptionKind.FULL.value,
        "is_preferred": True,
        "summary": "",
        "gives_up": "",
        "stays_switchable": "",
        "decide_again_on": None,
        "benefits": [{"label": ""} | content["benefit"]],
        "costs": [newer | line for line in content["costs"]],
    }
    unasked = {"is_in_scope": None, "is_reusable": None, "fits_roadmap": None, "note": ""}
    return {"sponsor": None, "process": None, "screening": unasked} | rest | {"version": 2, "options": [full]}


def from_version_2(content: Content) -> Content:
    """Which line stood in for which was not kept; nothing had changed, because nothing was submitted after the start."""
    options = [
        option | {part: [{"replaces": None} | line for line in option[part]] for part in ("benefits", "costs")}
        for option in content["options"]
    ]
    return content | {"version": 3, "options": options, "changed": None}


def from_version_3(content: Content) -> Content:
    """Which documents stood beside it was not kept. How sure the figures are nobody had said, so nothing is told of it."""
    return content | {"version": 4, "documents": [], "widening": None}


def from_version_4(content: Content) -> Content:
    """Nobody had said between which ends a figure lies."""
    without = dict.fromkeys(
        f"{name}_{end}" for name in ("unit_benefit", "reach", "probability") for end in ("low", "high")
    )
    options = [option | {"benefits": [without | line for line in option["benefits"]]} for option in content["options"]]
    return content | {"version": VERSION, "options": options}


def for_less(content: Content, kind: str, caps: Mapping[Any, Decimal]) -> Content:
    """The content with the option `kind` asked for, and its cost lines capped by their key.

    What it brings is not estimated again: only who writes the pitch could do that.
    """
    options = []
    for option in content["options"]:
        is_chosen = option["kind"] == kind
        costs = [capped(line, caps.get(line["line"])) if is_chosen else line for line in option["costs"]]
        options.append(option | {"is_preferred": is_chosen, "costs": costs})
    return content | {"options": options}


def capped(line: Content, cap: Decimal | None) -> Content:
    """A cost line with less: people by their days, at their rate; the others by money."""
    if cap is None:
        return line
    rate = number(line["unit_amount"])
    if line["kind"] != CostKind.PEOPLE or rate is None:
        return line | {"amount": plain(cap)}
    return line | {"person_days": plain(cap), "amount": plain(rounded(cap * rate))}


def preferred(content: Mapping[str, Any]) -> Content:
    """The option that is asked for."""
    chosen: Content = next(option for option in content["options"] if option["is_preferred"])
    return chosen


def case_of(content: Mapping[str, Any], option: Mapping[str, Any] | None = None) -> BusinessCase:
    """Reckon the business case of an option of a pitch's content: the preferred one, unless another is named."""
    chosen = preferred(content) if option is None else option
    return reckon(
        Case(
            benefits=tuple(
                BenefitInput(
                    unit_benefit=number(line["unit_benefit"]),
                    reach_per_month=number(line["reach"]),
                    probability=number(line["probability"]),
                    label=line["label"],
                )
                for line in chosen["benefits"]
            ),
            costs=tuple(
                CostInput(
                    kind=line["kind"],
                    label=line["label"] or line["skill"],
                    quantity=number(line["person_days"]),
                    unit_cost=number(line["unit_amount"]),
                    amount=Decimal(line["amount"]),
                    is_monthly=line["is_monthly"],
                )
                for line in chosen["costs"]
            ),
            horizon_months=content["horizon_months"],
            annual_rate=Decimal(content["annual_rate"]),
        )
    )


def build_days(option: Mapping[str, Any]) -> Decimal | None:
    """Person-days to build it, once; what its running takes each month is a cost of its own. None if nobody said."""
    days = [
        Decimal(line["person_days"])
        for line in option["costs"]
        if line["person_days"] is not None and not line["is_monthly"]
    ]
    return sum(days, Decimal(0)) if days else None


def money_beside(content: Mapping[str, Any], option: Mapping[str, Any]) -> Decimal:
    """What is asked for beside people, over the whole horizon."""
    paid = (
        Decimal(line["amount"]) * (content["horizon_months"] if line["is_monthly"] else 1)
        for line in option["costs"]
        if line["kind"] != CostKind.PEOPLE
    )
    return sum(paid, Decimal(0))


def tier_inputs_of(content: Mapping[str, Any]) -> TierInputs:
    """What the tier is judged by: the preferred option. A permit among its costs is one that is needed."""
    option = preferred(content)
    return TierInputs(
        person_days=build_days(option),
        needs_permit=content["needs_permit"] or any(line["kind"] == CostKind.PERMIT for line in option["costs"]),
        reversible=content["is_reversible"],
        departments=2 if content["crosses_departments"] else 1,
        cost=case_of(content, option).cost or Decimal(0),
    )


def number(text: str | None) -> Decimal | None:
    """A frozen figure; None stays not known."""
    return None if text is None else Decimal(text)
