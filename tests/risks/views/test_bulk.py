from http import HTTPStatus

import pytest

from portal.audit.models import AuditEntry
from projects.models import Project
from risks.actions.bulk import MOST_AT_ONCE
from risks.enums import RiskState
from risks.models import Risk
from tests.risks.conftest import make_case

pytestmark = pytest.mark.django_db

URL = "/risks/change/"


@pytest.fixture
def owner(client, case):
    client.force_login(case.owner)
    return case.owner


def picks(*risks):
    return [f"{risk.pk}:{risk.version}" for risk in risks]


def test_the_list_offers_it_for_risks_of_ones_own_projects(client, case, owner):
    html = client.get("/risks/").content.decode()
    assert html.count('name="pick"') == 2
    assert f'value="{case.network.pk}:{case.network.version}"' in html

    client.force_login(case.colleague)
    assert 'name="pick"' not in client.get("/risks/").content.decode()


def test_the_chosen_ones_are_shown_and_changed(client, case, owner):
    chosen = picks(case.network, case.terminals)
    page = client.get(URL, {"pick": chosen, "back": "view=mine"})
    assert [row.risk for row in page.context["rows"]] == [case.network, case.terminals]

    answer = client.post(URL, {"pick": chosen, "back": "view=mine", "add_tags": "Cold, night", "_key": "k"})

    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, "/risks/?view=mine")
    assert [tag.name for tag in case.network.tags.all()] == ["cold", "night"]


def test_a_form_pressed_twice_changes_once(client, case, owner):
    sent = {"pick": picks(case.network), "target": "closed", "outcome": "Fibre", "_key": "k"}

    answers = [client.post(URL, sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [HTTPStatus.FOUND] * 2
    assert AuditEntry.objects.filter(verb="risk.closed").count() == 1


def test_what_stands_in_the_way_is_said_beside_the_risk_and_what_was_typed_stays(client, case, owner):
    seen = picks(case.network, case.terminals)
    Risk.objects.filter(pk=case.terminals.pk).update(version=9)

    answer = client.post(URL, {"pick": seen, "add_tags": "cold", "owner": case.engineer.pk})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert [bool(row.reason) for row in answer.context["rows"]] == [False, True]
    assert 'value="cold"' in answer.content.decode()
    assert not case.network.tags.exists()
    # What is shown now is what the next press means.
    again = [row.pick for row in answer.context["rows"]]
    assert client.post(URL, {"pick": again, "add_tags": "cold"}).status_code == HTTPStatus.FOUND
    assert case.terminals.tags.count() == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "__all__"),
        ({"target": "closed"}, "outcome"),
        ({"target": "occurred"}, "target"),
        ({"owner": "0"}, "owner"),
        ({"add_tags": "x" * 31}, "add_tags"),
        ({"add_tags": "a,b,c,d,e,f,g,h,i"}, "add_tags"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_box(client, case, owner, sent, field):
    answer = client.post(URL, {"pick": picks(case.network)} | sent)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [*answer.context["form"].errors] == [field]


def test_nothing_chosen_is_said(client, case, owner):
    assert "No risk is chosen." in client.get(URL).content.decode()
    assert client.post(URL, {"add_tags": "cold"}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_one_that_is_hidden_makes_all_of_it_nothing(client, case, owner):
    other = make_case()
    Project.objects.filter(pk=other.project.pk).update(is_restricted=True)

    for chosen in (picks(case.network, other.network), [str(case.network.pk), "999999"]):
        assert client.get(URL, {"pick": chosen}).status_code == HTTPStatus.NOT_FOUND
        assert client.post(URL, {"pick": chosen, "add_tags": "x"}).status_code == HTTPStatus.NOT_FOUND
    assert not case.network.tags.exists()


def test_one_of_anothers_project_is_not_allowed(client, case, owner):
    other = make_case()

    answer = client.post(URL, {"pick": picks(case.network, other.network), "add_tags": "x"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not case.network.tags.exists()


@pytest.mark.parametrize("pick", [["x"], ["1:x"], ["9" * 30], ["1"] * (MOST_AT_ONCE + 1)])
def test_picks_that_mean_nothing(client, case, owner, pick):
    assert client.get(URL, {"pick": pick}).status_code == HTTPStatus.BAD_REQUEST


# ── one line in the list ────────────────────────────────────────────────


def line_url(risk):
    return f"/projects/{risk.project.code}/risks/{risk.pk}/line/"


HTMX = {"HX-Request": "true"}


def test_a_line_is_changed_in_its_place(client, case, owner):
    url = line_url(case.network)
    form = client.get(url, headers=HTMX).content.decode()
    assert form.lstrip().startswith("<tr>")
    assert f'id="risk{case.network.pk}_owner"' in form
    assert "event" not in client.get(url).context["form"].fields

    sent = {"version": case.network.version, "impact_amount": "12万", "probability": "30%", "owner": case.engineer.pk}
    row = client.post(url, sent, headers=HTMX)

    assert row.status_code == HTTPStatus.OK
    assert "¥36,000" in row.content.decode()
    assert "<form" not in row.content.decode()
    case.network.refresh_from_db()
    assert (case.network.owner, case.network.event) == (case.engineer, "Night hubs lose the network")


def test_without_htmx_it_is_a_page_that_leads_back(client, case, owner):
    sent = {"version": case.network.version, "owner": case.owner.pk, "impact_amount": "100"}

    assert "<html" in client.get(line_url(case.network)).content.decode()
    assert client.post(line_url(case.network), sent)["Location"] == "/risks/"


def test_who_was_faster_stands_beside_what_was_typed(client, case, owner):
    Risk.objects.filter(pk=case.network.pk).update(version=5, impact_amount=700)

    answer = client.post(
        line_url(case.network), {"version": 1, "impact_amount": "900", "owner": case.owner.pk}, headers=HTMX
    )

    assert answer.status_code == HTTPStatus.CONFLICT
    [line] = [line for line in answer.context["form"].conflict.lines if line.name == "impact_amount"]
    assert (line.saved, line.typed) == ("700", "900")


def test_what_a_line_cannot_take_stands_in_it(client, case, owner):
    answer = client.post(
        line_url(case.network), {"version": 1, "impact_amount": "much", "owner": case.owner.pk}, headers=HTMX
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert 'value="much"' in answer.content.decode()


def test_only_the_owner_of_the_project_changes_a_line(client, case):
    client.force_login(case.colleague)

    assert client.get(line_url(case.network)).status_code == HTTPStatus.FORBIDDEN
    case.network.refresh_from_db()
    assert case.network.state == RiskState.IDENTIFIED
