"""The pages of a question."""

from http import HTTPStatus
from typing import Any

import pytest
from django.urls import reverse

from portal.common.forms import KEY_FIELD
from projects.enums import Stage
from projects.models import Project
from risks.actions.escalation import Way, escalate
from risks.enums import EscalationState
from risks.models import Escalation, Risk
from tests.risks.conftest import NOW, Case, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(db: None) -> Case:
    case = make_case(Stage.IN_DELIVERY)
    Project.objects.filter(pk=case.project.pk).update(started_at=NOW, planned_launch_on="2026-12-15")
    case.project.refresh_from_db()
    return case


def put(case: Case, **changes: Any) -> Escalation:
    values: dict[str, Any] = {
        "question": "May we scan by phone?",
        "proposal": Way("Scan by phone", days=2),
        "decider": case.lead,
    }
    values |= {"answer_on": NOW.date().replace(day=25), "by": case.owner, "now": NOW} | changes
    return escalate(case.project, **values)


def typed(case: Case, **changes: str) -> dict[str, object]:
    return {
        "question": "May we scan by phone?",
        "proposal_title": "Scan by phone",
        "proposal_days": "2",
        "proposal_cost_amount": "3,200",
        "decider": case.lead.pk,
        "answer_on": "2026-11-25",
        KEY_FIELD: "6f1c9a52-51d7-4f0e-8ad4-0e1f6f3c1a11",
    } | changes


def page_of(escalation: Escalation, deed: str = "") -> str:
    args = [escalation.project_id, escalation.pk]
    return reverse("risks:escalation_deed", args=[*args, deed]) if deed else escalation.get_absolute_url()


def test_a_question_is_put_once_however_often_the_button_is_pressed(client, case):
    client.force_login(case.owner)
    url = reverse("risks:escalate", args=[case.project.pk])
    first = client.get(url, {"line": "May we?"})
    assert first.context["form"].initial["question"] == "May we?"
    assert first.context["form"].initial["decider"] == case.lead.pk

    answers = [client.post(url, typed(case)) for _ in range(3)]

    escalation = Escalation.objects.get()
    assert [answer.status_code for answer in answers] == [HTTPStatus.FOUND] * 3
    assert {answer.url for answer in answers} == {escalation.get_absolute_url()}
    proposal = escalation.options.get(kind="proposal")
    assert (proposal.title, proposal.days, proposal.cost_amount) == ("Scan by phone", 2, 3200)


def test_what_cannot_be_put_comes_back_with_what_was_typed(client, case):
    client.force_login(case.owner)
    url = reverse("risks:escalate", args=[case.project.pk])

    answer = client.post(url, typed(case, proposal_days="soon", other_days="3", counterpart=str(case.lead.pk)))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["proposal_days"])
    assert form["question"].value() == "May we scan by phone?"
    answer = client.post(url, typed(case, other_days="3"))
    assert list(answer.context["form"].errors) == ["other_title"]
    assert Escalation.objects.count() == 0


def test_the_decider_chooses_on_the_page(client, case):
    escalation = put(case)
    client.force_login(case.lead)
    shown = client.get(page_of(escalation))
    assert [line.option.kind for line in shown.context["options"]] == ["proposal", "nothing"]
    assert shown.context["options"][0].consequences == ["2 working days later"]
    assert shown.context["deeds"].may_decide

    bad = client.post(page_of(escalation, "decide"), {"option": "999"})
    assert (bad.status_code, list(bad.context["form"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["option"])
    done = client.post(page_of(escalation, "decide"), {"option": escalation.options.first().pk, "note": "Go"})

    escalation.refresh_from_db()
    assert (done.status_code, escalation.state) == (HTTPStatus.FOUND, EscalationState.AGREED)
    again = client.post(page_of(escalation, "decide"), {"option": escalation.options.first().pk})
    assert again.status_code == HTTPStatus.CONFLICT
    assert again.context["form"]["option"].value() == str(escalation.options.first().pk)


@pytest.mark.parametrize("deed", ["decide", "counter", "report", "withdraw"])
def test_every_deed_has_a_page_for_whoever_may(client, case, deed):
    escalation = put(case)
    may, other = (case.lead, case.owner) if deed in {"decide", "counter"} else (case.owner, case.lead)

    client.force_login(may)
    assert client.get(page_of(escalation, deed)).status_code == HTTPStatus.OK
    client.force_login(other)
    assert client.get(page_of(escalation, deed)).status_code == HTTPStatus.FORBIDDEN
    assert client.get(page_of(escalation, "nonsense")).status_code == HTTPStatus.NOT_FOUND


def test_the_whole_talk_by_its_pages(client, case):
    """Settled privately by nobody, countered, answered, reported, disputed, reported, confirmed, applied."""
    escalation = put(case, counterpart=case.colleague)
    option = escalation.options.first().pk
    way = {"way_title": "One week", "way_days": "1"}
    for person, deed, sent in (
        (case.colleague, "up", {"note": "Not mine"}),
        (case.lead, "counter", way),
        (case.owner, "reply", way | {"way_title": "Eight days"}),
        (case.owner, "report", {"option": option, "note": "On the phone"}),
        (case.lead, "dispute", {"note": "I said one week"}),
        (case.owner, "report", {"option": option, "note": "Once more"}),
        (case.lead, "ratify", {}),
        (case.owner, "apply", {}),
    ):
        client.force_login(person)
        assert client.get(page_of(escalation)).status_code == HTTPStatus.OK
        answer = client.post(page_of(escalation, deed), sent)
        assert (deed, answer.status_code) == (deed, HTTPStatus.FOUND)
    escalation.refresh_from_db()
    assert (escalation.state, escalation.changes.count()) == (EscalationState.APPLIED, 1)
    assert client.get(page_of(escalation)).context["changes"][0].after == "2026-12-17"


def test_what_is_private_does_not_exist_for_others(client, case):
    escalation = put(case, counterpart=case.colleague)

    seen = {}
    for person in (case.owner, case.colleague, case.lead, case.engineer):
        client.force_login(person)
        overview = client.get(case.project.get_absolute_url()).content.decode()
        activity = client.get(reverse("project_activity", args=[case.project.pk])).content.decode()
        seen[person.name] = (
            client.get(page_of(escalation)).status_code,
            "May we scan by phone?" in overview + activity,
            [
                len(client.get(reverse("risks:escalations"), {"view": view}).context["rows"])
                for view in ("waiting", "mine", "projects", "open")
            ],
        )

    assert seen == {
        "Lin Yue": (200, True, [0, 1, 1, 1]),  # the launch gate names it to its owner
        "Li Ran": (200, True, [1, 0, 0, 1]),
        "Zhou Min": (404, False, [0, 0, 0, 0]),
        "Chen Siyuan": (404, False, [0, 0, 0, 0]),
    }


def test_the_list_asks_as_much_for_many_as_for_one(client, case, django_assert_num_queries):
    client.force_login(case.lead)
    put(case)
    url = reverse("risks:escalations")
    client.get(url)
    with django_assert_num_queries(6) as few:
        client.get(url)
    for _ in range(5):
        put(case)
    with django_assert_num_queries(len(few)):
        answer = client.get(url)
    assert len(answer.context["rows"]) == 6


@pytest.mark.parametrize(
    ("kind", "leads_to"), [("question", "risks:escalate"), ("left_out", "projects:defer"), ("risk", "")]
)
def test_one_line_becomes_a_risk_or_begins_the_rest(client, case, kind, leads_to):
    client.force_login(case.owner)
    url = reverse("risks:raise_line", args=[case.project.pk])

    answer = client.post(url, {"line": "The vans have no power", "kind": kind})

    risk = Risk.objects.filter(event="The vans have no power").first()
    begun = reverse(leads_to, args=[case.project.pk]) + "?line=The+vans+have+no+power" if leads_to else ""
    assert answer.url == (begun or risk.get_absolute_url())
    if begun:
        assert risk is None
        form = client.get(answer.url).context["form"]
        assert "The vans have no power" in form.initial.values()


def test_others_raise_risks_in_one_line_and_nothing_else(client, case):
    client.force_login(case.colleague)
    url = reverse("risks:raise_line", args=[case.project.pk])

    refused = client.post(url, {"line": "The vans have no power", "kind": "question"})
    empty = client.post(url, {"line": "", "kind": "risk"})

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["kind"])
    assert refused.context["form"]["line"].value() == "The vans have no power"
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["line"])
    assert client.post(url, {"line": "The vans have no power", "kind": "risk"}).status_code == HTTPStatus.FOUND


def test_the_launch_shows_what_was_withdrawn_shortly_before(client, case):
    escalation = put(case)
    Escalation.objects.filter(pk=escalation.pk).update(
        state="withdrawn", closed_at=NOW, is_withdrawn_late=True, why_withdrawn="The scanners came"
    )
    client.force_login(case.owner)

    page = client.get(reverse("projects:move", args=[case.project.pk, "launch"]))

    assert [str(notice.words) for notice in page.context["notices"]] == [
        "Withdrawn shortly before: “May we scan by phone?”, because: The scanners came"
    ]


def test_a_risk_shows_the_questions_put_about_it_and_begins_another(client, case):
    escalation = put(case, risk=case.network)
    private = put(case, risk=case.network, counterpart=case.colleague, answer_on=NOW.date().replace(day=27))
    url = reverse("risks:detail", args=[case.project.pk, case.network.pk])
    shown = {}
    for person in (case.owner, case.engineer):
        client.force_login(person)
        shown[person] = client.get(url).context["questions"]

    assert shown == {case.owner: [private, escalation], case.engineer: [escalation]}
    client.force_login(case.owner)
    begun = client.get(reverse("risks:escalate", args=[case.project.pk]), {"risk": case.network.pk})
    assert begun.context["form"]["risk"].value() == str(case.network.pk)
