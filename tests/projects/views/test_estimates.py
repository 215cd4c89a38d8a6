from datetime import timedelta
from decimal import Decimal

import pytest

from projects.actions.actuals import record_actual
from projects.models import HistoryImport, PastEstimate, Project
from projects.summaries import closed_projects
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW, TODAY, cast, closed, draft, in_delivery

pytestmark = pytest.mark.django_db
PAGE = "/estimates/"


@pytest.fixture
def reader(client):
    reader = UserFactory()
    client.force_login(reader)
    return reader


def add(count, *, estimated, ratio, kind="Bug"):
    batch = HistoryImport.objects.create(source="test", imported_at=NOW)
    PastEstimate.objects.bulk_create(
        PastEstimate(
            batch=batch,
            source="test",
            key=f"{batch.pk}-{number}",
            kind=kind,
            estimated_days=Decimal(estimated),
            actual_days=Decimal(estimated) * Decimal(ratio),
        )
        for number in range(count)
    )


def test_nothing_known_says_what_to_do(client, reader):
    html = client.get(PAGE).content.decode()
    assert "Nothing is known yet of how estimates fared" in html
    assert "manage.py import_history FILE" in html


def test_it_answers_by_size_and_by_kind(client, reader):
    add(6, estimated="0.5", ratio="1.5")
    add(3, estimated=8, ratio=2, kind="Build")

    page = client.get(PAGE)

    assert "Four of five took at most" in page.content.decode()
    assert [(line.name, line.count, line.median, line.p80) for line in page.context["sizes"]] == [
        ("under 1 day", "6", "1.50 ×", "1.50 ×"),
        ("5 to 20 days", "3", "", ""),
    ]
    assert [(line.name, line.count, line.median) for line in page.context["kinds"]] == [
        ("Bug", "6", "1.50 ×"),
        ("Build", "3", ""),
    ]


def test_few_in_all_show_no_ratio_anywhere(client, reader):
    add(4, estimated=1, ratio=7)
    html = client.get(PAGE).content.decode()
    assert "Too few are known to say how estimates fare" in html
    assert "7.00" not in html


def test_it_names_nobody(client, reader):
    batch = HistoryImport.objects.create(source="x", imported_at=NOW, imported_by=UserFactory(name="Nora Named"))
    PastEstimate.objects.create(batch=batch, source="x", key="1", estimated_days=1, actual_days=1)
    assert "Nora" not in client.get(PAGE).content.decode()


def test_closed_projects_of_the_portal_stand_beside_what_files_told(client):
    people = cast()
    add(5, estimated=8, ratio=2)
    for days in ("12.5", "15"):
        project = in_delivery(draft(people), people)
        for day, used in ((TODAY, "1"), (TODAY + timedelta(days=1), days)):
            record_actual(
                project.cost_lines.get(),
                as_of=day,
                person_days=Decimal(used),
                amount=None,
                by=people.pm,
                now=NOW + timedelta(days=2),
            )
        closed(project, people)
    in_delivery(draft(people), people)
    client.force_login(people.engineer)

    page = client.get(PAGE)
    assert [(str(tab.words), tab.count, tab.is_current) for tab in page.context["sources"]] == [
        ("All", "7", True),
        ("Projects of this portal", "2", False),
        ("test", "5", False),
    ]
    assert [(line.name, line.count) for line in page.context["sizes"]] == [("5 to 20 days", "7")]
    assert page.context["all"].p80 == "2.00 ×"
    assert people.pm.name not in page.content.decode()

    own = client.get(page.context["sources"][1].url)
    assert [(line.name, line.count, line.median) for line in own.context["kinds"]] == [("Light", "2", "")]
    assert sorted(past.actual for past in closed_projects(people.engineer)) == [Decimal("12.5"), Decimal(15)]

    Project.objects.update(is_restricted=True)
    assert closed_projects(UserFactory()) == []


def test_a_source_that_nobody_knows_is_refused(client, reader):
    add(5, estimated=1, ratio=1)
    assert client.get(f"{PAGE}?source=test").status_code == 200
    assert client.get(f"{PAGE}?source=other").status_code == 400


@pytest.mark.parametrize("count", [1, 50])
def test_it_costs_the_same_for_few_and_many(client, reader, count, django_assert_num_queries):
    add(count, estimated=1, ratio=1)
    client.get(PAGE)
    with django_assert_num_queries(5):
        client.get(PAGE)
