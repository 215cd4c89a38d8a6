import hashlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.actions.pitch import content_of
from projects.business_inputs import canonical, case_of, digest_of, number, plain, tier_inputs_of
from projects.tiers import TierInputs
from tests.factories.projects import cast, draft


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal(3000), "3000"),
        (Decimal("3000.00"), "3000"),
        (Decimal("3E+3"), "3000"),
        (Decimal("0.150000"), "0.15"),
        (Decimal(0), "0"),
        (Decimal("0.00"), "0"),
        (Decimal("-0.00"), "0"),
        (Decimal("1E-6"), "0.000001"),
        (Decimal(100), "100"),
        (None, None),
    ],
)
def test_equal_figures_are_written_alike(value, text):
    assert plain(value) == text
    assert number(text) == value


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**12, places=6))
def test_what_is_written_is_read_back_exactly(value):
    text = plain(value)

    assert number(text) == value
    assert plain(number(text)) == text


def test_canonical_text_does_not_depend_on_the_order_of_keys():
    one = canonical({"b": 1, "a": {"d": None, "c": "袋"}})
    other = canonical({"a": {"c": "袋", "d": None}, "b": 1})

    assert one == other == '{"a":{"c":"袋","d":null},"b":1}'
    assert digest_of(one) == hashlib.sha256(one.encode()).hexdigest()


@pytest.mark.django_db
def test_live_and_frozen_are_reckoned_alike():
    project = draft(cast(), material_amount=Decimal("1200.50"))
    content = content_of(project)

    case = case_of(content)

    assert (case.benefit, case.cost, case.net_benefit) == (
        Decimal("216000.00"),
        Decimal("17200.50"),
        Decimal("198799.50"),
    )
    assert case.net_benefit == project.net_benefit_amount
    assert tier_inputs_of(content) == TierInputs(
        person_days=Decimal(10), needs_permit=False, reversible=True, departments=1, cost=Decimal("17200.5")
    )


@pytest.mark.django_db
def test_what_is_not_known_stays_not_known():
    content = content_of(draft(cast(), person_days=None, probability=None, crosses_departments=True))

    assert (case_of(content).net_benefit, case_of(content).cost) == (None, None)
    assert tier_inputs_of(content) == TierInputs(
        person_days=None, needs_permit=False, reversible=True, departments=2, cost=Decimal(0)
    )
