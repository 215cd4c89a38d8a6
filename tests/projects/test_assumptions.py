"""An option by other figures is reckoned like the pitch itself, to the cent."""

from decimal import Decimal
from typing import Any

import pytest

from projects.assumptions import Judged, assumptions_of, judged, with_figures
from projects.business_inputs import case_of

OPTION: dict[str, Any] = {
    "benefits": [
        {"label": "", "unit_benefit": "40", "reach": "3000", "probability": "0.15"},
        {"label": "", "unit_benefit": "0.07", "reach": None, "probability": "0.000001"},
    ],
    "costs": [
        {"kind": "material", "label": "", "skill": "", "person_days": None, "unit_amount": None, "amount": "900", "is_monthly": False},
        {"kind": "people", "label": "", "skill": "", "person_days": "10", "unit_amount": "1600", "amount": "16000", "is_monthly": False},
    ],
}  # fmt: skip
CONTENT = {"horizon_months": 12, "annual_rate": "0.08"}


def test_each_figure_of_a_benefit_and_the_days_of_people_are_assumed():
    assert [(one.key, one.value) for one in assumptions_of(OPTION)] == [
        ("benefits-0-unit_benefit", Decimal(40)),
        ("benefits-0-reach", Decimal(3000)),
        ("benefits-0-probability", Decimal("0.15")),
        ("benefits-1-unit_benefit", Decimal("0.07")),
        ("benefits-1-reach", None),
        ("benefits-1-probability", Decimal("0.000001")),
        ("costs-1-person_days", Decimal(10)),
    ]


def test_other_figures_are_reckoned_exactly_and_the_pitch_stays_as_it_is():
    before = repr(OPTION)
    figures = {
        "benefits-0-probability": Decimal("0.1"),
        "benefits-1-reach": Decimal("99999999999.99"),
        "costs-1-person_days": Decimal("12.35"),
        "costs-0-person_days": Decimal(5),
    }

    own = case_of(CONTENT, with_figures(OPTION, figures))

    assert case_of(CONTENT, OPTION).net_benefit is None
    # 40 × 3,000 × 0.1 × 12, and 0.07 × 99,999,999,999.99 × 0.000001 × 12 to the cent.
    assert own.benefit == Decimal("144000.00") + Decimal("84000.00")
    assert own.cost == Decimal("20660.00")
    assert repr(OPTION) == before


@pytest.mark.parametrize(
    ("key", "figure", "is_allowed"),
    [
        ("unit_benefit", "0", True),
        ("unit_benefit", "10000000000000", True),
        ("unit_benefit", "10000000000000.01", False),
        ("unit_benefit", "0.001", False),
        ("unit_benefit", "-0.01", False),
        ("reach", "100000000000", True),
        ("reach", "1e400", False),
        ("reach", "1e-400", False),
        ("probability", "1", True),
        ("probability", "0.333333", True),
        ("probability", "0.3333333", False),
        ("probability", "1.000001", False),
        ("person_days", "0.25", True),
        ("person_days", "NaN", False),
        ("person_days", "sNaN", False),
        ("person_days", "Infinity", False),
    ],
)
def test_a_figure_within_its_limits_is_allowed(key, figure, is_allowed):
    one = next(one for one in assumptions_of(OPTION) if one.assumed == key)

    assert one.allows(Decimal(figure)) is is_allowed


def by(basis, reach):
    return {"label": "", "unit_benefit": "1", "reach": reach, "probability": "0.5", "basis": basis}


@pytest.mark.parametrize(
    ("benefits", "expected"),
    [
        ([by("measured", "100")], None),
        ([by("judgement", "100")], Judged(Decimal(1), ("benefits-0-probability",))),
        # Half is not above half.
        ([by("judgement", "100"), by("peer", "100")], None),
        ([by("peer", "100"), by("judgement", "300")], Judged(Decimal("0.75"), ("benefits-1-probability",))),
        # What is not known brings nothing yet, and hides nothing.
        ([by("measured", None), by("judgement", "100")], Judged(Decimal(1), ("benefits-1-probability",))),
        ([by("judgement", None)], None),
        ([], None),
    ],
)
def test_judgement_alone_above_half_of_what_is_known_has_to_be_accepted(benefits, expected):
    assert judged(CONTENT, OPTION | {"benefits": benefits}) == expected
