from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions.follow_ups import open_follow_up
from projects.enums import FollowUpState
from projects.models import FollowUp
from tests.factories.projects import DAY, NOW, TODAY, approved, draft
from tests.projects.views.conftest import restrict


@pytest.fixture
def project(people):
    return approved(draft(people))


@pytest.fixture
def item(people, project):
    return promise(project, people.engineer)


def promise(project, owner, title="Freeze calendar in the checklist"):
    return open_follow_up(
        project, title=title, owner=owner, due_on=TODAY + 7 * DAY, origin="retro", by=project.owner, now=NOW
    )


def url(item):
    return reverse("projects:follow_up", args=[item.project_id, item.pk])


@pytest.mark.parametrize("person", ["engineer", "pm"])
def test_its_owner_or_the_owner_of_the_project_reports_it_once(client, people, item, person):
    client.force_login(getattr(people, person))

    answers = [
        client.post(url(item), {"state": "done", "note": "It stands on page two", "_key": "twice"}) for _ in range(2)
    ]

    assert [answer["Location"] for answer in answers] == [reverse("projects:follow_ups", args=[item.project_id])] * 2
    item.refresh_from_db()
    assert (item.state, item.note) == (FollowUpState.DONE, "It stands on page two")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"state": "dropped"}, "Write why it is dropped."),
        ({"state": "lost"}, "Select a valid choice."),
        ({"state": ""}, "Choose how it stands."),
        ({"state": "done", "note": "x" * 501}, "Ensure this value has at most 500 characters"),
    ],
)
def test_a_report_that_cannot_be_used_changes_nothing(client, people, item, typed, words):
    client.force_login(people.engineer)

    answer = client.post(url(item), typed)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()
    item.refresh_from_db()
    assert item.state == FollowUpState.OPEN


def test_a_state_that_cannot_follow_is_refused_and_keeps_the_note(client, people, item):
    client.force_login(people.engineer)

    answer = client.post(url(item), {"state": "effective", "note": "Seen twice"})

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "Seen twice" in answer.content.decode()
    item.refresh_from_db()
    assert item.state == FollowUpState.OPEN


@pytest.mark.parametrize("reader", ["partner", "outsider"])
def test_others_read_it_and_are_told_who_moves_it(client, people, outsider, item, reader):
    client.force_login(outsider if reader == "outsider" else people.partner)

    html = client.get(url(item)).content.decode()
    answer = client.post(url(item), {"state": "done"})

    assert item.title in html
    assert "Report" not in html
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "Only Eno Engineer or the owner of the project moves it" in answer.content.decode()


def test_it_belongs_to_its_project(client, people, item):
    other = draft(people)
    client.force_login(people.pm)

    for pk in (item.pk, "9" * 30):
        address = reverse("projects:follow_ups", args=[other.pk]) + f"{pk}/"
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        assert client.post(address, {"state": "done"}).status_code == HTTPStatus.NOT_FOUND


def test_that_of_a_restricted_project_does_not_exist_for_an_outsider(client, people, outsider, item):
    restrict(item.project)
    client.force_login(outsider)

    assert client.get(url(item)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(url(item), {"state": "done"}).status_code == HTTPStatus.NOT_FOUND
    assert FollowUp.objects.get().state == FollowUpState.OPEN


def test_the_list_costs_the_same_for_one_and_for_many(client, people, project, item):
    client.force_login(people.pm)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            html = client.get(reverse("projects:follow_ups", args=[project.pk])).content.decode()
        return len(queries), html

    cost()
    one, html = cost()
    assert "1 follow-up is open." in html
    for number in range(50):
        promise(project, people.engineer, f"Number {number}")

    many, html = cost()
    assert many == one
    assert "51 follow-ups are open." in html


def test_what_is_late_is_marked_for_its_owner_alone(client, people, project, item):
    FollowUp.objects.filter(pk=item.pk).update(due_on=TODAY - 2 * DAY)
    pages = {}
    for person in (people.engineer, people.pm):
        client.force_login(person)
        pages[person] = client.get(reverse("projects:follow_ups", args=[project.pk])).content.decode()

    assert "2 days past" in pages[people.engineer]
    assert "2 days past" not in pages[people.pm]


# ── the list across projects ────────────────────────────────────────────

#: What the list costs, whatever its length.
LIST_QUERIES = 7


def listed(client, query=""):
    return client.get(f"/follow-ups/?{query}").context["listing"]


def test_the_list_holds_ones_own_those_of_ones_projects_and_the_rest(client, people, project, item):
    own = promise(project, people.pm, "Count the bags")
    FollowUp.objects.filter(pk=item.pk).update(due_on=TODAY - DAY)
    client.force_login(people.pm)

    found = {view: listed(client, f"view={view}").page.rows for view in ("mine", "projects", "overdue", "open", "all")}

    assert found == {"mine": [own], "projects": [item, own], "overdue": [item], "open": [item, own], "all": [item, own]}
    assert client.get("/follow-ups/").context["heading"] == "You owe 1 follow-up"
    assert listed(client, "view=all&q=count").page.rows == [own]
    assert listed(client, "view=all&origin=condition").page.rows == []


def test_what_others_owe_late_is_no_list(client, people, item):
    FollowUp.objects.filter(pk=item.pk).update(due_on=TODAY - DAY)
    client.force_login(people.lead)

    answer = client.get("/follow-ups/?view=open")

    assert listed(client, "view=overdue").page.rows == []
    assert (answer.context["listing"].page.rows, "fs-tag is-red" in answer.content.decode()) == ([item], False)


def test_those_of_a_restricted_project_are_not_there_for_others(client, people, outsider, project, item):
    restrict(project)
    client.force_login(outsider)

    assert listed(client, "view=all").counts["all"] == 0


@pytest.mark.parametrize("rows", [1, 25])
def test_the_list_costs_the_same_whatever_its_length(client, people, project, django_assert_num_queries, rows):
    for number in range(rows):
        promise(project, people.engineer, f"Promise {number}")
    client.force_login(people.pm)
    client.get("/follow-ups/?view=all")

    with django_assert_num_queries(LIST_QUERIES):
        client.get("/follow-ups/?view=all")


def test_a_later_day_is_sent_once_and_a_wrong_one_comes_back(client, people, item):
    client.force_login(people.engineer)
    later = reverse("projects:carry_over", args=[item.project_id, item.pk])

    wrong = client.post(later, {"due_on": str(TODAY)})
    done = [client.post(later, {"due_on": str(TODAY + 30 * DAY), "_key": "1"}) for _ in range(2)]

    assert (wrong.status_code, list(wrong.context["later"].errors)) == (HTTPStatus.UNPROCESSABLE_ENTITY, ["due_on"])
    assert [answer["Location"] for answer in done] == [url(item)] * 2
    item.refresh_from_db()
    assert (item.due_on, item.carried_over) == (TODAY + 30 * DAY, 1)
    assert "once" in client.get(url(item)).content.decode()
