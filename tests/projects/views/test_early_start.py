import pytest
from django.urls import reverse

from projects.actions.early_start import allow_early_start
from projects.models import EarlyStart
from tests.factories.projects import NOW, draft, submitted


@pytest.mark.django_db
def test_lead_allows_it_from_the_overview_and_the_owner_sees_its_limits(client, people):
    project = submitted(draft(people))
    url = reverse("projects:early_start", args=[project.pk])
    client.force_login(people.lead)
    assert url in client.get(project.get_absolute_url()).content.decode()
    shown = client.get(url).content.decode()
    assert "10 person-days" in shown

    assert client.post(url).status_code == 302
    assert client.post(url).status_code == 409

    assert EarlyStart.objects.get().allowed_by == people.lead
    client.force_login(people.pm)
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Early start: at most 10 person-days" in page
    assert url not in page


@pytest.mark.django_db
def test_owner_writes_the_effort_and_is_told_of_the_limit(client, people):
    project = draft(people)
    allow_early_start(project, by=people.lead, now=NOW)
    line = project.cost_lines.get()
    client.force_login(people.pm)
    url = reverse("projects:record_actual", args=[project.pk, line.pk])
    data = {f"line{line.pk}-as_of": "2026-11-23", f"line{line.pk}-person_days": "11"}

    answer = client.post(url, data)

    assert answer.status_code == 422
    assert "The early start allows at most 10 person-days" in answer.content.decode()
    assert client.post(url, data | {f"line{line.pk}-person_days": "9"}).status_code == 302
