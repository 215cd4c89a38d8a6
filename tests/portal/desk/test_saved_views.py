from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction

from portal.accounts.actions.saved_view import MOST_VIEWS
from portal.accounts.models import SavedView
from portal.audit.models import AuditEntry
from projects.enums import Stage
from tests.factories.accounts import UserFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db

LIST = "/projects/"
NEW = "/views/new/projects:list/"


@pytest.fixture
def reader(client):
    person = UserFactory()
    client.force_login(person)
    return person


def kept(person, query="view=all", **values):
    return SavedView.objects.create(
        **{"person": person, "page": "projects:list", "name": "Own", "query": query} | values
    )


def tabs(client, url=LIST):
    listing = client.get(url).context["listing"]
    return [(str(tab.words), tab.is_current) for tab in listing.tabs]


def test_what_is_asked_gets_a_name_and_a_tab(client, reader):
    ProjectFactory(title="Approved", stage=Stage.APPROVED)
    ProjectFactory(title="Drafted")
    save_url = client.get(LIST, {"stage": "approved", "sort": "title"}).context["listing"].asked.save_url

    answer = client.post(save_url, {"name": "To start", "_key": "k"})

    assert (answer.status_code, answer["Location"]) == (HTTPStatus.FOUND, f"{LIST}?sort=title&stage=approved")
    assert tabs(client, answer["Location"]) == [
        ("Mine", False),
        ("Running", False),
        ("All", False),
        ("To start", True),
        ("Change this view", False),
    ]
    assert [entry.verb for entry in AuditEntry.objects.filter(actor=reader)] == ["view.kept"]


def test_the_place_in_the_list_is_not_part_of_a_view(client, reader):
    project = ProjectFactory()
    asked = client.get(LIST, {"q": "a", "after": f"{project.pk}~{project.pk}", "shown": "25"}).context["listing"].asked

    assert asked.query == "q=a"


def test_a_form_pressed_twice_keeps_one_view(client, reader):
    for _ in range(2):
        assert client.post(NEW + "?view=all", {"name": "All", "_key": "k"}).status_code == HTTPStatus.FOUND

    assert [view.query for view in SavedView.objects.all()] == ["view=all"]


def test_the_bare_address_opens_the_default_and_any_other_does_not(client, reader):
    kept(reader, "view=all", is_default=True)
    ProjectFactory(title="Over", stage=Stage.CLOSED)

    assert client.get(LIST).context["listing"].page.total == 1
    assert tabs(client)[3] == ("Own", True)
    assert client.get(LIST, {"view": "running"}).context["listing"].page.total == 0


@pytest.mark.parametrize("query", ["product=999", "view=gone", "sort=gone"])
def test_a_default_that_means_nothing_any_more_is_passed_over(client, reader, query):
    kept(reader, query, is_default=True)

    assert client.get(LIST).context["listing"].asked.chosen_view == "running"


def test_one_default_at_a_time(client, reader):
    first = kept(reader, is_default=True)
    client.post(NEW, {"name": "Second", "is_default": "on"})

    first.refresh_from_db()
    second = SavedView.objects.get(name="Second")
    assert (first.is_default, second.is_default, second.query) == (False, True, "")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.update(is_default=True)


def test_a_view_is_renamed_and_dropped(client, reader):
    view = kept(reader)

    assert client.post(f"/views/{view.pk}/", {"name": "Everything"})["Location"] == f"{LIST}?view=all"
    view.refresh_from_db()
    assert (view.name, view.is_default) == ("Everything", False)
    assert client.post(f"/views/{view.pk}/drop/")["Location"] == LIST
    assert not SavedView.objects.exists()
    assert [entry.verb for entry in AuditEntry.objects.order_by("pk")] == ["view.changed", "view.dropped"]


@pytest.mark.parametrize("name", ["", "x" * 41, "a\u200bb", "Own"])
def test_a_name_that_cannot_be_is_refused_beside_its_box(client, reader, name):
    kept(reader)
    answer = client.post(NEW + "?view=all", {"name": name})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["form"].errors
    assert SavedView.objects.count() == 1


def test_so_many_views_and_no_more(client, reader):
    for number in range(MOST_VIEWS):
        kept(reader, name=f"{number}")

    answer = client.post(NEW, {"name": "One more"})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [*answer.context["form"].errors] == ["name"]


def test_anothers_view_does_not_exist(client, reader):
    theirs = kept(UserFactory(), is_default=True)

    assert client.get(f"/views/{theirs.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"/views/{theirs.pk}/", {"name": "Mine"}).status_code == HTTPStatus.NOT_FOUND
    assert client.post(f"/views/{theirs.pk}/drop/").status_code == HTTPStatus.NOT_FOUND
    assert "Own" not in [words for words, _ in tabs(client)]
    theirs.refresh_from_db()
    assert theirs.name == "Own"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("nowhere/", HTTPStatus.NOT_FOUND),
        ("accounts:setup/", HTTPStatus.NOT_FOUND),
        ("projects:list/?view=gone", HTTPStatus.BAD_REQUEST),
    ],
)
def test_only_a_list_that_is_there_can_be_kept(client, reader, address, status):
    assert client.get(f"/views/new/{address}").status_code == status
