from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.enums import ChangeKind, Stage
from projects.models import Change, Project
from risks.actions.occurrence import activate_plan_b, close_risk, occur
from risks.actions.risk import edit_risk
from risks.enums import PlanVerdict, RiskState
from risks.models import Acceptance, Mitigation, PlanB, Risk
from tests.factories.risks import EscalationFactory, MitigationFactory, PlanBFactory
from tests.risks.conftest import NOW, make_case

pytestmark = pytest.mark.django_db

DEEDS = ("edit", "mitigate", "plan_b", "accept", "occur", "resolve", "close")
PLAN = {
    "trigger": "Two hubs offline",
    "deed": "Scan on paper",
    "decide_by": "2100-12-04",
    "cost_amount": "3,200",
    "days": "2",
}


def url_of(case, name="detail", *args, risk=None):
    return reverse(f"risks:{name}", args=[case.project.pk, (risk or case.network).pk, *args])


def edit_values(risk, **changed):
    values = {
        "event": risk.event,
        "cause": risk.cause,
        "effect": risk.effect,
        "impact_amount": "",
        "probability": "",
        "impact_days": "",
        "owner": risk.owner_id,
        "version": risk.version,
    }
    return values | {f"initial-{name}": value for name, value in values.items() if name != "version"} | changed


def test_the_page_says_what_is_missing_then_what_it_may_cost(client, case):
    client.force_login(case.owner)
    assert client.get(url_of(case)).context["answer"] == "Neither chance nor money is known yet."
    case.call()
    assert client.get(url_of(case)).context["answer"] == (
        "Chance and days are being assessed; nobody sees a figure before the review is held."
    )
    case.answer_all("0.3", 5)
    assert client.get(url_of(case)).context["answer"] == "The money is not known yet: Lin Yue gives it."
    case.network.refresh_from_db()
    edit_risk(case.network, {"impact_amount": Decimal(420_000)}, version=case.network.version, by=case.owner, now=NOW)
    assert client.get(url_of(case)).context["answer"] == (
        "30% × ¥420,000 = ¥126,000 expected, above the line of ¥20,000: an answer is due."
    )
    MitigationFactory(risk=case.network)
    assert client.get(url_of(case)).context["answer"] == (
        "30% × ¥420,000 = ¥126,000 expected, above the line of ¥20,000, and answered."
    )


def test_the_owner_gives_money_as_he_writes_it(client, case):
    case.reviewed()
    client.force_login(case.owner)
    form = client.get(url_of(case, "edit")).context["form"]
    assert "probability" not in form.fields

    answer = client.post(url_of(case, "edit"), edit_values(case.network, impact_amount="42万"))

    assert (answer.status_code, answer.url) == (HTTPStatus.FOUND, case.network.get_absolute_url())
    case.network.refresh_from_db()
    assert (case.network.impact_amount, case.network.exposure_amount) == (Decimal(420_000), Decimal(126_000))


def test_chance_sent_by_hand_beside_the_engineers_is_passed_over(client, case):
    case.reviewed()
    client.force_login(case.owner)

    client.post(url_of(case, "edit"), edit_values(case.network, probability="1%", impact_days="0"))

    case.network.refresh_from_db()
    assert (case.network.probability, case.network.impact_days) == (Decimal("0.3"), Decimal(5))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("impact_amount", "-1"),
        ("impact_amount", "NaN"),
        ("impact_amount", "1e400"),
        ("impact_amount", "0.001"),
        ("impact_amount", "10000000000000.01"),
        ("probability", "101%"),
        ("probability", "-1%"),
        ("impact_days", "-1"),
        ("impact_days", "10000"),
        ("impact_days", "Infinity"),
        ("event", ""),
        ("event", "x" * 201),
        ("cause", "a\x00b"),
        ("owner", "0"),
        ("owner", str(10**30)),
        ("version", "-1"),
    ],
)
def test_a_value_that_cannot_be_is_said_beside_its_field_and_the_rest_stays_typed(client, case, field, value):
    client.force_login(case.owner)

    answer = client.post(url_of(case, "edit"), edit_values(case.network, effect="Nothing is scanned") | {field: value})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == [field]
    assert "Nothing is scanned" in answer.content.decode()
    assert Risk.objects.get(pk=case.network.pk).version == 1


def test_a_version_from_nowhere_is_stale(client, case):
    client.force_login(case.owner)

    answer = client.post(url_of(case, "edit"), edit_values(case.network, cause="x", version="9" * 900))

    assert answer.status_code == HTTPStatus.CONFLICT


def test_a_stale_edit_meets_both_versions_and_can_be_saved_then(client, case):
    client.force_login(case.owner)
    typed = edit_values(case.network, effect="Nothing is scanned", cause="Routers from 2012")
    edit_risk(case.network, {"cause": "New routers"}, version=1, by=case.owner, now=NOW)

    answer = client.post(url_of(case, "edit"), typed)

    assert answer.status_code == HTTPStatus.CONFLICT
    conflict = answer.context["form"].conflict
    assert conflict.saved_by == "Lin Yue"
    assert [(line.name, line.saved, line.typed) for line in conflict.lines] == [
        ("cause", "New routers", "Routers from 2012"),
        ("effect", "nothing", "Nothing is scanned"),
    ]
    assert Risk.objects.get(pk=case.network.pk).effect == ""
    again = dict(conflict.hidden) | {"cause": "New routers", "effect": "Nothing is scanned"}
    assert client.post(url_of(case, "edit"), again).status_code == HTTPStatus.FOUND
    risk = Risk.objects.get(pk=case.network.pk)
    assert (risk.cause, risk.effect, risk.version) == ("New routers", "Nothing is scanned", 3)


def test_answers_are_written_and_shown(client, case):
    client.force_login(case.owner)

    sent = {"deed": "Spare routers", "owner": case.engineer.pk, "due_on": "2100-12-01", "cost_amount": "1.5k"}
    assert client.post(url_of(case, "mitigate"), sent).status_code == HTTPStatus.FOUND
    assert client.post(url_of(case, "plan_b"), PLAN | {"owner": case.engineer.pk}).status_code == HTTPStatus.FOUND
    client.force_login(case.lead)
    sent = {"reason": "The hub closes", "until": "2100-12-01"}
    assert client.post(url_of(case, "accept"), sent).status_code == HTTPStatus.FOUND

    assert (Mitigation.objects.get().cost_amount, PlanB.objects.get().cost_amount) == (Decimal(1500), Decimal(3200))
    assert Acceptance.objects.get().signed_by == case.lead
    html = client.get(url_of(case)).content.decode()
    assert all(words in html for words in ("Spare routers", "Scan on paper", "The hub closes", "signed by Zhou Min"))


@pytest.mark.parametrize(
    ("name", "values", "fields"),
    [
        ("mitigate", {"deed": "", "due_on": "2026-02-30"}, ["deed", "owner", "due_on"]),
        ("mitigate", {"deed": "x", "due_on": "0001-01-01", "owner": "self"}, ["due_on"]),
        ("mitigate", {"deed": "x", "due_on": "2020-01-01", "owner": "self"}, ["due_on"]),
        ("plan_b", PLAN | {"cost_amount": "", "days": "two", "owner": "self"}, ["cost_amount", "days"]),
        ("plan_b", PLAN | {"decide_by": "9999-12-31", "owner": "self"}, ["decide_by"]),
        ("close", {"outcome": " "}, ["outcome"]),
        ("occur", {"note": "x" * 501}, ["note"]),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(client, case, name, values, fields):
    client.force_login(case.owner)
    sent = {key: case.owner.pk if value == "self" else value for key, value in values.items()}

    answer = client.post(url_of(case, name), sent)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(answer.context["form"].errors) == fields
    assert Risk.objects.get(pk=case.network.pk).state == RiskState.IDENTIFIED


def test_a_mitigation_is_ticked_off_by_a_button(client, case):
    mitigation = MitigationFactory(risk=case.network, owner=case.engineer)
    client.force_login(case.engineer)
    url = url_of(case, "mitigation_done", mitigation.pk)

    assert client.get(url).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert client.post(url).status_code == HTTPStatus.FOUND
    assert client.post(url).status_code == HTTPStatus.CONFLICT
    client.force_login(case.colleague)
    assert client.post(url).status_code == HTTPStatus.FORBIDDEN
    other = reverse("risks:mitigation_done", args=[case.project.pk, case.terminals.pk, mitigation.pk])
    assert client.post(other).status_code == HTTPStatus.NOT_FOUND


def test_it_happens_plan_b_is_used_and_it_is_settled(client):
    case = make_case(Stage.IN_DELIVERY)
    PlanBFactory(risk=case.network, owner=case.engineer)
    client.force_login(case.owner)

    assert client.post(url_of(case, "activate")).status_code == HTTPStatus.CONFLICT
    assert client.post(url_of(case, "occur"), {"note": "Three hubs"}).status_code == HTTPStatus.FOUND
    assert client.get(url_of(case)).context["answer"] == "It happened. Plan B waits for a yes."
    assert client.post(url_of(case, "activate")).status_code == HTTPStatus.FOUND
    assert client.get(url_of(case)).context["answer"] == "It happened. Plan B is in use."
    incomplete = client.post(url_of(case, "resolve"), {"outcome": "Done", "actual_amount": "3450.50"})
    assert incomplete.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(incomplete.context["form"].errors) == ["actual_days", "verdict"]
    sent = {"outcome": "Nothing lost", "actual_amount": "3450.50", "actual_days": "2.5", "verdict": PlanVerdict.GOOD}
    assert client.post(url_of(case, "resolve"), sent).status_code == HTTPStatus.FOUND

    page = client.get(url_of(case))
    assert page.context["answer"] == "It happened and is settled: Nothing lost"
    assert [moment.words for moment in page.context["history"]] == [
        "Lin Yue settled it: Nothing lost",
        "It happened: Three hubs",
        "Lin Yue raised it",
    ]
    assert "¥3,450.50" in page.content.decode()


def test_without_plan_b_settling_asks_for_the_outcome_only(client):
    case = make_case(Stage.IN_DELIVERY)
    occur(case.network, by=case.owner, now=NOW)
    client.force_login(case.owner)

    assert list(client.get(url_of(case, "resolve")).context["form"].fields) == ["outcome"]
    assert client.post(url_of(case, "resolve"), {"outcome": "It passed"}).status_code == HTTPStatus.FOUND


def test_a_closed_risk_refuses_every_deed_and_keeps_what_was_typed(client, case):
    client.force_login(case.owner)
    assert client.post(url_of(case, "close"), {"outcome": "New routers"}).status_code == HTTPStatus.FOUND

    again = client.post(url_of(case, "close"), {"outcome": "Once more"})

    assert again.status_code == HTTPStatus.CONFLICT
    assert "Once more" in again.content.decode()
    assert "This is not possible now: the risk is “Closed, did not occur”." in again.content.decode()
    assert client.post(url_of(case, "occur"), {}).status_code == HTTPStatus.CONFLICT
    case.network.refresh_from_db()
    assert client.post(url_of(case, "edit"), edit_values(case.network, cause="x")).status_code == HTTPStatus.CONFLICT
    assert case.network.outcome == "New routers"


@pytest.mark.parametrize("name", DEEDS)
def test_a_colleague_who_sees_it_is_refused_and_told_who_may(client, case, name):
    client.force_login(case.colleague)

    assert client.get(url_of(case)).status_code == HTTPStatus.OK
    for answer in (client.get(url_of(case, name)), client.post(url_of(case, name), {})):
        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "Lin Yue" in answer.content.decode()


def test_the_owner_does_not_sign_and_a_lead_does_nothing_else(client, case):
    client.force_login(case.owner)
    assert client.get(url_of(case, "accept")).status_code == HTTPStatus.FORBIDDEN
    client.force_login(case.lead)
    allowed = [name for name in DEEDS if client.get(url_of(case, name)).status_code == HTTPStatus.OK]
    assert allowed == ["accept"]


@pytest.mark.parametrize("name", ["detail", *DEEDS])
def test_a_hidden_risk_and_one_of_another_project_do_not_exist(client, case, name):
    other = make_case()
    client.force_login(other.owner)
    nested = reverse(f"risks:{name}", args=[other.project.pk, case.network.pk])
    assert client.get(nested).status_code == HTTPStatus.NOT_FOUND
    Project.objects.filter(pk=case.project.pk).update(is_restricted=True)

    assert client.get(url_of(case, name)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(url_of(case, name), {}).status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}


@pytest.mark.parametrize("number", ["0", "99999999", str(2**63), "9" * 30, "9" * 5000, "-1", "1.5"])
def test_a_number_that_is_no_risk_does_not_exist(client, case, number):
    client.force_login(case.owner)

    assert client.get(f"/projects/{case.project.code}/risks/{number}/").status_code == HTTPStatus.NOT_FOUND


def test_the_page_costs_the_same_for_one_answer_and_for_fifty(client, case, django_assert_max_num_queries):
    case.reviewed()
    client.force_login(case.owner)
    counts = []
    for made in (1, 49):
        MitigationFactory.create_batch(made, risk=case.network)
        client.get(url_of(case))
        with django_assert_max_num_queries(40) as captured:
            client.get(url_of(case))
        counts.append(len(captured.captured_queries))

    assert counts == [12, 12]


def told(client, case):
    return client.get(url_of(case)).context


def test_the_page_says_what_became_of_it(client, case):
    client.force_login(case.owner)
    edit_risk(
        case.network, {"probability": Decimal("0.1"), "impact_days": Decimal(1)}, version=1, by=case.owner, now=NOW
    )
    hand = told(client, case)
    assert hand["answer"] == "The money is not known yet: Lin Yue gives it."
    assert [[term.reckoning for term in figure.terms] for figure in hand["figures"]] == [
        ["Given by hand"],
        ["Given by hand"],
        [],
        [],
    ]
    edit_risk(case.network, {"impact_amount": Decimal(100)}, version=2, by=case.owner, now=NOW)
    assert told(client, case)["answer"] == "10% × ¥100 = ¥10 expected, within the line of ¥20,000."
    edit_risk(case.network, {"probability": None}, version=3, by=case.owner, now=NOW)
    assert told(client, case)["answer"] == "The chance is not known yet: an engineer gives it."
    occur(case.network, by=case.owner, now=NOW)
    assert told(client, case)["answer"] == "It happened. There was no plan B."
    close_risk(case.terminals, outcome="They are here", by=case.owner, now=NOW)
    closed = client.get(url_of(case, risk=case.terminals)).context
    assert closed["answer"] == "Closed, it did not happen: They are here"


def test_several_engineers_open_as_lowest_highest_middle(client, case):
    case.call(case.engineer, case.second)
    case.answer_all("0.1", 3)
    case.answer_all("0.6", 3, person=case.second)
    client.force_login(case.colleague)

    chance, days, *_rest = told(client, case)["figures"]

    assert [(term.reckoning, term.amount) for term in chance.terms] == [
        ("Lowest", "10%"),
        ("Highest", "60%"),
        ("Middle", "35%"),
    ]
    assert [(term.reckoning, term.amount, term.source) for term in days.terms] == [
        ("All said the same", "3 working days", "2 engineers, each blind")
    ]


def test_the_first_button_is_the_next_sensible_thing(client):
    case = make_case(Stage.IN_DELIVERY)
    PlanBFactory(risk=case.network)
    client.force_login(case.owner)

    deeds = told(client, case)["deeds"]
    assert (deeds.first.words, [link.words for link in deeds.others]) == ("Give money", ["It happened", "Close"])
    edit_risk(case.network, {"impact_amount": Decimal(100)}, version=1, by=case.owner, now=NOW)
    deeds = told(client, case)["deeds"]
    assert (deeds.first, [link.words for link in deeds.others]) == (None, ["Edit", "It happened", "Close"])
    occur(case.network, by=case.owner, now=NOW)
    deeds = told(client, case)["deeds"]
    assert (deeds.first, deeds.may_use_plan, [link.words for link in deeds.others]) == (None, True, ["Settle"])
    activate_plan_b(case.network, by=case.owner, now=NOW)
    assert told(client, case)["deeds"].first.words == "Settle"
    client.force_login(case.colleague)
    deeds = told(client, case)["deeds"]
    assert (deeds.first, deeds.others, deeds.may_keep, deeds.may_accept, deeds.may_use_plan) == (
        None,
        [],
        False,
        False,
        False,
    )


def test_a_plan_b_is_changed_in_its_form(client, case):
    PlanBFactory(risk=case.network, owner=case.engineer)
    client.force_login(case.owner)

    form = client.get(url_of(case, "plan_b")).context["form"]

    assert (form.initial["deed"], form.initial["cost_amount"], form.initial["days"]) == (
        "Count a sample by hand",
        "3,200",
        "2",
    )
    sent = {**form.initial, "decide_by": "2100-01-04", "days": "3"}
    assert client.post(url_of(case, "plan_b"), sent).status_code == HTTPStatus.FOUND
    assert PlanB.objects.get().days == Decimal(3)


def test_what_changed_by_a_question_stands_on_the_risk(client, case):
    question = EscalationFactory(project=case.project, risk=case.network)
    change = Change.objects.create(
        project=case.project,
        number=1,
        kind=ChangeKind.SCOPE,
        before="",
        after="Without the small hubs",
        reason="They wait for fibre",
        made_by=case.owner,
        made_at=NOW,
    )
    question.changes.add(change)
    client.force_login(case.colleague)

    answer = client.get(case.network.get_absolute_url())

    assert [row.new for row in answer.context["changes"]] == ["Without the small hubs"]
