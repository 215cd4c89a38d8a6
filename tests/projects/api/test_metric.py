"""Measurements in batches: all of them or none, once for a key, and a refusal names row and field."""

from __future__ import annotations

import pytest
import time_machine

from metrics.models import Measurement
from portal.audit.models import AuditEntry
from projects.models import FollowUp
from tests.factories.programs import Program
from tests.factories.projects import NOW, TODAY, cast, draft, in_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def running(people):
    return in_delivery(draft(people), people)


def rows(*days, **more):
    return {
        "measurements": [
            {"period_on": f"2026-11-{day:02}", "numerator": 68, "denominator": "10000"} | more for day in days
        ]
    }


def path(project):
    return f"/projects/{project.code}/metric/measurements"


def test_a_batch_is_written_once_for_its_key_and_the_same_figures_change_nothing(people, running):
    before = Measurement.objects.count()
    program = Program(people.pm)

    answers = [program.post(path(running), rows(3, 10, 17), idempotency_key="week") for _again in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200], answers[0].json()
    assert answers[0].json() == answers[1].json()
    found = [(one["period_on"], one["value"]) for one in answers[0].json()["measurements"]]
    assert found == [("2026-11-03", "0.0068"), ("2026-11-10", "0.0068"), ("2026-11-17", "0.0068")]
    assert Measurement.objects.count() == before + 3
    written = AuditEntry.objects.filter(verb__startswith="measurement.").count()
    assert program.post(path(running), rows(3)).status_code == 200
    assert AuditEntry.objects.filter(verb__startswith="measurement.").count() == written
    assert program.post(path(running), rows(4), idempotency_key="week").status_code == 422


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"numerator": "-1"}, "numerator"),
        ({"numerator": "NaN"}, "numerator"),
        ({"numerator": "1e400"}, "numerator"),
        ({"numerator": "0.001"}, "numerator"),
        ({"numerator": None}, "numerator"),
        ({"denominator": 0}, "denominator"),
        ({"denominator": 10**15}, "denominator"),
        ({"period_on": "2026-02-30"}, "period_on"),
        ({"period_on": "2026-12-31"}, "period_on"),
        ({"period_on": "1999-12-31"}, "period_on"),
    ],
)
def test_one_wrong_row_is_named_and_nothing_of_the_batch_stays(people, running, row, field):
    before = list(Measurement.objects.values())
    sent = rows(3, 10)
    sent["measurements"].insert(1, sent["measurements"][0] | row)

    refused = Program(people.pm).post(path(running), sent)

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [f"measurements.1.{field}"])
    assert list(Measurement.objects.values()) == before


@pytest.mark.parametrize("body", [{}, {"measurements": []}, {"measurements": "x"}, rows(3) | {"also": 1}])
def test_a_body_that_is_no_batch_is_refused_as_a_whole(people, running, body):
    assert Program(people.pm).post(path(running), body).status_code == 400


def test_an_unknown_name_in_a_row_is_refused(people, running):
    refused = Program(people.pm).post(path(running), rows(3, recorded_by=1))

    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["measurements.0.recorded_by"])


def test_who_measures_is_the_owner_or_the_partner(people, running):
    answers = [Program(who).post(path(running), rows(3)).status_code for who in (people.engineer, people.lead)]

    assert answers == [403, 403]
    assert Program(people.partner).post(path(running), rows(3)).status_code == 200


def test_the_pledge_is_read_and_agreed_on_before_delivery(people):
    project = draft(people)
    program, pledge = Program(people.pm), f"/projects/{project.code}/metric"
    sent = {"name": "Lost bags", "numerator_label": "bags lost", "denominator_label": "bags", "scale": "1000"}
    sent |= {"baseline_numerator": "84", "baseline_denominator": "10000", "target": "5"}

    assert program.get(pledge).status_code == 404
    agreed = program.put(pledge, sent)
    assert (agreed.status_code, agreed.json()["target"]) == (200, "0.005000"), agreed.json()
    changed = program.put(pledge, {"target": "4"}).json()
    assert (changed["target"], changed["baseline_numerator"], changed["metric"]) == (
        "0.004000",
        "84.00",
        agreed.json()["metric"],
    )


def test_a_follow_up_is_moved_along_and_dropped_with_a_reason(people, running):
    made = FollowUp.objects.create(
        project=running,
        origin="retro",
        title="Count",
        owner=people.engineer,
        due_on=TODAY,
        opened_by=people.pm,
        opened_at=NOW,
    )
    program, one = Program(people.engineer), f"/projects/{running.code}/follow-ups/{made.pk}"

    assert [row["id"] for row in program.get("/follow-ups").json()["items"]] == [made.pk]
    later = program.post(f"{one}/later", {"due_on": "2026-12-18"})
    assert (later.json()["due_on"], later.json()["carried_over"]) == ("2026-12-18", 1)
    assert list(program.post(f"{one}/state", {"state": "dropped"}).json()["errors"]) == ["note"]
    assert Program(people.lead).post(f"{one}/state", {"state": "done"}).status_code == 403
    done = program.post(f"{one}/state", {"state": "done", "note": "Seven"})
    assert (done.json()["state"], done.json()["note"]) == ("done", "Seven")
    assert program.post(f"{one}/state", {"state": "doing"}).status_code == 409
    assert program.post(f"{one}/state", {"state": "effective"}).json()["note"] == "Seven"
