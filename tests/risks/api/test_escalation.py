"""Questions by the API."""

from __future__ import annotations

import pytest

from projects.enums import Stage
from projects.models import Project
from risks.models import Escalation
from tests.factories.programs import Program
from tests.risks.conftest import NOW, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    found = make_case(Stage.IN_DELIVERY)
    Project.objects.update(started_at=NOW)
    return found


def path(case):
    return f"/projects/{case.project.code}/escalations"


def put(case, **more):
    sent = {"question": "May the small hubs wait?", "proposal_title": "Bring them in spring", "proposal_scope": "Late"}
    return Program(case.owner).post(path(case), sent | more)


def test_a_question_is_put_countered_answered_decided_and_applied_by_programs(case):
    owner, lead = Program(case.owner), Program(case.lead)
    asked = put(case)
    assert (asked.status_code, asked.json()["state"]) == (201, "waiting"), asked.json()
    question = f"{path(case)}/{asked.json()['id']}"
    assert asked.json()["waits_for"]["id"] == asked.json()["decider"]["id"] == case.lead.pk
    assert [row["id"] for row in lead.get("/escalations").json()["items"]] == [asked.json()["id"]]

    countered = lead.post(f"{question}/counter", {"way_title": "Half of them now", "way_days": "-2"})
    assert (countered.status_code, countered.json()["state"]) == (200, "countered"), countered.json()
    replied = owner.post(f"{question}/reply", {"way_title": "A third of them"})
    ways = {way["title"]: way["id"] for way in replied.json()["ways"]}
    decided = lead.post(f"{question}/decide", {"option": ways["A third of them"], "note": "Until May"})

    assert (decided.json()["state"], decided.json()["chosen"]) == ("applied", ways["A third of them"])  # nothing moves
    deeds = [one["deed"] for one in decided.json()["history"]]
    assert deeds[-3:] == ["countered", "replied", "decided"]
    assert owner.post(f"{question}/withdraw", {}).status_code == 409


def test_what_was_said_elsewhere_counts_once_the_decider_has_confirmed_it(case):
    owner, lead = Program(case.owner), Program(case.lead)
    question = f"{path(case)}/{put(case).json()['id']}"
    option = owner.get(question).json()["ways"][0]["id"]

    reported = owner.post(f"{question}/report", {"option": option, "note": "On the phone"})
    assert (reported.json()["is_reported"], reported.json()["waits_for"]["id"]) == (True, case.lead.pk)
    assert owner.post(f"{question}/ratify").status_code == 403
    assert owner.post(f"{question}/apply").status_code == 409
    assert lead.post(f"{question}/ratify").json()["is_reported"] is False
    applied = owner.post(f"{question}/apply")
    assert (applied.status_code, applied.json().get("state")) == (200, "applied"), applied.json()


def test_what_stands_between_two_in_private_is_nowhere_for_others(case):
    asked = put(case, counterpart=case.engineer.pk)
    question = f"{path(case)}/{asked.json()['id']}"

    assert asked.json()["state"] == "open"
    for person in (case.lead, case.colleague):
        program = Program(person)
        assert program.get(question).status_code == 404
        assert program.get("/escalations?view=all").json()["items"] == []
    settled = Program(case.engineer).post(f"{question}/agree", {"note": "Fine"})
    assert (settled.status_code, settled.json()["agreed_with"]["id"]) == (200, case.engineer.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [("proposal_days", "251"), ("proposal_cost_amount", "Infinity"), ("proposal_title", ""), ("decider", 10**12)],
)
def test_a_question_that_cannot_stand_is_refused_at_its_field(case, field, value):
    refused = put(case, **{field: value})

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert not Escalation.objects.exists()


def test_a_question_is_put_once_for_a_key(case):
    program, sent = Program(case.owner), {"question": "May they wait?", "proposal_title": "In spring"}

    made = [program.post(path(case), sent, idempotency_key="wait").json()["id"] for _again in range(2)]

    assert made == [Escalation.objects.get().pk] * 2
