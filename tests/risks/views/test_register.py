from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.enums import Stage
from risks.enums import RiskState
from risks.models import Risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory
from tests.factories.risks import AcceptanceFactory, MitigationFactory, PlanBFactory, RiskFactory
from tests.risks.conftest import NOW

pytestmark = pytest.mark.django_db

URL = "/risks/"


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


def above(project=None, **values):
    project = project or ProjectFactory(stage=Stage.APPROVED)
    return RiskFactory(project=project, probability=Decimal("0.3"), impact_amount=Decimal(420_000), **values)


def events(answer):
    return [line.risk.event for line in answer.context["lines"]]


@pytest.mark.parametrize(
    ("with_answer", "without", "below", "heading"),
    [
        (0, 0, 0, "No open risk is listed"),
        (0, 0, 1, "The one open risk is not above the line"),
        (0, 0, 3, "None of 3 open risks is above the line"),
        (0, 1, 2, "1 of 3 open risks is above the line, without an answer"),
        (2, 0, 1, "2 of 3 open risks are above the line, and answered"),
        (1, 2, 2, "3 of 5 open risks are above the line, 2 of them without an answer"),
    ],
)
def test_the_heading_is_the_answer(client, reader, with_answer, without, below, heading):
    for _ in range(with_answer):
        MitigationFactory(risk=above())
    for _ in range(without):
        above()
    RiskFactory.create_batch(below, probability=Decimal("0.1"), impact_amount=Decimal(100))

    assert client.get(URL).context["heading"] == heading


def test_what_has_no_figure_yet_is_not_called_harmless(client, reader):
    RiskFactory()
    assert client.get(URL).context["heading"] == "The one open risk has no figure yet"
    RiskFactory(probability=Decimal("0.9"))
    assert client.get(URL).context["heading"] == "None of 2 open risks has a figure yet"
    RiskFactory(probability=Decimal("0.9"), impact_amount=Decimal(1))
    heading = "Of 3 open risks none is above the line, and 2 have no figure yet"
    assert client.get(URL).context["heading"] == heading


def test_views_hold_what_they_say(client, reader):
    own = ProjectFactory(owner=reader, stage=Stage.IN_DELIVERY)
    RiskFactory(event="Mine, small", project=own, probability=Decimal("0.1"), impact_amount=Decimal(10))
    above(event="Unanswered")
    AcceptanceFactory(risk=above(event="Expired"), until=date(2026, 1, 1))
    PlanBFactory(risk=above(event="Planned"))
    above(event="Happened", state=RiskState.OCCURRED, occurred_at=NOW)
    above(event="Closed", state=RiskState.CLOSED)
    above(ProjectFactory(stage=Stage.CANCELLED), event="Left over")

    shown = {
        view: events(client.get(URL, {"view": view})) for view in ("mine", "open", "above", "unanswered", "happened")
    }

    assert shown == {
        "mine": ["Mine, small"],
        "open": ["Planned", "Expired", "Unanswered", "Mine, small"],
        "above": ["Planned", "Expired", "Unanswered"],
        "unanswered": ["Expired", "Unanswered"],
        "happened": ["Happened"],
    }
    tabs = {str(tab.words): tab.count for tab in client.get(URL).context["tabs"]}
    assert tabs == {"Mine": "1", "Open": "4", "Above the line": "3", "Without an answer": "2", "Occurred": "1"}


def test_search_finds_all_words_in_cause_event_or_effect(client, reader):
    RiskFactory(event="Hubs offline", cause="Old routers")
    RiskFactory(event="Hubs closed", effect="routers idle")
    RiskFactory(event="Trucks late")

    assert events(client.get(URL, {"q": "hubs OLD"})) == ["Hubs offline"]
    assert events(client.get(URL, {"q": "routers"})) == ["Hubs closed", "Hubs offline"]
    assert events(client.get(URL, {"q": "nothing"})) == []


def test_a_cell_of_the_matrix_filters_the_list(client, reader):
    above(event="30 % of 420,000")
    RiskFactory(event="90 % of 100", probability=Decimal("0.9"), impact_amount=Decimal(100))

    answer = client.get(URL, {"cell": "24"})

    assert events(answer) == ["30 % of 420,000"]
    assert answer.context["total"] == 1
    assert [cell.key for cell in answer.context["matrix"].cells if cell.is_chosen] == ["24"]
    assert answer.content.decode().count('class="on"') == 1
    assert [facet.value for facet in answer.context["facets"]] == ["30%, above ¥320,000"]
    assert [facet.value for facet in client.get(URL, {"cell": "40"}).context["facets"]] == ["90%, up to ¥20,000"]


def test_the_list_goes_on_by_keyset_through_known_and_unknown(client, reader):
    project = ProjectFactory(stage=Stage.APPROVED)
    for n in range(30):
        RiskFactory(project=project, event=f"K{n}", probability=Decimal("0.5"), impact_amount=Decimal(1000 + n // 2))
    for n in range(30):
        RiskFactory(project=project, event=f"U{n}")
    wanted = [risk.event for risk in Risk.objects.all()]

    seen, url, pages = [], URL, []
    while url:
        answer = client.get(url)
        seen += events(answer)
        pages.append((answer.context["shown"], answer.context["total"]))
        url = answer.context["more_url"]

    assert seen == wanted
    assert pages == [(25, 60), (50, 60), (60, 60)]


def test_a_risk_that_comes_in_meanwhile_moves_no_page(client, reader):
    project = ProjectFactory(stage=Stage.APPROVED)
    RiskFactory.create_batch(30, project=project, probability=Decimal("0.5"), impact_amount=Decimal(1000))
    first = client.get(URL)
    above(project)

    second = client.get(first.context["more_url"])

    assert len(set(events(first)) | set(events(second))) == 30


@pytest.mark.parametrize(
    "query",
    [
        {"view": "everything"},
        {"cell": "99"},
        {"cell": "2"},
        {"after": "abc"},
        {"after": "1"},
        {"after": "9" * 30 + ".1"},
        {"shown": "-1"},
        {"shown": "1e400"},
        {"q": "a\x00b"},
        {"q": "a\x1bb"},
        {"q": "x" * 121},
    ],
)
def test_an_address_that_means_nothing_is_refused(client, reader, query):
    assert client.get(URL, query).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "query", [{"ordering": "owner__password"}, {"owner__email__startswith": "a"}, {"field": "secret"}]
)
def test_what_is_not_named_changes_nothing(client, reader, query):
    RiskFactory.create_batch(3)

    assert events(client.get(URL, query)) == events(client.get(URL))


def test_a_hidden_project_is_in_no_count_cell_or_page(client, reader):
    hidden = ProjectFactory(stage=Stage.IN_DELIVERY, is_restricted=True, title="CANARY-title")
    above(hidden, event="CANARY-event")
    RiskFactory(event="Open to all")

    answer = client.get(URL)

    assert "CANARY" not in answer.content.decode()
    assert events(answer) == ["Open to all"]
    assert (answer.context["totals"].open, answer.context["totals"].expected_loss) == (1, None)
    assert sum(cell.count for cell in answer.context["matrix"].cells) == 0
    assert "CANARY" not in client.get(reverse("risks:raise")).content.decode()


@pytest.mark.parametrize("path", ["list", "project"])
def test_a_page_costs_the_same_for_one_risk_and_for_fifty(client, reader, path, django_assert_max_num_queries):
    project = ProjectFactory(owner=reader, stage=Stage.APPROVED)
    url = reverse("risks:list") if path == "list" else reverse("risks:project", args=[project.pk])
    counts = []
    for made in (1, 49):
        for _ in range(made):
            risk = above(project)
            MitigationFactory(risk=risk)
            PlanBFactory(risk=risk)
            AcceptanceFactory(risk=risk)
        client.get(url)
        with django_assert_max_num_queries(40) as captured:
            client.get(url)
        counts.append(len(captured.captured_queries))

    assert counts[0] == counts[1]


def test_only_get_is_answered(client, reader):
    assert client.post(URL).status_code == HTTPStatus.METHOD_NOT_ALLOWED
