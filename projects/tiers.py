"""How much is asked of a project, from what is known of it, with the reasons. Pure.

Light: few person-days, no permit, reversible, one department. Major: many person-days, or irreversible, or costly. All
else is standard. Whoever shows a tier shows its reasons.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ONE_DEPARTMENT = 1


class TierName(StrEnum):
    """The tiers, from the least to the most that is asked."""

    LIGHT = "light"
    STANDARD = "standard"
    MAJOR = "major"


class ReasonCode(StrEnum):
    """What a tier rests on; the page has the words."""

    EFFORT = "effort"
    EFFORT_UNKNOWN = "effort_unknown"
    PERMIT = "permit"
    NO_PERMIT = "no_permit"
    IRREVERSIBLE = "irreversible"
    REVERSIBLE = "reversible"
    DEPARTMENTS = "departments"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class TierInputs:
    """What the tier is judged by; `person_days` is None while nobody has estimated them."""

    person_days: Decimal | None
    needs_permit: bool
    reversible: bool
    departments: int
    cost: Decimal


@dataclass(frozen=True, slots=True)
class TierLimits:
    """Thresholds of the policy: a light project has at most, a standard one at most, a major one costs more than."""

    light_max_days: Decimal = Decimal(15)
    standard_max_days: Decimal = Decimal(120)
    major_cost: Decimal = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class TierReason:
    """One thing the tier rests on: the figure found, and the limit it was held against where there is one."""

    code: ReasonCode
    value: Decimal | None = None
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TierAnswer:
    """The tier and everything that makes it so."""

    tier: TierName
    reasons: tuple[TierReason, ...]


def tier_of(inputs: TierInputs, limits: TierLimits) -> TierAnswer:
    """The tier of a project. Unknown effort lifts nothing and is listed as a reason, so that the page can say so."""
    if major := _what_makes_major(inputs, limits):
        return TierAnswer(TierName.MAJOR, major)
    if standard := _what_makes_standard(inputs, limits):
        return TierAnswer(TierName.STANDARD, standard)
    return TierAnswer(TierName.LIGHT, _what_keeps_light(inputs, limits))


def _what_makes_major(inputs: TierInputs, limits: TierLimits) -> tuple[TierReason, ...]:
    reasons = []
    if inputs.person_days is not None and inputs.person_days > limits.standard_max_days:
        reasons.append(TierReason(ReasonCode.EFFORT, inputs.person_days, limits.standard_max_days))
    if not inputs.reversible:
        reasons.append(TierReason(ReasonCode.IRREVERSIBLE))
    if inputs.cost > limits.major_cost:
        reasons.append(TierReason(ReasonCode.COST, inputs.cost, limits.major_cost))
    return tuple(reasons)


def _what_makes_standard(inputs: TierInputs, limits: TierLimits) -> tuple[TierReason, ...]:
    reasons = []
    if inputs.person_days is not None and inputs.person_days > limits.light_max_days:
        reasons.append(TierReason(ReasonCode.EFFORT, inputs.person_days, limits.light_max_days))
    if inputs.needs_permit:
        reasons.append(TierReason(ReasonCode.PERMIT))
    if inputs.departments > ONE_DEPARTMENT:
        reasons.append(TierReason(ReasonCode.DEPARTMENTS, Decimal(inputs.departments), Decimal(ONE_DEPARTMENT)))
    return tuple(reasons)


def _what_keeps_light(inputs: TierInputs, limits: TierLimits) -> tuple[TierReason, ...]:
    effort = TierReason(ReasonCode.EFFORT, inputs.person_days, limits.light_max_days)
    return (
        TierReason(ReasonCode.EFFORT_UNKNOWN) if inputs.person_days is None else effort,
        TierReason(ReasonCode.NO_PERMIT),
        TierReason(ReasonCode.REVERSIBLE),
        TierReason(ReasonCode.DEPARTMENTS, Decimal(inputs.departments), Decimal(ONE_DEPARTMENT)),
    )
