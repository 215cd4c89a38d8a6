from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.enums import Role
from projects.enums import Stage, StepState, Tier
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProductFactory, ProjectFactory, decided, draft, submitted
from tests.projects.views.conftest import restrict

LIST = "/projects/"


@pytest.fixture
def reader(client, people):
    client.force_login(people.pm)
    return people.pm


def titles(client, **asked):
    return [row.project.title for row in client.get(LIST, asked).context["rows"]]


def test_the_heading_says_how_many_run_and_how_many_wait_for_the_reader(client, people):
    submitted(draft(people))
    ProjectFactory(stage=Stage.CLOSED)
    client.force_login(people.lead)
    assert client.get(LIST).context["heading"] == "1 project is running, 1 waits for you"

    client.force_login(people.engineer)
    assert client.get(LIST).context["heading"] == "1 project is running, none waits for you"


def test_the_views_are_mine_running_and_all_with_their_counts(client, reader, people):
    ProjectFactory(title="Mine", owner=reader, site=people.site)
    ProjectFactory(title="Runs", stage=Stage.IN_DELIVERY)
    ProjectFactory(title="Over", stage=Stage.CANCELLED)

    assert [(str(tab.words), tab.count) for tab in client.get(LIST).context["tabs"]] == [
        ("Mine", "1"),
        ("Running", "2"),
        ("All", "3"),
    ]
    assert titles(client) == ["Runs", "Mine"]
    assert titles(client, view="mine") == ["Mine"]
    assert titles(client, view="all") == ["Over", "Runs", "Mine"]


def test_search_finds_a_title_a_number_and_an_owner(client, reader):
    bags = ProjectFactory(title="Bags that come back", owner=UserFactory(name="Zoë Zhang"))
    ProjectFactory(title="Vans")

    assert titles(client, q="bags BACK") == ["Bags that come back"]
    assert titles(client, q=bags.code.lower()) == ["Bags that come back"]
    assert "Bags that come back" in titles(client, q=str(bags.pk))
    assert titles(client, q="zoe") == ["Bags that come back"]
    assert titles(client, q="no such thing") == []


def test_filters_narrow_and_stand_in_the_address(client, reader):
    product = ProductFactory(name="Bag tracker")
    ProjectFactory(title="This", stage=Stage.IN_DELIVERY, tier=Tier.MAJOR, product=product)
    ProjectFactory(title="That", stage=Stage.IN_DELIVERY)

    answer = client.get(LIST, {"stage": "in_delivery", "tier": "major", "product": product.pk})

    assert [row.project.title for row in answer.context["rows"]] == ["This"]
    assert [str(facet.value) for facet in answer.context["facets"]] == ["In delivery", "Bag tracker", "Major"]
    assert answer.context["clear_url"] == LIST


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "theirs"},
        {"stage": "dreaming"},
        {"tier": "X"},
        {"product": "9" * 30},
        {"before": "abc"},
        {"before": "0"},
        {"before": "9" * 30},
        {"shown": "-1"},
        {"q": "x" * 121},
        {"q": "a\x07b"},
        {"q": "a\x00b"},
    ],
)
def test_an_address_that_cannot_be_understood_is_refused(client, reader, asked):
    assert client.get(LIST, asked).status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize("asked", [{"ordering": "owner__password"}, {"owner__email__startswith": "a"}, {"field": "x"}])
def test_what_is_not_offered_changes_nothing(client, reader, asked):
    ProjectFactory.create_batch(2)

    assert titles(client, **asked) == titles(client)


@pytest.mark.parametrize("q", ["'; DROP TABLE projects_project; --", "%", "_", "\\", "P-" + "9" * 40, "<script>x"])
def test_search_takes_anything_as_words(client, reader, q):
    ProjectFactory(title="Bags")

    answer = client.get(LIST, {"q": q})

    assert answer.status_code == HTTPStatus.OK
    assert answer.context["rows"] == []
    assert "<script>x" not in answer.content.decode()


def test_twenty_five_more_come_as_rows_for_htmx_and_as_a_page_otherwise(client, reader):
    ProjectFactory.create_batch(60)
    first = client.get(LIST)
    more = first.context["more_url"]

    fragment = client.get(more, headers={"HX-Request": "true"})
    whole = client.get(more)
    last = client.get(fragment.context["more_url"])

    assert [len(answer.context["rows"]) for answer in (first, fragment, whole, last)] == [25, 25, 25, 10]
    assert "50 of 60 shown" in fragment.content.decode()
    assert ("<html" in fragment.content.decode(), "<html" in whole.content.decode()) == (False, True)
    assert "hx-swap-oob" in fragment.content.decode()
    assert last.context["more_url"] == ""
    shown = [row.project.pk for answer in (first, fragment, last) for row in answer.context["rows"]]
    assert shown == sorted(shown, reverse=True)
    assert len(set(shown)) == 60


def test_a_restricted_project_is_in_no_list_and_no_count_of_an_outsider(client, people, outsider):
    restrict(draft(people, title="CANARY"))
    client.force_login(outsider)

    for asked in ({}, {"view": "all"}, {"q": "CANARY"}):
        answer = client.get(LIST, asked)
        assert "CANARY" not in answer.content.decode() or "q" in asked
        assert answer.context["rows"] == []
        assert {tab.count for tab in answer.context["tabs"]} == {"0"}

    client.force_login(people.lead)
    assert titles(client) == ["CANARY"]


def test_an_empty_list_says_what_comes_next(client, reader, people):
    assert "Pitch the first one" in client.get(LIST).content.decode()
    assert "Clear the filters" in client.get(LIST, {"q": "bags"}).content.decode()

    client.force_login(people.engineer)
    assert "Pitch the first one" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.LEAD, Role.ADMIN])
def test_every_role_reads_open_projects(client, people, role):
    draft(people)
    client.force_login(UserFactory(roles=[role]))

    assert titles(client) == ["Bags that come back"]


def test_a_list_costs_the_same_for_one_row_and_for_many(client, reader, people):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"view": "all"}).status_code == HTTPStatus.OK
        return len(queries)

    submitted(draft(people))
    client.get(LIST)
    one = cost()
    for number in range(20):
        submitted(draft(people, title=f"Number {number}"))
    ProjectFactory.create_batch(30, stage=Stage.IN_DELIVERY)

    assert cost() == one


PARTS = ["pitch", "decisions", "metric", "resources", "change", "defer", "follow_ups"]


@pytest.mark.parametrize("name", PARTS)
def test_the_parts_of_a_project_carry_its_title_stage_line_and_tabs(client, people, name):
    project = submitted(draft(people))
    client.force_login(people.engineer)

    answer = client.get(reverse(f"projects:{name}", args=[project.pk]))

    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.OK
    assert "<h1>Bags that come back</h1>" in html
    assert [str(step.name) for step in answer.context["stage_steps"]] == [
        "Draft",
        "Submitted",
        "Approved",
        "In delivery",
        "Launch",
        "Close",
    ]
    assert [step.state for step in answer.context["stage_steps"]] == ["done", "current", *["to_come"] * 4]
    assert sum(tab.is_current for tab in answer.context["parts"]) == 1


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("pk", ["P-0000", "P-9999", "P-99999999999999999"])
def test_a_project_that_is_not_there(client, reader, name, pk):
    address = reverse(f"projects:{name}", args=[1]).replace("P-0001", pk)

    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("name", PARTS)
def test_no_part_of_a_restricted_project_exists_for_an_outsider(client, people, outsider, name):
    project = restrict(submitted(draft(people)))
    client.force_login(outsider)

    hidden = client.get(reverse(f"projects:{name}", args=[project.pk]))
    missing = client.get(reverse(f"projects:{name}", args=[project.pk + 1000]))

    assert hidden.status_code == missing.status_code == HTTPStatus.NOT_FOUND


def test_a_stage_off_the_main_line_takes_the_place_of_the_next(client, people):
    project = decided(submitted(draft(people)), StepState.DECLINED, reason="Measure one night first")
    client.force_login(people.pm)

    steps = client.get(reverse("projects:decisions", args=[project.pk])).context["stage_steps"]

    assert [(str(step.name), step.note, step.state) for step in steps[:4]] == [
        ("Draft", "Mon 23 Nov", "done"),
        ("Submitted", "Mon 23 Nov", "done"),
        ("Declined", "Measure one night first", "current"),
        ("In delivery", "", "to_come"),
    ]
