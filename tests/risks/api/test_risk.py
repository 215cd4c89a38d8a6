"""The register by the API: the same rules as on the pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.accounts.enums import Role
from risks.models import Mitigation, PlanB, Risk
from tests.factories.accounts import UserFactory
from tests.factories.programs import Program
from tests.factories.risks import RiskFactory

pytestmark = pytest.mark.django_db


def path_of(risk: Risk) -> str:
    return f"/projects/{risk.project.code}/risks/{risk.pk}"


def etag(risk: Risk) -> str:
    return f'"{Risk.objects.get(pk=risk.pk).version}"'


def test_the_register_is_read_page_by_page_and_by_its_filters(case):
    for number in range(3):
        RiskFactory(project=case.project, event=f"Depot {number}", probability=Decimal("0.5"), impact_amount=number + 1)
    program = Program(case.owner)

    first = program.get("/risks?page_size=2&q=depot").json()
    second = program.get(f"/risks?page_size=2&q=depot&cursor={first['next']}").json()

    found = [(row["event"], row["exposure_amount"]) for row in [*first["items"], *second["items"]]]
    assert found == [("Depot 2", "1.50"), ("Depot 1", "1.00"), ("Depot 0", "0.50")]
    assert second["next"] is None
    assert [row["id"] for row in program.get("/risks?level=unknown&sort=event").json()["items"]] == [
        case.network.pk,
        case.terminals.pk,
    ]
    refused = program.get("/risks?group=owner&chance=1&state=gone")
    assert (refused.status_code, sorted(refused.json()["errors"])) == (400, ["chance", "group"])


def test_risks_of_what_one_may_not_see_are_neither_listed_nor_found(case):
    hidden = RiskFactory(project__is_restricted=True)
    program = Program(case.colleague)

    assert [row["id"] for row in program.get("/risks?view=all").json()["items"] if row["id"] == hidden.pk] == []
    assert program.get(path_of(hidden)).status_code == 404
    assert program.post(f"{path_of(hidden)}/closed", {"outcome": "No"}).status_code == 404


def test_a_risk_is_raised_once_for_a_key_and_changed_by_version(case):
    program, register = Program(case.owner), f"/projects/{case.project.code}/risks"
    sent = {"event": "The codes wear off"}
    made = [program.post(register, sent, idempotency_key="wear") for _again in range(2)]
    risk = Risk.objects.get(event="The codes wear off")

    assert [(answer.status_code, answer.json()["id"]) for answer in made] == [(201, risk.pk)] * 2
    assert program.post(register, {"event": "Other"}, idempotency_key="wear").status_code == 422

    seen = etag(risk)
    changed = program.patch(
        path_of(risk), {"impact_amount": "120,000", "probability": "0.3", "tags": "labels, hubs"}, if_match=seen
    )
    assert (changed.status_code, changed["ETag"]) == (200, etag(risk))
    body = changed.json()
    assert (body["exposure_amount"], body["tags"], body["event"]) == ("36000.00", ["hubs", "labels"], sent["event"])
    assert program.patch(path_of(risk), {"event": "Late"}, if_match=seen).status_code == 412
    assert program.patch(path_of(risk), {"event": "Late"}).status_code == 428
    assert Risk.objects.get(pk=risk.pk).event == sent["event"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("impact_amount", "-1"),
        ("impact_amount", "NaN"),
        ("probability", "101%"),
        ("impact_days", "1e9"),
        ("owner", 10**30),
        ("owner", "1"),
        ("event", ""),
        ("state", "closed"),
        ("exposure_amount", "1"),
    ],
)
def test_what_is_no_figure_is_refused_at_its_field(case, field, value):
    before = Risk.objects.values().get(pk=case.network.pk)

    refused = Program(case.owner).patch(path_of(case.network), {field: value}, if_match=etag(case.network))

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert Risk.objects.values().get(pk=case.network.pk) == before


def test_where_engineers_gave_figures_the_owner_gives_none(case):
    case.call(case.engineer)
    case.answer_all()

    refused = Program(case.owner).patch(path_of(case.network), {"probability": "0.9"}, if_match=etag(case.network))

    assert refused.json()["errors"]["probability"][0]["code"] == "unknown"
    shown = Program(case.owner).get(path_of(case.network)).json()
    assert (shown["engineers"]["count"], shown["state"]) == (1, "assessed")


def test_a_risk_is_answered_happens_and_is_settled_by_programs(case):
    program, path = Program(case.owner), path_of(case.network)
    promised = program.post(f"{path}/mitigations", {"deed": "A second line", "due_on": "2026-12-18"})
    plan = {"trigger": "Recognition below 90%", "deed": "Count by hand", "decide_by": "2026-12-04"}
    planned = program.put(f"{path}/plan-b", plan | {"cost_amount": "3200", "days": 2})

    assert (promised.status_code, planned.status_code) == (201, 200)
    (mitigation,) = promised.json()["mitigations"]
    assert planned.json()["plan_b"] | plan == planned.json()["plan_b"]
    assert program.put(f"{path}/plan-b", {"days": "3"}).json()["plan_b"]["cost_amount"] == "3200.00"
    done = program.post(f"{path}/mitigations/{mitigation['id']}/done")
    assert done.json()["mitigations"][0]["done_at"] is not None
    assert [program.post(f"{path}/{deed}").json()["state"] for deed in ("watched", "occurred")] == [
        "monitoring",
        "occurred",
    ]
    assert program.post(f"{path}/occurred").status_code == 409
    assert program.post(f"{path}/plan-b/used").json()["plan_b"]["activated_at"] is not None
    lacking = program.post(f"{path}/resolved", {"outcome": "A day lost"})
    assert sorted(lacking.json()["errors"]) == ["actual_amount", "actual_days", "verdict"]
    settled = program.post(
        f"{path}/resolved", {"outcome": "A day lost", "actual_amount": 3000, "actual_days": "1", "verdict": "good"}
    )
    assert (settled.json()["state"], settled.json()["plan_b"]["verdict"]) == ("resolved", "good")


def test_acceptance_is_signed_by_a_lead_and_never_by_the_owner(case):
    sent = {"reason": "The hub closes anyway", "until": "2027-03-31"}

    answers = [Program(who).put(f"{path_of(case.network)}/acceptance", sent) for who in (case.owner, case.lead)]

    assert [answer.status_code for answer in answers] == [403, 200]
    assert answers[1].json()["acceptance"]["signed_by"]["id"] == case.lead.pk


@pytest.mark.parametrize("deed", ["edit", "mitigation", "plan-b", "acceptance", "occurred", "resolved", "close"])
def test_whom_the_page_refuses_the_api_refuses_too(case, client, deed):
    names = {"mitigation": "mitigations", "close": "closed", "edit": ""}
    verbs = {"edit": "PATCH", "plan-b": "PUT", "acceptance": "PUT"}
    path = f"{path_of(case.network)}/{names.get(deed, deed)}".rstrip("/")
    decisions = {}
    for person in (case.owner, case.engineer, case.lead, case.colleague, UserFactory(roles=[Role.ADMIN])):
        client.force_login(person)
        on_page = client.post(f"/projects/{case.project.code}/risks/{case.network.pk}/{deed}/").status_code
        by_api = Program(person).ask(verbs.get(deed, "POST"), path, {"x": 1}, if_match='"9999"').status_code
        decisions[person.name] = [status if status in {403, 404} else "may" for status in (on_page, by_api)]

    assert {name: pair for name, pair in decisions.items() if pair[0] != pair[1]} == {}
    assert len({pair[0] for pair in decisions.values()}) == 2  # some may, some may not
    assert (Mitigation.objects.count(), PlanB.objects.count()) == (0, 0)


@pytest.mark.parametrize("count", [1, 4])
def test_reading_costs_the_same_for_one_and_for_many(case, count, django_assert_num_queries):
    RiskFactory.create_batch(count, project=case.project)
    program = Program(case.owner)
    program.get("/me")

    with django_assert_num_queries(5):  # token, person, pace, the line, rows
        program.get("/risks")
    with django_assert_num_queries(10):
        program.get(path_of(case.network))
