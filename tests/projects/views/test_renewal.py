from datetime import date
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions.change import change_budget, change_launch_date, change_scope
from projects.enums import StepState, SubmissionState
from projects.models import Project, Submission
from tests.factories.projects import NOW, decided, draft, in_delivery, pending_step
from tests.projects.views.conftest import boxes, restrict


@pytest.fixture
def running(people):
    return in_delivery(draft(people), people)


def late(project, day=date(2027, 3, 5)):
    current = Project.objects.get(pk=project.pk)
    change_launch_date(current, launch_on=day, reason="Vendor late", version=current.version, by=current.owner, now=NOW)
    return Project.objects.get(pk=project.pk)


def url_of(project):
    return reverse("projects:renew", args=[project.pk])


def test_the_page_says_what_moved_beyond_and_the_owner_submits_it_anew(client, people, running):
    change_budget(running, Decimal(1000), reason="Labels", by=people.pm, now=NOW)
    project = late(running)
    client.force_login(people.pm)

    html = client.get(url_of(project)).content.decode()

    assert "The approval is void: work goes on, and launch waits until Pia Manager submits anew." in html
    assert html.count("beyond what the approval bears") == 1
    assert html.count("within what the approval bears") == 1
    for words in ("29 Jan 2027", "5 Mar 2027", "¥16,000", "¥17,000", "Lea Lead"):
        assert words in html
    typed = boxes(html, "renew").values | {"reason": "Worth it all the same"}
    for _time in range(2):
        assert client.post(url_of(project), typed)["Location"] == project.get_absolute_url()
    assert Submission.objects.filter(state=SubmissionState.PENDING).count() == 1
    assert "a new one waits for Lea Lead" in client.get(url_of(project)).content.decode()


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"reason": ""}, HTTPStatus.UNPROCESSABLE_ENTITY, "Write why, in one sentence: the approvers read it."),
        ({"version": "1"}, HTTPStatus.CONFLICT, "Worth it all the same"),
    ],
)
def test_a_refusal_loses_nothing(client, people, running, typed, status, words):
    project = late(running)
    client.force_login(people.pm)

    answer = client.post(url_of(project), {"reason": "Worth it all the same", "version": project.version} | typed)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert Submission.objects.count() == 1


def test_others_read_it_and_do_not_submit(client, people, outsider, running):
    project = late(running)
    client.force_login(people.lead)
    assert "Submit anew" not in client.get(url_of(project)).content.decode()
    assert client.post(url_of(project), {"reason": "So"}).status_code == HTTPStatus.FORBIDDEN
    restrict(project)
    client.force_login(outsider)
    assert client.get(url_of(project)).status_code == HTTPStatus.NOT_FOUND


def test_launch_leads_to_the_new_approval(client, people, running):
    project = late(running)
    client.force_login(people.pm)

    for url in (reverse("projects:move", args=[project.pk, "launch"]), project.get_absolute_url()):
        html = client.get(url).content.decode()
        assert "The approval is void since the project changed" in html
        assert f'href="{url_of(project)}"' in html


def test_the_project_and_its_decisions_say_whose_turn_it_is(client, people, running):
    project = late(running)
    client.force_login(people.pm)
    pages = (project.get_absolute_url(), reverse("projects:decisions", args=[project.pk]))

    for html in (client.get(url).content.decode() for url in pages):
        assert f"launch waits until {project.owner} submits anew" in html
        assert f'href="{url_of(project)}"' in html

    client.post(url_of(project), {"reason": "Worth it all the same", "version": project.version})
    assert f"a new one waits for {people.lead}." in client.get(project.get_absolute_url()).content.decode()


def test_what_was_not_changed_before_is_not_called_unknown(client, people, running):
    project = late(running)
    client.force_login(people.pm)
    client.post(url_of(project), {"reason": "Worth it all the same", "version": project.version})

    html = client.get(reverse("projects:difference", args=[project.pk, 2, 1])).content.decode()

    changed = html.split("Changed since the start")[1].split("</table>")[0]
    assert "Worth it all the same" in changed
    assert "not known yet" not in changed


def test_the_approver_sees_the_changes_and_is_not_offered_to_put_it_off(client, people, running):
    change_scope(running, "No nights", reason="Noise", by=people.pm, now=NOW)
    project = late(running)
    client.force_login(people.pm)
    client.post(url_of(project), {"reason": "Worth it all the same", "version": project.version})
    client.force_login(people.lead)

    html = client.get(pending_step(project).get_absolute_url()).content.decode()

    for words in ("What changed since the start", "benefits not re-estimated", "Worth it all the same", "No nights"):
        assert words in html
    assert 'value="deferred"' not in html


def test_the_overview_keeps_comparing_with_what_was_approved(client, people, running):
    client.force_login(people.pm)
    project = late(running)
    assert "Approved and today" in client.get(project.get_absolute_url()).content.decode()

    client.post(url_of(project), {"reason": "Worth it", "version": project.version})
    assert "version 1" in client.get(project.get_absolute_url()).content.decode()
    decided(project, StepState.APPROVED)

    html = client.get(project.get_absolute_url()).content.decode()
    assert "version 2" in html
    assert "working days</td>" not in html  # nothing drifts from what is approved now


def test_as_many_queries_for_one_change_as_for_many(client, people, running):
    project = late(running)
    client.force_login(people.pm)
    client.get(url_of(project))
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url_of(project))
        counts.append(len(queries))
        for _time in range(5):
            change_scope(project, "No nights", reason="Noise", by=people.pm, now=NOW)
    assert counts[0] == counts[1]


def test_the_owner_takes_it_back_on_the_same_page(client, people, running):
    project = late(running)
    client.force_login(people.pm)
    client.post(
        url_of(project), boxes(client.get(url_of(project)).content.decode(), "renew").values | {"reason": "Still"}
    )
    typed = boxes(client.get(url_of(project)).content.decode(), "withdraw").values | {"withdraw": "1"}

    for _time in range(2):
        assert client.post(url_of(project), typed)["Location"] == url_of(project)

    assert Submission.objects.latest("number").state == SubmissionState.WITHDRAWN
    assert 'id="renew"' in client.get(url_of(project)).content.decode()
    assert client.post(url_of(project), {"withdraw": "1"}).status_code == HTTPStatus.CONFLICT
    client.force_login(people.lead)
    assert client.post(url_of(project), {"withdraw": "1"}).status_code == HTTPStatus.FORBIDDEN
