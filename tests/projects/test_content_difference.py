from decimal import Decimal
from typing import Any

import pytest

from projects.actions.options import save_benefit_line, save_cost_line
from projects.actions.pitch import content_of, save_pitch
from projects.business_inputs import VERSION, canonical, read
from projects.content_difference import moves_between
from projects.difference_words import FIELDS
from projects.enums import CostKind, OptionKind
from projects.materiality import MATERIAL, Place
from projects.models import BenefitLine, Project
from tests.factories.projects import cast, draft, weighed
from tests.projects.test_uncertain_inputs import UNSAID

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def bare():
    """A pitch of two options, frozen long ago: nothing of it needs a database."""
    line = {"replaces": None, "label": "Bags", "unit_benefit": "40", "reach": "3000", "reach_unit": "bags"}
    benefit = UNSAID | line | {"line": 1, "probability": "0.15", "basis": "measured", "evidence": ""}
    people = {"line": 2, "replaces": None, "kind": "people", "label": "Build", "skill": "", "person_days": "10"}
    cost = people | {"unit_amount": "1600", "amount": "16000", "is_monthly": False, "lead_days": None}
    option = {"summary": "", "gives_up": "", "stays_switchable": "", "decide_again_on": None, "costs": [cost]}
    return {
        "version": VERSION,
        "title": "Bags that come back",
        "wanted_on": "2027-01-29",
        "screening": {"note": ""},
        "horizon_months": 12,
        "annual_rate": "0.08",
        "widening": None,
        "changed": None,
        "documents": [],
        "options": [
            option | {"kind": "low_cost", "is_preferred": False, "benefits": [benefit]},
            option
            | {"kind": "full", "is_preferred": True, "benefits": [benefit, benefit | {"line": 3, "label": "Ties"}]},
        ],
    }


def full(content):
    return next(option for option in content["options"] if option["kind"] == "full")


def copied(content):
    return read(canonical(content))


def told(before, now):
    return [(move.place, move.field, move.old, move.new) for move in moves_between(before, now)]


def test_what_is_the_same_differs_in_nothing(bare):
    assert moves_between(bare, copied(bare)) == []


def test_lines_are_paired_by_what_they_are_wherever_they_stand(bare):
    now = copied(bare)
    full(now)["benefits"].reverse()
    assert moves_between(bare, now) == []

    full(now)["benefits"][0]["label"] = "Straps"

    assert told(bare, now) == [(Place.BENEFIT, "label", "Ties", "Straps")]


def test_a_line_that_takes_anothers_place_is_the_same_line(bare):
    now = copied(bare)
    low = now["options"][0]["benefits"][0]
    low |= {"line": 77, "replaces": 1, "reach": "2000"}

    assert told(bare, now) == [(Place.BENEFIT, "reach", "3000", "2000")]
    assert moves_between(bare, now)[0].option == "low_cost"


def test_lines_and_options_that_came_or_went_are_told_whole_with_the_figures_that_follow(bare):
    now = copied(bare)
    gone = full(now)["benefits"].pop()
    now["options"].pop(0)

    moves = moves_between(bare, now)

    assert [(move.place, move.field) for move in moves] == [
        (Place.FIGURE, "net_benefit"),
        (Place.FIGURE, "benefit"),
        (Place.FIGURE, "roi"),
        (Place.FIGURE, "payback"),
        (Place.BENEFIT, ""),
        (Place.OPTION, ""),
    ]
    assert (moves[0].old, moves[0].new) == (Decimal("416000.00"), Decimal("200000.00"))
    assert (moves[4].line, moves[4].old, moves[4].new) == (gone, gone, None)
    assert told(now, bare)[-1] == (Place.OPTION, "", None, bare["options"][0])


def test_what_is_empty_in_both_is_no_difference_and_zero_is_not_empty(bare):
    now = copied(bare)
    now["screening"]["note"] = None
    full(now)["costs"][0] |= {"amount": "0", "skill": None}

    assert (Place.COST, "amount", "16000", "0") in told(bare, now)
    assert {(place, field) for place, field, *_rest in told(bare, now)}.isdisjoint(
        {(Place.SCREENING, "note"), (Place.COST, "skill")}
    )


def test_an_approval_rests_on_money_people_day_and_scope_and_not_on_words(bare):
    now = copied(bare)
    now |= {"title": "Bags", "wanted_on": "2027-03-01"}
    full(now)["costs"][0] |= {"label": "Make", "person_days": "11"}

    material = {move.field: move.is_material for move in moves_between(bare, now) if move.place != Place.FIGURE}

    assert material == {"title": False, "wanted_on": True, "label": False, "person_days": True}


def test_every_field_that_can_differ_has_words_and_every_material_one_can_differ():
    assert {(place, field) for place, fields in MATERIAL.items() for field in fields if field} <= set(FIELDS)


def test_live_and_frozen_are_compared_alike():
    project = weighed(draft(cast()))
    before = copied(content_of(project))
    option = project.options.get(kind=OptionKind.LOW_COST)
    line = BenefitLine.objects.get(project=project)
    version = Project.objects.get(pk=project.pk).version
    how: dict[str, Any] = {"by": project.owner, "now": project.created_at}
    save_benefit_line(option, line, {"reach": Decimal(2000)}, version=version, **how)
    project = Project.objects.get(pk=project.pk)
    values = {"kind": CostKind.MATERIAL, "label": "Labels", "amount": Decimal(500)}
    save_cost_line(project.options.get(kind=OptionKind.FULL), None, values, version=project.version, **how)
    project = Project.objects.get(pk=project.pk)
    project = save_pitch(project, {"title": "Other"}, version=project.version, **how)

    moves = moves_between(before, copied(content_of(project)))

    assert [(move.place, move.field, move.option) for move in moves if move.place != Place.FIGURE] == [
        (Place.PITCH, "title", ""),
        (Place.COST, "", "full"),
        (Place.BENEFIT, "reach", "low_cost"),
        (Place.COST, "", "low_cost"),
    ]
