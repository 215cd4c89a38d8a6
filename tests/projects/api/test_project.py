"""Projects by the API: the same rules as on the pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.common.amounts import MAX_AMOUNT
from projects.enums import Stage
from projects.models import BenefitLine, CostLine, Project
from tests.factories.accounts import UserFactory
from tests.factories.programs import Program
from tests.factories.projects import ProjectFactory, draft, pending_step, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]


def etag(project: Project) -> str:
    return f'"{Project.objects.get(pk=project.pk).version}"'


def test_a_project_is_shown_with_decimals_as_text_and_days_as_iso(people):
    project = draft(people)

    shown = Program(people.engineer).get(f"/projects/{project.code}")

    body = shown.json()
    assert shown["ETag"] == etag(project)
    assert (body["code"], body["stage"], body["tier"]) == (project.code, "draft", "light")
    assert (body["net_benefit_amount"], body["effort_days"]) == ("200000.00", "10.00")
    assert (body["wanted_on"], body["created_at"]) == ("2027-01-29", "2026-11-23T02:00:00Z")
    assert body["owner"] == {"id": people.pm.pk, "name": "Pia Manager"}


def test_a_pitch_is_written_value_by_value(people):
    project = draft(people)
    program, path = Program(people.pm), f"/projects/{project.code}/pitch"
    sent = {"probability": "0.2", "reach": "1,200 bags lost", "person_days": 12, "unit_benefit_amount": 46.5}

    saved = program.patch(path, sent, if_match=etag(project))

    assert saved.status_code == 200, saved.json()
    (option,) = saved.json()["options"]
    line = option["benefits"][0]
    assert (line["probability"], line["reach"], line["reach_unit"]) == ("0.200000", "1200.00", "bags lost")
    assert (line["unit_benefit_amount"], option["costs"][0]["person_days"]) == ("46.50", "12.00")
    assert saved.json()["problem"] == project.problem  # what was not sent stays
    assert saved["ETag"] == etag(project) != f'"{project.version}"'


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit_benefit_amount", "NaN"),
        ("unit_benefit_amount", "Infinity"),
        ("unit_benefit_amount", "1e400"),
        ("unit_benefit_amount", "-0.01"),
        ("unit_benefit_amount", "0.001"),
        ("unit_benefit_amount", str(MAX_AMOUNT + Decimal("0.01"))),
        ("unit_benefit_amount", 10**30),
        ("probability", "-0.01"),
        ("probability", "100.01"),
        ("probability", {"share": 1}),
        ("person_days", "9" * 5000),
        ("wanted_on", "2026-02-30"),
        ("wanted_on", "9999-12-31"),
        ("wanted_on", "0001-01-01"),
        ("product", 2**63),
        ("product", "1"),
        ("business_partner", 10**30),
        ("is_restricted", "yes"),
        ("basis", "hope"),
    ],
)
def test_what_is_no_figure_is_refused_at_its_field_and_nothing_is_saved(people, field, value):
    project = draft(people)
    before = Project.objects.values().get(), BenefitLine.objects.values().get(), CostLine.objects.values().get()

    refused = Program(people.pm).patch(f"/projects/{project.code}/pitch", {field: value}, if_match=etag(project))

    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert (
        Project.objects.values().get(),
        BenefitLine.objects.values().get(),
        CostLine.objects.values().get(),
    ) == before


def test_who_was_slower_is_told_and_who_names_no_version_is_asked(people):
    project = draft(people)
    program, path, seen = Program(people.pm), f"/projects/{project.code}/pitch", etag(project)

    answers = [
        program.patch(path, {"problem": "One"}),
        program.patch(path, {"problem": "One"}, if_match="*"),
        program.patch(path, {"problem": "One"}, if_match=seen),
        program.patch(path, {"title": "Two"}, if_match=seen),
    ]

    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (428, "version_missing"),
        (400, "bad_version"),
        (200, project.code),
        (412, "stale"),
    ]
    stored = Project.objects.get(pk=project.pk)
    assert (stored.problem, stored.title) == ("One", project.title)


def test_the_fields_of_a_row_that_no_form_asks_for_are_refused(people):
    project = draft(people)
    asked = {"title", "product", "goal", "problem", "business_partner", "wanted_on", "needs_permit"}
    asked |= {"crosses_departments", "is_restricted", "template"}  # the last by the form that begins a project
    others = {field.name for field in Project._meta.get_fields()} - asked
    before = Project.objects.values().get()

    for path, more in (("/projects", {}), (f"/projects/{project.code}/pitch", {"if_match": etag(project)})):
        program = Program(people.pm)
        send = program.patch if more else program.post
        refused = send(path, {"title": "Mine"} | dict.fromkeys(others, 1), **more)
        assert refused.status_code == 400
        assert {name for name, said in refused.json()["errors"].items() if said[0]["code"] == "unknown"} == others

    assert Project.objects.values().get() == before


def test_options_and_lines_are_written_one_at_a_time(people):
    project = draft(people)
    program, path = Program(people.pm), f"/projects/{project.code}/pitch/options"
    program.post(f"{path}/low_cost", if_match=etag(project))
    program.patch(f"{path}/low_cost", {"summary": "By hand"}, if_match=etag(project))
    line = {"label": "Fewer bags", "unit_benefit_amount": "2", "reach": "100 bags", "probability": "1"}
    program.post(f"{path}/low_cost/benefits", line, if_match=etag(project))
    made = program.post(f"{path}/low_cost/costs/material", {"label": "Tags", "amount": "99.50"}, if_match=etag(project))

    option = next(one for one in made.json()["options"] if one["kind"] == "low_cost")
    assert made.status_code == 201
    assert (option["summary"], [one["label"] for one in option["benefits"]]) == ("By hand", ["", "Fewer bags"])
    tags = next(one for one in option["costs"] if one["label"] == "Tags")
    assert (tags["kind"], tags["amount"]) == ("material", "99.50")

    changed = program.patch(f"{path}/low_cost/costs/{tags['id']}", {"amount": "50"}, if_match=etag(project)).json()
    option = next(one for one in changed["options"] if one["kind"] == "low_cost")
    assert [one["amount"] for one in option["costs"] if one["label"] == "Tags"] == ["50.00"]
    assert program.delete(f"{path}/low_cost/costs/{tags['id']}", if_match=etag(project)).status_code == 200
    assert program.delete(f"{path}/full", if_match=etag(project)).json()["code"] == "conflict"
    assert program.post(f"{path}/low_cost/costs/wishes", {}, if_match=etag(project)).status_code == 404


def test_a_project_is_submitted_read_and_decided_on_by_programs(people):
    project = draft(people)
    path = f"/projects/{project.code}"
    sent = Program(people.pm).post(f"{path}/moves/submit", {}, if_match=etag(project))
    assert (sent.status_code, sent.json()["stage"]) == (200, "submitted")

    lead = Program(people.lead)
    (waiting,) = lead.get("/approvals").json()["items"]
    assert (waiting["project"]["code"], waiting["state"]) == (project.code, "pending")
    frozen = lead.get(f"{path}/submissions/{waiting['submission']}").json()
    assert frozen["content"]["title"] == project.title
    assert [row["number"] for row in lead.get(f"{path}/submissions").json()["items"]] == [1]

    decide = f"{path}/approvals/{waiting['id']}/decision"
    version = f'"{waiting["version"]}"'
    own = Program(people.pm).post(decide, {"decision": "approved"}, if_match=version)
    decided = lead.post(decide, {"decision": "approved"}, if_match=version)
    again = lead.post(decide, {"decision": "declined", "reason": "No"}, if_match=version)

    assert (own.status_code, own.json()["code"]) == (403, "not_allowed")
    assert (decided.status_code, decided.json()["state"]) == (200, "approved")
    assert again.status_code in {403, 409, 412}
    assert Project.objects.get(pk=project.pk).stage == Stage.APPROVED
    assert lead.get("/approvals?view=decided").json()["items"][0]["id"] == waiting["id"]


def test_a_gate_says_what_is_missing(people):
    project = ProjectFactory(owner=people.pm, site=people.site)

    refused = Program(people.pm).post(f"/projects/{project.code}/moves/submit", {}, if_match=etag(project))

    assert (refused.status_code, refused.json()["code"]) == (409, "gate")
    assert refused.json()["reasons"][0].keys() == {"code", "message", "url"}


def test_an_illegal_move_is_a_conflict_and_an_unheard_of_one_is_nowhere(people):
    project = draft(people)
    program = Program(people.pm)

    answers = [
        program.post(f"/projects/{project.code}/moves/{name}", {}, if_match=etag(project)).status_code
        for name in ("launch", "approve", "fly")
    ]

    assert answers == [409, 404, 404]


#: A deed as the page and as the API asks for it: both refuse alike, or neither does.
PARITY = {
    "pitch": ("POST", "pitch/save/", "PATCH", "pitch"),
    "withdraw": ("POST", "move/withdraw/", "POST", "moves/withdraw"),
    "cancel": ("POST", "move/cancel/", "POST", "moves/cancel"),
    "option": ("POST", "pitch/options/nothing/add/", "POST", "pitch/options/nothing"),
}


@pytest.mark.parametrize("is_restricted", [False, True])
@pytest.mark.parametrize("deed", sorted(PARITY))
def test_whom_the_page_refuses_the_api_refuses_too(people, client, deed, is_restricted):
    project = submitted(draft(people, is_restricted=is_restricted))
    page_method, page_path, method, path = PARITY[deed]
    decisions = {}
    for person in (people.engineer, people.partner, people.lead, people.boss, UserFactory(), people.pm):
        client.force_login(person)
        on_page = client.generic(page_method, f"/projects/{project.code}/{page_path}").status_code
        by_api = Program(person).ask(method, f"/projects/{project.code}/{path}", {}, if_match='"9999"').status_code
        decisions[person.name] = [status if status in {403, 404} else "may" for status in (on_page, by_api)]

    assert {name: pair for name, pair in decisions.items() if pair[0] != pair[1]} == {}
    assert decisions[people.pm.name] == ["may", "may"]


def test_nobody_decides_on_his_own_pitch_by_whatever_way(people, client):
    project = submitted(draft(people))
    step = pending_step(project)
    client.force_login(people.pm)

    by_page = client.post(f"/projects/{project.code}/decisions/{step.pk}/", {"decision": "approved"})
    by_api = Program(people.pm).post(
        f"/projects/{project.code}/approvals/{step.pk}/decision", {"decision": "approved"}, if_match='"1"'
    )

    assert (by_page.status_code, by_api.status_code) == (403, 403)


def test_what_is_hidden_is_neither_found_nor_counted(people):
    hidden = draft(people, is_restricted=True, title="Canary of the yard")
    stranger = Program(UserFactory(site=people.site))

    for path in ("/projects?view=all", "/projects?view=all&q=canary", "/search?q=canary", "/approvals", "/obligations"):
        assert stranger.get(path).json()["items"] == [], path
    assert Program(people.pm).get("/search?q=canary").json()["items"][0]["title"] == hidden.title


@pytest.mark.parametrize("count", [1, 4])
def test_a_pitch_costs_the_same_whatever_else_there_is(people, count, django_assert_num_queries):
    ProjectFactory.create_batch(count, owner=people.pm)
    project = draft(people)
    program = Program(people.pm)
    program.get("/me")

    with django_assert_num_queries(7):  # token, person, pace, project, options, and the lines of its one, twice
        program.get(f"/projects/{project.code}/pitch")


def test_money_is_exact_to_the_last_cent(people):
    project = draft(people)
    sent = {"unit_benefit_amount": "9999999.99", "reach": "1 bag", "probability": "100%"}

    saved = Program(people.pm).patch(f"/projects/{project.code}/pitch", sent, if_match=etag(project))

    assert saved.json()["options"][0]["benefits"][0]["unit_benefit_amount"] == "9999999.99"
