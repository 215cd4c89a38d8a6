"""Reviews by the API: what is blind on the pages is blind to programs, and so is everything that is counted of it."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from portal.accounts.enums import Role
from portal.accounts.models import FormKey
from risks.actions.review import Answer, assess
from risks.models import Assessment, Review
from tests.factories.accounts import UserFactory
from tests.factories.programs import Program
from tests.risks.conftest import TOMORROW

pytestmark = pytest.mark.django_db

#: Figures and words that occur nowhere else.
SECRETS = ("0.77", "4321", "Zanzibar")
ANSWER = Answer(Decimal("0.77"), Decimal(4321), note="Zanzibar")


def base(case):
    return f"/projects/{case.project.code}"


def hand(case, person):
    return f"{base(case)}/assessments/{case.invitation(person).pk}"


def reads(case):
    """Everything that tells of risks and reviews."""
    review = Review.objects.get().pk
    return [
        "/risks?view=all",
        f"{base(case)}/risks/{case.network.pk}",
        f"{base(case)}/reviews",
        f"{base(case)}/reviews/{review}",
        "/assessments?view=all",
        "/escalations?view=all",
        "/obligations",
        base(case),
        f"{base(case)}/pitch",
    ]


@pytest.fixture
def half_answered(case):
    """One engineer has answered everything, the other nothing."""
    case.call(case.engineer, case.second)
    for risk in (case.network, case.terminals):
        assess(case.invitation(), risk, ANSWER, by=case.engineer, now=case.network.raised_at)
    return case


@pytest.mark.parametrize("who", ["owner", "second", "lead", "colleague", "admin"])
def test_nothing_that_is_read_tells_anybody_of_anothers_figures(half_answered, who):
    case = half_answered
    program = Program(UserFactory(roles=[Role.ADMIN]) if who == "admin" else getattr(case, who))

    bodies = {path: program.get(path) for path in [*reads(case), hand(case, case.second)]}

    for path, body in bodies.items():
        assert [secret for secret in SECRETS if secret in body.content.decode()] == [], path
    review = bodies[reads(case)[3]].json()
    assert (review["are_answers_shown"], {row["answers"] is None for row in review["agenda"]}) == (False, {True})
    assert [one["state"] for one in review["invitations"]] == ["answered", "invited"]


def test_what_is_read_is_the_same_whatever_was_answered(half_answered):
    case = half_answered
    program = Program(case.owner)
    first = [program.get(path).json() for path in reads(case)]
    Assessment.objects.update(probability=None, impact_days=None, is_not_my_field=True, note="")

    assert [program.get(path).json() for path in reads(case)] == first


def test_nobody_comes_to_the_cards_of_another(half_answered):
    case = half_answered
    path = hand(case, case.engineer)

    for person in (case.second, case.owner, case.lead, UserFactory(roles=[Role.ADMIN])):
        program = Program(person)
        answers = [program.get(path), program.put(f"{path}/cards/{case.network.pk}", {"is_not_my_field": True})]
        assert [answer.status_code for answer in answers] == [403, 403]
    assert Program(case.owner).get("/assessments?view=all").json()["items"] == []


def test_cards_are_answered_changed_and_finished_and_no_key_tells_what_was_said(case):
    case.call(case.engineer, case.second)
    program, path = Program(case.engineer), hand(case, case.engineer)
    (row,) = program.get("/assessments").json()["items"]
    assert (row["id"], row["is_open"]) == (case.invitation().pk, True)
    said = {"probability": "0.30", "impact_days": "5", "note": "Old routers"}

    first = program.put(f"{path}/cards/{case.network.pk}", said, idempotency_key="one")
    other = program.put(f"{path}/cards/{case.network.pk}", {"impact_days": "10"}, idempotency_key="one")
    last = program.put(f"{path}/cards/{case.terminals.pk}", {"is_not_my_field": True})

    assert [answer.status_code for answer in (first, other, last)] == [200, 200, 200], other.json()
    mine = [card["answer"] for card in last.json()["cards"]]
    assert mine == [
        {"probability": "0.300000", "impact_days": "10.0", "is_not_my_field": False, "note": "Old routers"},
        {"probability": None, "impact_days": None, "is_not_my_field": True, "note": ""},
    ]
    assert last.json()["state"] == "answered"
    assert program.put(f"{path}/cards/{case.network.pk}", said).status_code == 409  # finished
    assert FormKey.objects.count() == 0


def test_what_is_kept_by_a_key_shows_no_figure(case):
    case.call(case.engineer)
    program, path = Program(case.engineer), hand(case, case.engineer)
    program.put(f"{path}/cards/{case.network.pk}", {"probability": "0.90", "impact_days": "20", "note": "Zanzibar"})

    added = program.post(f"{path}/risks", {"event": "Scanners freeze"}, idempotency_key="one")
    program.post(f"{path}/questions-answered", idempotency_key="two")

    assert (added.status_code, added.json()["is_open"]) == (201, True)
    assert [key.answer for key in FormKey.objects.all() if "Zanzibar" in key.answer or "0.9" in key.answer] == []
    assert FormKey.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "probability"),
        ({"probability": "0.77", "impact_days": "5"}, "probability"),
        ({"probability": "0.30", "impact_days": "4321"}, "impact_days"),
        ({"probability": "0.30", "impact_days": "5", "note": "x" * 501}, "note"),
        ({"probability": "0.30", "impact_days": "5", "risk": 1}, "risk"),
    ],
)
def test_a_card_takes_its_chips_alone(case, sent, field):
    case.call(case.engineer)

    refused = Program(case.engineer).put(f"{hand(case, case.engineer)}/cards/{case.network.pk}", sent)

    assert (refused.status_code, field in refused.json()["errors"]) == (400, True)
    assert Assessment.objects.count() == 0


def test_who_has_finished_sees_the_others_once_there_are_two_and_without_names(half_answered):
    case = half_answered
    review = f"{base(case)}/reviews/{Review.objects.get().pk}"
    own = Program(case.engineer)
    assert own.get(review).json()["are_answers_shown"] is False
    case.answer_all("0.1", 1, person=case.second)

    shown = own.get(review).json()

    answers = next(row["answers"] for row in shown["agenda"] if row["risk"]["id"] == case.network.pk)
    assert (shown["are_answers_shown"], answers["chances"], answers["days"]) == (
        True,
        ["0.100000", "0.770000"],
        ["1.0", "4321.0"],
    )
    assert answers["together"]["notes"] == ["Zanzibar"]
    assert case.engineer.name not in json.dumps(shown["agenda"])


def test_a_meeting_is_called_moved_shown_agreed_on_and_concluded_by_programs(case):
    program, path = Program(case.owner), f"{base(case)}/reviews"
    called = program.post(
        path, {"persons": [case.engineer.pk], "meets_on": "2026-11-24", "meets_time": "14:30", "kind": "technical"}
    )
    assert called.status_code == 201, called.json()
    review = f"{path}/{called.json()['id']}"
    assert called.json()["meets_at"] == TOMORROW.at.isoformat().replace("+00:00", "Z")
    moved = program.put(f"{review}/meeting", {"meets_time": "15:00", "place": "Room 1"})
    assert (moved.json()["meets_at"], moved.json()["place"]) == ("2026-11-24T07:00:00Z", "Room 1")
    assert program.post(f"{review}/shown").json()["code"] == "conflict"  # nobody has answered
    case.answer_all()
    assert program.post(f"{review}/shown").json()["are_answers_shown"] is True
    agreed = program.put(f"{review}/agreed/{case.network.pk}", {"probability": "60%", "reason": "The pilot"})
    assert [row["agreed"]["probability"] for row in agreed.json()["agenda"] if row["agreed"]] == ["0.600000"]
    sent = {"conclusion": "conditions", "condition_1": "Measure the hubs", "due_on_1": "2026-12-18"}
    concluded = program.post(f"{review}/conclusion", sent, idempotency_key="end")

    assert (concluded.status_code, concluded.json()["conclusion"]) == (200, "conditions")
    assert [one["title"] for one in concluded.json()["conditions"]] == ["Measure the hubs"]
    again = program.post(f"{review}/conclusion", sent, idempotency_key="end")
    assert again.json() == concluded.json()
    assert program.post(f"{review}/conclusion", sent).status_code == 409
    assert [row["conclusion"] for row in program.get(path).json()["items"]] == ["conditions"]
