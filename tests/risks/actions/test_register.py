from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from projects.actions.stage import move
from projects.lifecycle import Transition
from risks.actions.answer import accept, mitigate, set_plan_b
from risks.actions.escalation import ABOUT_ESCALATIONS
from risks.actions.register import ABOUT_RISKS
from risks.actions.review import call_review
from risks.actions.risk import raise_risk
from risks.obligations import KINDS
from tests.factories.projects import NOW, approved, cast, draft, launched, looked_back, measured, owed

pytestmark = pytest.mark.django_db


def test_every_kind_is_one_of_the_register():
    assert {kind.key for kind in KINDS} == {*ABOUT_RISKS, *ABOUT_ESCALATIONS}


def test_nothing_is_owed_to_the_register_of_a_cancelled_project():
    people = cast()
    project = approved(draft(people))
    rain, snow, wind = (raise_risk(project, event=event, by=people.pm, now=NOW) for event in ("Rain", "Snow", "Wind"))
    until = date(2026, 12, 18)
    mitigate(rain, deed="Cover", owner=people.engineer, due_on=until, by=people.pm, now=NOW)
    plan: dict[str, Any] = {"trigger": "Clouds", "deed": "Tents", "decide_by": until, "owner": people.engineer}
    set_plan_b(snow, **plan, cost_amount=Decimal(9), days=Decimal(1), by=people.pm, now=NOW)
    accept(wind, reason="Rare.", until=until, by=people.lead, now=NOW)
    call_review(project, [people.engineer], by=people.pm, now=NOW)
    assert {kind for kind, _person in owed(project)} == {
        "prepare",
        "assessment",
        "mitigation",
        "plan_b_decision",
        "acceptance_expiry",
    }

    move(project, Transition.CANCEL, by=people.pm, now=NOW, note="Bought.")

    assert {kind for kind, _person in owed(project)} == {"retro", "retro_answer"}


def test_nothing_is_owed_to_the_register_of_a_closed_project():
    people = cast()
    project = launched(draft(people), people)
    raise_risk(project, event="Rain", by=people.partner, now=NOW)
    assert ("value_risks", "Pia Manager") in owed(project)

    looked_back(measured(project), people)

    assert owed(project) == set()
