from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.enums import Tier
from projects.tiers import ReasonCode, TierInputs, TierLimits, TierName, TierReason, tier_of

LIMITS = TierLimits()
SMALL = TierInputs(person_days=Decimal(14), needs_permit=False, reversible=True, departments=1, cost=Decimal(22400))
ORDER = list(TierName)

inputs = st.builds(
    TierInputs,
    person_days=st.none() | st.decimals(0, 300, places=1),
    needs_permit=st.booleans(),
    reversible=st.booleans(),
    departments=st.integers(1, 4),
    cost=st.decimals(0, 2_000_000, places=2),
)


def judged(**changes: object) -> tuple[TierName, list[ReasonCode]]:
    answer = tier_of(replace(SMALL, **changes), LIMITS)  # type: ignore[arg-type] # the changes are inputs
    return answer.tier, [reason.code for reason in answer.reasons]


LIGHT_REASONS = [ReasonCode.EFFORT, ReasonCode.NO_PERMIT, ReasonCode.REVERSIBLE, ReasonCode.DEPARTMENTS]


@pytest.mark.parametrize(
    ("changes", "tier", "reasons"),
    [
        ({}, TierName.LIGHT, LIGHT_REASONS),
        ({"person_days": Decimal(15)}, TierName.LIGHT, LIGHT_REASONS),
        ({"person_days": Decimal("15.01")}, TierName.STANDARD, [ReasonCode.EFFORT]),
        ({"person_days": Decimal(120)}, TierName.STANDARD, [ReasonCode.EFFORT]),
        ({"person_days": Decimal("120.01")}, TierName.MAJOR, [ReasonCode.EFFORT]),
        ({"needs_permit": True}, TierName.STANDARD, [ReasonCode.PERMIT]),
        ({"departments": 2}, TierName.STANDARD, [ReasonCode.DEPARTMENTS]),
        ({"reversible": False}, TierName.MAJOR, [ReasonCode.IRREVERSIBLE]),
        ({"cost": Decimal(1_000_000)}, TierName.LIGHT, LIGHT_REASONS),
        ({"cost": Decimal("1000000.01")}, TierName.MAJOR, [ReasonCode.COST]),
        (
            {"person_days": Decimal(16), "needs_permit": True, "departments": 3},
            TierName.STANDARD,
            [ReasonCode.EFFORT, ReasonCode.PERMIT, ReasonCode.DEPARTMENTS],
        ),
        (
            {"person_days": Decimal(121), "reversible": False, "cost": Decimal(10**7), "needs_permit": True},
            TierName.MAJOR,
            [ReasonCode.EFFORT, ReasonCode.IRREVERSIBLE, ReasonCode.COST],
        ),
        ({"person_days": None}, TierName.LIGHT, [ReasonCode.EFFORT_UNKNOWN, *LIGHT_REASONS[1:]]),
        ({"person_days": None, "needs_permit": True}, TierName.STANDARD, [ReasonCode.PERMIT]),
    ],
)
def test_tier_follows_from_what_is_known_and_says_why(changes, tier, reasons):
    assert judged(**changes) == (tier, reasons)


def test_reasons_carry_the_figure_and_its_limit():
    assert tier_of(SMALL, LIMITS).reasons == (
        TierReason(ReasonCode.EFFORT, Decimal(14), Decimal(15)),
        TierReason(ReasonCode.NO_PERMIT),
        TierReason(ReasonCode.REVERSIBLE),
        TierReason(ReasonCode.DEPARTMENTS, Decimal(1), Decimal(1)),
    )


def test_limits_are_those_of_the_policy():
    strict = TierLimits(light_max_days=Decimal(5), standard_max_days=Decimal(10), major_cost=Decimal(1000))

    assert tier_of(SMALL, strict).reasons == (
        TierReason(ReasonCode.EFFORT, Decimal(14), Decimal(10)),
        TierReason(ReasonCode.COST, Decimal(22400), Decimal(1000)),
    )


@given(inputs)
def test_a_tier_always_has_a_reason(found):
    assert tier_of(found, LIMITS).reasons


@given(inputs, st.decimals(0, 300, places=1))
def test_more_of_anything_never_lowers_the_tier(found, more):
    before = ORDER.index(tier_of(found, LIMITS).tier)
    harder = [
        replace(found, person_days=more if found.person_days is None else found.person_days + more),
        replace(found, needs_permit=True),
        replace(found, reversible=False),
        replace(found, departments=found.departments + 1),
        replace(found, cost=found.cost + more),
    ]
    assert all(ORDER.index(tier_of(one, LIMITS).tier) >= before for one in harder)


def test_tiers_are_those_of_the_models():
    assert [tier.value for tier in Tier] == [str(name) for name in TierName]
