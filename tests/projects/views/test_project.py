import csv
import io
from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.enums import Role
from portal.common.lists import ListFilter
from projects.enums import Health, Stage, StepState, Tier
from projects.models import WeeklyStatus
from tests.factories.accounts import DepartmentFactory, UserFactory
from tests.factories.notifications import ObligationFactory
from tests.factories.projects import NOW, GoalFactory, ProductFactory, ProjectFactory, decided, draft, submitted
from tests.projects.views.conftest import restrict

LIST = "/projects/"


@pytest.fixture
def reader(client, people):
    client.force_login(people.pm)
    return people.pm


def rows(answer):
    return answer.context["listing"].page.rows


def titles(client, **asked):
    return [row.project.title for row in rows(client.get(LIST, asked))]


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

    assert [(str(tab.words), tab.count) for tab in client.get(LIST).context["listing"].tabs] == [
        ("Mine", "1"),
        ("Running", "2"),
        ("All", "3"),
        ("Save this view", None),
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

    asked = {"stage": ["in_delivery", "approved"], "tier": "major", "product": product.pk}
    listing = client.get(LIST, asked).context["listing"]

    assert [row.project.title for row in listing.page.rows] == ["This"]
    shown = {str(facet.name): (str(facet.value), [*facet.values]) for facet in listing.facets if facet.is_set}
    assert shown == {
        "Stage": ("", ["In delivery", "Approved"]),
        "Product": ("Bag tracker", []),
        "Tier": ("Major", []),
    }
    assert listing.asked.clear_url == f"{LIST}?view=running"
    assert titles(client, **asked | {"stage": "approved"}) == []


def test_goal_owner_department_and_what_is_late_narrow_too(client, reader, people):
    above = DepartmentFactory(name="Last mile")
    below = DepartmentFactory(name="Vans", parent=above)
    zoe = UserFactory(name="Zoë Zhang", department=below)
    goal = GoalFactory()
    ProjectFactory(title="Hers", owner=zoe, goal=goal)
    late = ProjectFactory(title="Late")
    ObligationFactory(project_id=late.pk, due_at=NOW - timedelta(days=1))
    ObligationFactory(project_id=ProjectFactory(title="In time").pk, due_at=NOW + timedelta(days=1))

    assert titles(client, goal=goal.pk) == ["Hers"]
    assert titles(client, owner=zoe.pk) == ["Hers"]
    assert titles(client, department=above.pk) == titles(client, department=below.pk) == ["Hers"]
    assert titles(client, overdue="on") == ["Late"]


def test_a_row_says_how_it_stands_and_who_owes_what_next(client, reader):
    running = ProjectFactory(title="Runs", stage=Stage.IN_DELIVERY)
    for week_on, health in ((date(2026, 11, 9), Health.ON_TRACK), (date(2026, 11, 16), Health.DANGER)):
        WeeklyStatus.objects.create(
            project=running, week_on=week_on, health=health, line="x", confirmed_by=reader, confirmed_at=NOW
        )
    ObligationFactory(project_id=running.pk, kind="launch", due_at=NOW + timedelta(days=1))

    answer = client.get(LIST)

    (row,) = rows(answer)
    assert (row.health, str(row.deed)) == ("danger", "A launch")
    assert "A launch, by Tue 24 Nov" in answer.text
    assert "Danger" in answer.text


def test_what_stands_between_two_shows_in_the_list_to_who_owes_it_only(client, reader):
    project = ProjectFactory(title="Quiet", stage=Stage.IN_DELIVERY)
    asked = ObligationFactory(
        project_id=project.pk, kind="escalation_counterpart", due_at=NOW - timedelta(days=1), person=UserFactory()
    )

    assert [row.turn for row in rows(client.get(LIST))] == [None]
    assert titles(client, overdue="on") == []
    client.force_login(asked.person)
    assert [row.turn for row in rows(client.get(LIST))] == [asked]
    assert titles(client, overdue="on") == ["Quiet"]


def test_menus_offer_owners_whose_projects_the_reader_sees(client, reader):
    ProjectFactory(owner=UserFactory(name="Seen"))
    ProjectFactory(owner=UserFactory(name="Unseen"), is_restricted=True)

    menus = {str(facet.name): facet for facet in client.get(LIST).context["listing"].facets}

    assert [str(link.words) for link in menus["Owner"].choices] == ["Seen"]


def test_a_click_on_a_head_sorts_and_the_next_turns_the_order(client, reader):
    early, late = date(2026, 12, 1), date(2026, 12, 31)
    ProjectFactory(title="B", planned_launch_on=late)
    ProjectFactory(title="A", planned_launch_on=None)
    ProjectFactory(title="C", planned_launch_on=early)

    assert titles(client, sort="title") == ["A", "B", "C"]
    assert titles(client, sort="-title") == ["C", "B", "A"]
    assert titles(client, sort="launch") == ["C", "B", "A"]
    assert titles(client, sort="-launch") == ["B", "C", "A"]
    head = client.get(LIST, {"sort": "launch"}).context["listing"].asked.head("launch")
    assert (head.direction, head.url) == ("ascending", f"{LIST}?sort=-launch")


@pytest.mark.parametrize("sort", ["recent", "-recent", "title", "-stage", "owner", "benefit", "-benefit", "launch"])
def test_pages_hold_every_row_once_forward_and_backward(client, reader, sort):
    for number in range(60):
        ProjectFactory(
            title=f"T{number % 7}",
            owner=reader,
            net_benefit_amount=None if number % 3 else Decimal(number % 5),
            planned_launch_on=None if number % 2 else date(2026, 12, 1 + number % 4),
        )
    forward, url = [], f"{LIST}?sort={sort}"
    while url:
        listing = client.get(url).context["listing"]
        forward += [row.project.pk for row in listing.page.rows]
        last, url = listing, listing.page.later_url
    backward: list[int] = []
    places, url = [], last.page.earlier_url
    while url:
        listing = client.get(url).context["listing"]
        backward = [row.project.pk for row in listing.page.rows] + backward
        places.append((listing.page.first, listing.page.last))
        url = listing.page.earlier_url

    assert len(set(forward)) == len(forward) == 60
    assert backward == forward[:50]
    assert places == [(26, 50), (1, 25)]


@pytest.mark.parametrize(
    "asked",
    [
        {"view": "theirs"},
        {"stage": "dreaming"},
        {"tier": "X"},
        {"product": "9" * 30},
        {"before": "abc"},
        {"before": "7"},
        {"after": "9" * 30 + "~1"},
        {"after": "7~x"},
        {"after": "7~2026-13-01", "sort": "launch"},
        {"after": "7~1e9", "sort": "benefit"},
        {"after": "7~a\x00b", "sort": "title"},
        {"sort": "owner__password"},
        {"owner": "0"},
        {"goal": "x"},
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
    assert rows(answer) == []
    assert "<script>x" not in answer.content.decode()


def test_twenty_five_more_are_the_next_page(client, reader):
    ProjectFactory.create_batch(60)
    first = client.get(LIST)
    second = client.get(first.context["listing"].page.later_url)

    assert "25 of 60 shown" in first.content.decode()
    assert "Show 25 more" in first.content.decode()
    assert "26 to 50 of 60" in second.content.decode()
    assert "Show 10 more" in second.content.decode()


def test_a_restricted_project_is_in_no_list_and_no_count_of_an_outsider(client, people, outsider):
    restrict(draft(people, title="CANARY"))
    client.force_login(outsider)

    for asked in ({}, {"view": "all"}, {"q": "CANARY"}):
        answer = client.get(LIST, asked)
        assert "CANARY" not in answer.content.decode() or "q" in asked
        assert rows(answer) == []
        assert {tab.count for tab in answer.context["listing"].tabs} == {"0", None}

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

    assert (cost(), one) == (8, 8)


PARTS = ["pitch", "decisions", "metric", "resources", "change", "defer", "follow_ups"]


#: What each costs, in the order of PARTS.
COSTS = [11, 10, 6, 8, 6, 8, 6]


def test_a_part_of_a_project_costs_what_is_written_down(client, people):
    project = submitted(draft(people))
    client.force_login(people.engineer)
    found = []
    for name in PARTS:
        url = reverse(f"projects:{name}", args=[project.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        found.append(len(queries))

    assert found == COSTS


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


def exported(client, **asked):
    answer = client.get(f"{LIST}export/csv/", asked)
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"), newline="")))


def test_the_file_holds_the_list_as_it_is_narrowed_and_sorted(client, reader, people):
    for number in range(30):
        ProjectFactory(title=f"T{number:02}", stage=Stage.IN_DELIVERY, net_benefit_amount=Decimal(-number))
    ProjectFactory(title="Over", stage=Stage.CLOSED)
    ProjectFactory(title="CANARY", is_restricted=True)

    head, *rows_of_file = exported(client, stage="in_delivery", sort="benefit")

    assert [row[head.index("Project")] for row in rows_of_file] == [f"T{number:02}" for number in range(29, -1, -1)]
    assert [row[head.index("Net benefit")] for row in rows_of_file][:2] == ["-29.00", "-28.00"]
    assert {row[head.index("Launch as planned")] for row in rows_of_file} == {""}
    assert [row[1] for row in exported(client, view="all")].count("CANARY") == 0


def test_a_long_list_is_written_page_by_page(client, reader, monkeypatch):
    ProjectFactory.create_batch(7)
    every = ListFilter.every
    monkeypatch.setattr(ListFilter, "every", lambda asked, rows, dressed: every(asked, rows, dressed, size=3))

    assert [row[0] for row in exported(client)][1:] == sorted((row[0] for row in exported(client)[1:]), reverse=True)
    assert len(exported(client)) == 8
