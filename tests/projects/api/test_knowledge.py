"""Products and goals by the API."""

from __future__ import annotations

import pytest

from projects.models import KeyResult, Product
from tests.factories.metrics import MetricFactory
from tests.factories.programs import Program
from tests.factories.projects import GoalFactory, ProductFactory, cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def test_a_product_is_added_found_and_changed():
    people = cast()
    program = Program(people.pm)

    made = program.post("/products", {"name": "Bag tracker", "purpose": "Knows every bag"})
    twice = program.post("/products", {"name": "BAG tracker "})
    path = f"/products/{made.json()['id']}"
    changed = program.patch(path, {"whom_to_ask": "The hub desk"}, if_match=made["ETag"])
    stale = program.patch(path, {"whom_to_ask": "Nobody"}, if_match=made["ETag"])

    assert (made.status_code, made.json()["owner"]["id"]) == (201, people.pm.pk)
    assert (twice.status_code, list(twice.json()["errors"])) == (400, ["name"])
    assert (changed.json()["purpose"], changed.json()["whom_to_ask"]) == ("Knows every bag", "The hub desk")
    assert stale.status_code == 412
    assert [row["name"] for row in program.get("/products?q=tracker").json()["items"]] == ["Bag tracker"]
    assert Product.objects.get().whom_to_ask == "The hub desk"


def test_a_goal_is_set_and_measured():
    people = cast()
    program, metric = Program(people.pm), MetricFactory()

    made = program.post("/goals", {"objective": "Halve the cost of lost bags"})
    path = f"/goals/{made.json()['id']}"
    measured = program.post(f"{path}/key-results", {"metric": metric.pk, "target": "5"}).json()
    hidden = MetricFactory(is_restricted=True)
    refused = program.post(f"{path}/key-results", {"metric": hidden.pk, "target": "5"})
    dropped = program.delete(f"{path}/key-results/{measured['key_results'][0]['id']}")

    assert (made.status_code, made.json()["quarter"]) == (201, "2026 Q4")
    assert [one["metric"]["id"] for one in measured["key_results"]] == [metric.pk]
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["metric"])
    assert dropped.json()["key_results"] == []
    assert not KeyResult.objects.exists()


def test_goals_are_asked_for_by_quarter():
    GoalFactory(quarter="2026 Q4", objective="Now")
    GoalFactory(quarter="2027 Q1", objective="Later")
    ProductFactory(goal=None)
    program = Program(cast().engineer)

    assert [row["objective"] for row in program.get("/goals").json()["items"]] == ["Later", "Now"]
    assert [row["objective"] for row in program.get("/goals?quarter=2026%20Q4").json()["items"]] == ["Now"]
    assert program.get("/goals?quarter=soon").status_code == 400
