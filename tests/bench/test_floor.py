"""The bench in small, so that it still runs when it is wanted: a page and a form are recorded, and asked again beneath."""

import pytest
from django.urls import reverse

from projects.models import Project
from tests.bench.floor import Floor, recorded
from tests.bench.measured import Answer, Figure, record, record_deed
from tests.bench.pages import Ask, Deed, creations, program
from tests.bench.table import section
from tests.factories.projects import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return cast().pm


@pytest.mark.parametrize("name", ["projects:list", "api:projects"])
def test_the_floor_asks_and_sends_what_the_page_does(person, name):
    headers = program(person) if name.startswith("api:") else {}
    recording = record(Ask(name, person, reverse(name), headers))
    floor = Floor([recording])

    with recorded() as again:
        sent = floor.answer(0).decode()

    assert [one.sql for one in again.asked] == [one.sql for one in recording.asked]
    assert len(sent) == pytest.approx(len(recording.body), abs=30)


def test_what_a_form_does_is_undone(person):
    recording = record_deed(Deed("create", lambda: creations(person)))

    Floor([recording]).answer(0)

    assert recording.writes
    assert list(Project.objects.all()) == []


def test_a_figure_is_a_row_of_the_table(person):
    recording = record(Ask("desk", person, "/"))
    figure = Figure("desk", [Answer(200, "ab", 30.0, 12.0)], [Answer(200, "ab", 20.0, 10.0)], recording)
    result = {"database": "sqlite 3", "projects": 30, "risks": 300, "pages": [figure.as_row()]}
    result |= {"memory": 99, "matrix": 5, "case": 7, "sweep": None, "seeded": None}

    row = section(result).splitlines()[4]

    assert row.startswith("| desk | 30.0 | 30.0 | 20.0 | 1.50 | 12.0 | 10.0 | 1.20 |")
