from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.common.search import MOST_HITS
from projects.actions.pitch import save_pitch, start_pitch
from projects.actions.product import add_product, edit_product
from projects.models import Product, Project
from risks.actions.risk import edit_risk, raise_risk
from risks.models import Risk
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, ProductFactory, ProjectFactory, cast
from tests.factories.retros import LessonFactory
from tests.factories.risks import RiskFactory

pytestmark = pytest.mark.django_db

URL = "/search/"


@pytest.fixture
def reader(client):
    person = UserFactory(name="Reader")
    client.force_login(person)
    return person


def found(client, q):
    groups = client.get(URL, {"q": q}).context["groups"]
    return {str(group.words): [str(hit.title) for hit in group.hits] for group in groups}


def test_one_box_finds_every_kind(client, reader):
    ProjectFactory(title="Gateway renewal", search_text="gateway renewal")
    RiskFactory(event="The gateway throttles")
    LessonFactory(text="Test the gateway first")
    ProductFactory(name="Gateway desk")
    UserFactory(name="Gateway Gus")

    assert found(client, "GATEWAY") == {
        "Projects": ["<mark>Gateway</mark> renewal"],
        "Products": ["<mark>Gateway</mark> desk"],
        "Risks": ["The <mark>gateway</mark> throttles"],
        "Lessons": ["Test the <mark>gateway</mark> first"],
        "People": ["<mark>Gateway</mark> Gus"],
    }


@pytest.mark.parametrize("q", ["éclair", "ECLAIR", "eclair", "straße", "STRASSE", "投诉", "延误 投诉", "ＥＣＬＡＩＲ"])
def test_case_accents_width_and_chinese_say_the_same_on_every_database(client, reader, q):
    RiskFactory(event="Éclair in der Straße: 延误投诉")

    assert [*found(client, q)] == ["Risks"]
    assert client.get("/risks/", {"q": q}).context["listing"].page.total == 1


def test_a_number_finds_its_project_and_words_find_pages(client, reader):
    project = ProjectFactory(title="Bags")

    assert found(client, project.code.lower())["Projects"] == ["Bags"]
    assert "<mark>Risk</mark>s" in found(client, "risk")["Go to"]


def test_what_is_restricted_is_not_there_for_others(client, reader):
    hidden = ProjectFactory(title="Canary", is_restricted=True)
    RiskFactory(event="Canary risk", project=hidden)

    assert found(client, "canary") == {}
    assert found(client, hidden.code) == {}

    client.force_login(hidden.owner)
    assert [*found(client, "canary")] == ["Projects", "Risks"]


def test_the_rest_is_in_the_list_of_the_kind(client, reader):
    for number in range(MOST_HITS + 1):
        ProjectFactory(title=f"Bags {number}")

    [group] = client.get(URL, {"q": "bags"}).context["groups"]

    assert len(group.hits) == MOST_HITS
    assert group.more_url == "/projects/?view=all&q=bags"
    assert client.get(group.more_url).context["listing"].page.total == MOST_HITS + 1


@pytest.mark.parametrize("q", ["", "   ", "no such thing", "%", "_", "\\", "'; DROP TABLE x; --", "<script>x</script>"])
def test_any_words_are_words(client, reader, q):
    RiskFactory(event="Hubs offline")

    answer = client.get(URL, {"q": q})

    assert answer.status_code == HTTPStatus.OK
    assert answer.context["groups"] == []
    assert "<script>x" not in answer.content.decode()


@pytest.mark.parametrize("q", ["x" * 121, "a\x00b", "a\x1bb"])
def test_what_is_no_question_is_refused(client, reader, q):
    assert client.get(URL, {"q": q}).status_code == HTTPStatus.BAD_REQUEST


def test_it_costs_the_same_for_one_and_for_many(client, reader):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"q": "hub"})
        return len(queries)

    RiskFactory()
    client.get(URL, {"q": "hub"})
    one = cost()
    RiskFactory.create_batch(20)
    ProjectFactory.create_batch(20, title="Hub")

    assert (cost(), one) == (8, 8)


def stored():
    """Every row's words as they are kept and as they would be written now."""
    rows = [*Project.objects.all(), *Risk.objects.all(), *Product.objects.all()]
    return {(row._meta.model_name, row.pk): (row.search_text, row.searched()) for row in rows}


def test_whoever_writes_words_keeps_what_is_searched():
    people = cast()
    project = start_pitch("Bags", by=people.pm, now=NOW)
    save_pitch(project, {"title": "Vans", "problem": "Nobody Knöws"}, version=project.version, by=people.pm, now=NOW)
    risk = raise_risk(project, event="Hubs offline", by=people.pm, now=NOW)
    edit_risk(risk, {"cause": "Röuters"}, version=risk.version, by=people.pm, now=NOW)
    product = add_product("Desk", owner=people.pm, by=people.pm, now=NOW, purpose="Answer")
    edit_product(
        product, name="Desk 2", owner=people.pm, goal=None, version=product.version, by=people.pm, now=NOW, users="All"
    )

    kept = [now for now, _again in stored().values()]
    assert [now for now, again in stored().values() if now != again] == []
    assert {"vans nobody knows", "hubs offline routers", "desk 2 answer all"} <= {text.strip() for text in kept}
