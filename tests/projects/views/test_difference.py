from decimal import Decimal
from http import HTTPStatus

import pytest
from django.urls import reverse

from projects.actions.pitch import save_pitch
from projects.actions.stage import move
from projects.enums import StepState
from projects.lifecycle import Transition
from projects.models import Submission
from tests.factories.projects import NOW, decided, draft, pending_step, submitted
from tests.projects.views.conftest import restrict


@pytest.fixture
def twice(people):
    """Asked back, and submitted again with more reach, another day, another title and material."""
    project = decided(submitted(draft(people)), StepState.ASKED_BACK, reason="Count again")
    values = {"reach": Decimal(3500), "title": "Bags come back", "material_amount": Decimal(900), "needs_permit": True}
    return submitted(save_pitch(project, values, version=project.version, by=people.pm, now=NOW))


def url_of(project, now=2, before=1):
    return reverse("projects:difference", args=[project.pk, now, before])


def test_every_field_stands_as_it_was_and_as_it_is_and_the_material_ones_are_marked(client, people, twice):
    client.force_login(people.lead)

    html = client.get(url_of(twice)).content.decode()

    for words in (
        "<del>3,000 bags</del> <ins>3,500 bags</ins>",
        "<del>¥200,000</del> <ins>¥235,100</ins>",
        "<del>¥16,000</del> <ins>¥16,900</ins>",
        "<del>Bags that come back</del> <ins>Bags come back</ins>",
        "<del>no</del> <ins>yes</ins>",
        "<del>¥0</del> <ins>¥900</ins>",
    ):
        assert words in html
    assert "Submission 2 differs from submission 1" in html
    title = html.split("<td>Title")[1].split("</td>")[0]
    permit = html.split("<td>Needs a special permit")[1].split("</td>")[0]
    assert ("material" in title, "material" in permit) == (False, True)


def test_it_says_so_where_nothing_differs(client, people):
    project = move(submitted(draft(people)), Transition.WITHDRAW, by=people.pm, now=NOW)
    submitted(project)
    client.force_login(people.lead)

    assert "Submission 2 says what submission 1 said." in client.get(url_of(project)).content.decode()


@pytest.mark.parametrize(("now", "before"), [(1, 1), (1, 2), (3, 1), (2, 0)])
def test_only_what_was_submitted_is_compared_with_what_came_before(client, people, twice, now, before):
    client.force_login(people.lead)

    assert client.get(url_of(twice, now, before)).status_code == HTTPStatus.NOT_FOUND


def test_a_stranger_compares_nothing_of_a_restricted_project(client, outsider, twice):
    restrict(twice)
    client.force_login(outsider)

    assert client.get(url_of(twice)).status_code == HTTPStatus.NOT_FOUND


def test_the_decision_and_the_submission_lead_to_it(client, people, twice):
    client.force_login(people.lead)
    second = Submission.objects.get(number=2)

    for url in (pending_step(twice).get_absolute_url(), reverse("projects:submission", args=[twice.pk, 2])):
        html = client.get(url).content.decode()
        assert f'href="{url_of(twice)}"' in html
        assert "<del>¥200,000</del> <ins>¥235,100</ins>" in html
    assert url_of(twice) not in client.get(reverse("projects:submission", args=[twice.pk, 1])).content.decode()
    assert second.digest != Submission.objects.get(number=1).digest
