from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from portal.common import counting
from projects.enums import Stage
from risks.enums import RiskState
from risks.models import Risk, RiskTag
from risks.views import register
from tests.factories.accounts import UserFactory
from tests.factories.notifications import ObligationFactory
from tests.factories.projects import ProductFactory, ProjectFactory
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


def set_facets(answer):
    return {str(facet.name): str(facet.value) for facet in answer.context["listing"].facets if facet.is_set}


def events(answer):
    return [line.risk.event for line in answer.context["listing"].page.rows]


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
    tabs = {str(tab.words): tab.count for tab in client.get(URL).context["listing"].tabs if tab.count}
    assert tabs == {
        "Mine": "1",
        "Open": "4",
        "Above the line": "3",
        "Without an answer": "2",
        "Occurred": "1",
        "All": "7",
    }


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
    assert answer.context["listing"].page.total == 1
    assert [cell.key for cell in answer.context["summary"].matrix.cells if cell.is_chosen] == ["24"]
    assert answer.content.decode().count('class="on"') == 1
    assert set_facets(answer) == {"Cell": "30%, above ¥320,000"}
    assert set_facets(client.get(URL, {"cell": "40"})) == {"Cell": "90%, up to ¥20,000"}


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
        pages.append((answer.context["listing"].page.last, answer.context["listing"].page.total))
        url = answer.context["listing"].page.later_url

    assert seen == wanted
    assert pages == [(25, 60), (50, 60), (60, 60)]


def test_filters_narrow_by_state_level_phase_owner_project_product_and_tag(client, reader):
    running = ProjectFactory(stage=Stage.IN_DELIVERY, product=ProductFactory(), owner=reader)
    big = above(running, event="Big", owner=UserFactory(name="Wu Di"))
    RiskTag.objects.create(risk=big, name="network")
    RiskFactory(event="Near", probability=Decimal("0.5"), impact_amount=Decimal(30_000), state=RiskState.ASSESSED)
    RiskFactory(event="Small", probability=Decimal("0.1"), impact_amount=Decimal(10))
    RiskFactory(event="Unknown")

    asked = {
        "state": "assessed",
        "level": "near",
        "phase": "during",
        "owner": big.owner_id,
        "project": running.pk,
        "product": running.product_id,
        "tag": "network",
    }
    shown = {name: events(client.get(URL, {name: wanted})) for name, wanted in asked.items()}
    assert shown == {name: ["Near"] if name in {"state", "level"} else ["Big"] for name in asked}
    assert events(client.get(URL, {"level": "above"})) == ["Big"]
    assert events(client.get(URL, {"level": "small"})) == ["Small"]
    assert events(client.get(URL, {"level": "unknown"})) == ["Unknown"]
    assert events(client.get(URL, {"state": ["assessed", "identified"], "level": "near"})) == ["Near"]
    assert events(client.get(URL, {"q": running.code})) == ["Big"]


def test_an_answer_is_overdue_by_its_own_date(client, reader):
    yesterday, tomorrow = date(2026, 11, 22), date(2026, 11, 24)
    MitigationFactory(risk=RiskFactory(event="Undone"), due_on=yesterday)
    MitigationFactory(risk=RiskFactory(event="In time"), due_on=tomorrow)
    MitigationFactory(risk=RiskFactory(event="Done"), due_on=yesterday, done_at=NOW)
    PlanBFactory(risk=RiskFactory(event="Undecided"), decide_by=yesterday)
    PlanBFactory(risk=RiskFactory(event="To decide"), decide_by=tomorrow)
    owing, waiting = ProjectFactory(stage=Stage.APPROVED), ProjectFactory(stage=Stage.APPROVED)
    for project, days in ((owing, -1), (waiting, 1)):
        ObligationFactory(kind="value_risks", object_id=project.pk, due_at=NOW + timedelta(days=days))
    above(owing, event="Unanswered")
    MitigationFactory(risk=above(owing, event="Answered"), due_on=tomorrow)
    above(waiting, event="Not due yet")

    assert sorted(events(client.get(URL, {"late": "on"}))) == ["Unanswered", "Undecided", "Undone"]


def test_the_sum_says_from_how_many_it_is_known(client, reader):
    above(impact_days=Decimal(20))
    RiskFactory(probability=Decimal("0.5"), impact_days=Decimal(10))
    RiskFactory()

    assert (
        client.get(URL).context["summary"].note == "Exposure ¥130,000 (from 1 of 3) and 11 working days (from 2 of 3)"
    )
    assert client.get(URL, {"level": "unknown"}).context["summary"].note == (
        "Exposure not known yet and 5 working days (from 1 of 2)"
    )
    assert client.get(URL, {"level": "above"}).context["summary"].note == "Exposure ¥130,000 and 6 working days"
    assert client.get(URL, {"view": "happened"}).context["summary"].note == ""


def test_groups_sum_the_list_by_name_and_open_their_part(client, reader):
    bags, vans = ProjectFactory(title="Bags", stage=Stage.APPROVED), ProjectFactory(title="Vans", stage=Stage.APPROVED)
    above(vans)
    above(vans)
    tagged = RiskFactory(project=bags)
    for name in ("cold", "night"):
        RiskTag.objects.create(risk=tagged, name=name)

    groups = client.get(URL, {"group": "project", "q": "hub"}).context["groups"]

    assert [(row.words, row.line.above, row.line.sums.count, row.line.sums.amount) for row in groups] == [
        ("Bags", 0, 1, None),
        ("Vans", 2, 2, Decimal("252000.00")),
    ]
    assert groups[0].url == f"{URL}?q=hub&project={bags.pk}"
    tags = client.get(URL, {"group": "tag"}).context["groups"]
    assert {(row.words, row.url) for row in tags} == {
        ("", ""),
        ("cold", f"{URL}?tag=cold"),
        ("night", f"{URL}?tag=night"),
    }
    for group in ("owner", "state", "product"):
        words = [row.words for row in client.get(URL, {"group": group}).context["groups"]]
        assert words == sorted(words)


def test_menus_offer_what_the_reader_sees(client, reader):
    hidden = RiskFactory(project=ProjectFactory(is_restricted=True), owner=UserFactory(name="Unseen"))
    RiskTag.objects.create(risk=hidden, name="unseen")
    RiskFactory(project=ProjectFactory(title="Another's"), owner=UserFactory(name="Seen"))
    ProjectFactory(title="Mine", owner=reader)

    menus = {str(facet.name): facet.choices for facet in client.get(URL).context["listing"].facets}

    assert [str(link.words) for link in menus["Owner"]] == ["Seen"]
    assert [str(link.words) for link in menus["Project"]] == ["Mine"]
    assert menus["Tag"] == []
    assert client.get(URL, {"project": hidden.project_id}).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("sort", ["-exposure", "exposure", "chance", "-impact", "event", "-owner"])
def test_every_order_holds_each_risk_once(client, reader, sort):
    project = ProjectFactory(stage=Stage.APPROVED)
    for n in range(30):
        known = {"probability": Decimal("0.1") * (n % 4), "impact_amount": Decimal(n % 5)} if n % 3 else {}
        RiskFactory(project=project, event=f"E{n % 6}", **known)

    seen, url = [], f"{URL}?sort={sort}"
    while url:
        listing = client.get(url).context["listing"]
        seen += [line.risk.pk for line in listing.page.rows]
        url = listing.page.later_url

    assert len(seen) == len(set(seen)) == 30


def test_a_risk_that_comes_in_meanwhile_moves_no_page(client, reader):
    project = ProjectFactory(stage=Stage.APPROVED)
    RiskFactory.create_batch(30, project=project, probability=Decimal("0.5"), impact_amount=Decimal(1000))
    first = client.get(URL)
    above(project)

    second = client.get(first.context["listing"].page.later_url)

    assert len(set(events(first)) | set(events(second))) == 30


@pytest.mark.parametrize(
    "query",
    [
        {"view": "everything"},
        {"cell": "99"},
        {"cell": "2"},
        {"after": "abc"},
        {"after": "1"},
        {"after": "9" * 30 + "~1"},
        {"after": "1~1e9"},
        {"after": "1~0.5.5", "sort": "chance"},
        {"after": "1~5.123", "sort": "impact"},
        {"sort": "project__owner"},
        {"state": "dreaming"},
        {"level": "huge"},
        {"phase": "never"},
        {"group": "password"},
        {"tag": "a\x00b"},
        {"tag": "x" * 31},
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
    assert sum(cell.count for cell in answer.context["summary"].matrix.cells) == 0
    assert "CANARY" not in client.get(reverse("risks:raise")).content.decode()


QUERIES = {"list": 12, "project": 13}


@pytest.mark.parametrize("path", QUERIES)
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

    assert counts == [QUERIES[path]] * 2


def test_only_get_is_answered(client, reader):
    assert client.post(URL).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_register_longer_than_is_counted_shows_rows_and_says_how_it_is_summed(client, reader, monkeypatch):
    for module in (register, counting):
        monkeypatch.setattr(module, "MOST_COUNTED", 2)
    own = ProjectFactory(stage=Stage.APPROVED, owner=reader)
    risks = [above(event="Late"), above(event="Lost"), above(own, event="Wet")]

    whole, narrowed = client.get(URL), client.get(URL, {"project": own.pk})

    assert whole.context["heading"] == "More than 2 risks"
    assert {tab.words: tab.count for tab in whole.context["listing"].tabs if tab.count} == {
        "Mine": "1",
        "Open": "2+",
        "All": "2+",
    }
    assert sorted(events(whole)) == sorted(risk.event for risk in risks)
    assert (whole.context["summary"].matrix, whole.context["summary"].note) == (None, "")
    assert "These are too many to draw and to sum." in whole.text
    assert narrowed.context["heading"] == "1 of 1 open risks is above the line, without an answer"
    assert narrowed.context["summary"].matrix is not None
