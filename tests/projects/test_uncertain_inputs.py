"""A pitch has an outlook once all is known that it rests on, and who wrote it is asked for nothing more."""

from decimal import Decimal
from typing import Any

import pytest

from projects.assumptions import with_figures
from projects.business_inputs import case_of
from projects.uncertain_inputs import band_of, outlook_of

WIDENING = {"measured": "0.1", "analogous": "0.3", "peer": "0.5", "judgement": "1", "effort": "0.5"}
UNSAID = dict.fromkeys(f"{name}_{end}" for name in ("unit_benefit", "reach", "probability") for end in ("low", "high"))
BENEFIT = {"line": 1, "replaces": None, "label": "", "unit_benefit": "46", "reach": "1200", "probability": "0.15", "basis": "measured", **UNSAID}  # fmt: skip
PEOPLE = {"line": 7, "replaces": None, "kind": "people", "label": "", "skill": "", "person_days": "14", "unit_amount": "1600", "amount": "22400", "is_monthly": False}  # fmt: skip
HOSTING = PEOPLE | {"line": 8, "kind": "material", "person_days": None, "unit_amount": None, "amount": "900", "is_monthly": True}  # fmt: skip
CONTENT = {"horizon_months": 12, "annual_rate": "0.08", "widening": WIDENING}


def option(*costs: dict[str, Any], **benefit: Any) -> dict[str, Any]:
    return {"benefits": [BENEFIT | benefit], "costs": list(costs or (PEOPLE,))}


def test_range_lies_around_the_reckoned_number():
    found, net = outlook_of(CONTENT, option()), case_of(CONTENT, option()).net_benefit

    assert net == Decimal("76960.00")
    assert found is not None
    assert found.conservative < net < found.optimistic
    assert abs(found.median - net) < Decimal(1000)
    assert {one.key for one in found.inputs} == {
        "benefit:1:unit_benefit",
        "benefit:1:reach",
        "benefit:1:probability",
        "cost:7:quantity",
    }


def test_the_weaker_the_basis_the_wider_the_range():
    widths = []
    for basis in ("measured", "analogous", "peer", "judgement"):
        found = outlook_of(CONTENT, option(basis=basis))
        assert found is not None
        widths.append(found.optimistic - found.conservative)

    assert widths == sorted(widths)
    assert widths[0] < widths[-1] / 3


def test_what_is_paid_each_month_counts_in_every_month_and_is_known():
    alone, beside = outlook_of(CONTENT, option()), outlook_of(CONTENT, option(PEOPLE, HOSTING))

    assert alone is not None
    assert beside is not None
    assert alone.median - beside.median == 900 * 12
    assert [one.key for one in beside.inputs] == [one.key for one in alone.inputs]


@pytest.mark.parametrize("driver", ["unit_benefit", "reach", "probability"])
def test_nothing_is_told_while_a_figure_is_not_known(driver):
    assert outlook_of(CONTENT, option(**{driver: None})) is None


def test_nothing_is_told_without_a_benefit_or_a_cost_or_what_was_frozen_before():
    assert outlook_of(CONTENT, {"benefits": [], "costs": [PEOPLE]}) is None
    assert outlook_of(CONTENT, {"benefits": [BENEFIT], "costs": []}) is None
    assert outlook_of(CONTENT | {"widening": None}, option()) is None


def test_line_that_stands_in_for_another_shares_its_fate():
    """The low-cost option is better or worse together with the full one, as far as both rest on the same unknown."""
    full, stand_in = outlook_of(CONTENT, option()), outlook_of(CONTENT, option(line=5, replaces=1))

    assert full == stand_in


def test_an_approvers_own_figure_is_as_uncertain_as_the_one_it_stands_for():
    own = with_figures(option(), {"benefits-0-probability": Decimal("0.05")})
    found = outlook_of(CONTENT, own)

    assert found is not None
    assert abs(found.median - (case_of(CONTENT, own).net_benefit or 0)) < Decimal(1000)
    assert Decimal("0.05") < found.chance_of_loss < Decimal("0.1")


def test_the_band_holds_the_running_total_and_ends_with_the_outlook():
    content = CONTENT | {"options": []}
    chosen = option(PEOPLE, HOSTING)
    band, whole = band_of(content, chosen), outlook_of(content, chosen)

    assert whole is not None
    assert len(band) == 13
    assert abs(band[-1][0] - whole.conservative) < 1
    assert abs(band[-1][1] - whole.optimistic) < 1
    assert band_of(content, option(reach=None)) == ()
    assert band_of(content | {"widening": None}, chosen) == ()


def test_realistic_ends_take_the_place_of_the_basis():
    ends = {"reach_low": "300", "reach_high": "1300"}
    sure, unsure = outlook_of(CONTENT, option()), outlook_of(CONTENT, option(**ends))
    assert sure is not None
    assert unsure is not None

    assert unsure.conservative < sure.conservative
    assert unsure.inputs[0].key == "benefit:1:reach"
    # What was said exactly is known: its ends are itself.
    known = outlook_of(CONTENT, option(reach_low="1200", reach_high="1200"))
    assert known is not None
    assert "benefit:1:reach" not in {one.key for one in known.inputs}


def test_realistic_ends_move_nothing_but_their_own_figure():
    before = outlook_of(CONTENT, option())
    after = outlook_of(CONTENT, option(reach_low="300", reach_high="1300"))
    assert before is not None
    assert after is not None

    ends = [{one.key: (one.low, one.high) for one in found.inputs} for found in (before, after)]
    changed = {key for key in ends[0] if ends[0][key] != ends[1][key]}
    assert changed == {"benefit:1:reach"}


def test_the_ends_of_a_figure_are_not_those_of_the_one_an_approver_puts_in_its_place():
    chosen = option(probability_low="0.1", probability_high="0.2")
    changed = with_figures(chosen, {"benefits-0-probability": Decimal("0.5")})

    (line,) = changed["benefits"]
    assert (line["probability"], line["probability_low"], line["probability_high"]) == ("0.5", None, None)
    assert outlook_of(CONTENT, changed) == outlook_of(CONTENT, option(probability="0.5"))
