import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.accounts.enums import Role
from projects.actions.project import add_person
from projects.enums import Part
from projects.models import Project
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, cast, draft, submitted

pytestmark = pytest.mark.django_db

URL = "/activity/"


def sentences(client):
    return [str(moment.words) for moment in client.get(URL).context["moments"]]


def test_it_tells_of_the_projects_one_has_a_part_in(client):
    people = cast()
    project = submitted(draft(people, title="Bags"))
    client.force_login(people.pm)

    assert sentences(client)[0] == f"{project.code} Bags: {people.pm} submitted the pitch"
    assert client.get(URL).context["moments"][0].url == project.get_absolute_url()

    colleague = UserFactory(roles=[Role.ENGINEER])
    client.force_login(colleague)
    assert sentences(client) == []
    add_person(project, colleague, Part.MEMBER, by=people.pm, now=NOW)
    assert f"{project.code} Bags: {people.pm} submitted the pitch" in sentences(client)


def test_a_part_that_ended_tells_no_more_of_a_restricted_project(client):
    people = cast()
    project = submitted(draft(people, title="Bags"))
    Project.objects.filter(pk=project.pk).update(is_restricted=True, owner=UserFactory())
    client.force_login(people.pm)

    assert sentences(client) == []


def test_it_costs_the_same_for_one_project_and_for_many(client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        return len(queries)

    people = cast()
    client.force_login(people.pm)
    submitted(draft(people))
    client.get(URL)
    one = cost()
    for number in range(4):
        submitted(draft(people, title=f"Number {number}"))

    assert cost() == one
