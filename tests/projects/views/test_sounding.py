from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from projects.actions.sounding import comment_draft, invite_reader
from projects.models import DraftComment, DraftReader
from tests.factories.projects import NOW, draft, submitted
from tests.projects.views.conftest import boxes

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(people):
    return draft(people, is_restricted=True)


def url(project, name="sounding", *args):
    return reverse(f"projects:{name}", args=[project.pk, *args])


def test_an_outsider_is_asked_reads_comments_and_hears_what_became_of_it(client, people, project, outsider):
    client.force_login(outsider)
    assert client.get(url(project)).status_code == HTTPStatus.NOT_FOUND

    client.force_login(people.pm)
    assert client.post(url(project, "sounding_invite"), {"reader-person": outsider.pk})["Location"] == url(project)

    client.force_login(outsider)
    assert "Say what you think" in client.get(url(project, "pitch")).content.decode()
    sent = boxes(client.get(url(project)).content.decode(), "comment").values
    assert client.post(url(project), sent | {"step": "costs", "text": "And the scanners?"})["Location"] == url(project)

    client.force_login(people.pm)
    comment = DraftComment.objects.get()
    assert "And the scanners?" in client.get(url(project, "pitch")).content.decode()
    shown = client.get(url(project)).content.decode()
    assert "1 comment is open." in shown
    client.post(url(project, "comment_resolve", comment.pk), {f"comment-{comment.pk}-answer": "They are there"})

    client.force_login(outsider)
    assert "They are there" in client.get(url(project)).content.decode()


def test_a_step_shows_what_is_said_of_it_and_of_the_whole(client, people, project):
    for step in ("costs", "goal", ""):
        comment_draft(project, f"About {step or 'all'}", step=step, by=people.pm, now=NOW)
    client.force_login(people.pm)

    def said(step):
        html = client.get(url(project, "pitch_step", step)).content.decode()
        return [words for words in ("About all", "About costs", "About goal") if words in html]

    assert said("goal") == ["About all", "About goal"]
    assert said("check") == ["About all", "About costs", "About goal"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("sounding", {"text": ""}, "Write what you think."),
        ("sounding_invite", {"reader-person": ""}, "Choose a colleague."),
    ],
)
def test_what_is_missing_is_said_beside_it(client, people, project, name, data, words):
    client.force_login(people.pm)
    answer = client.post(url(project, name), data)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in answer.content.decode()


def test_too_long_an_answer_stays_in_its_box(client, people, project):
    comment = comment_draft(project, "Which?", step="", by=people.pm, now=NOW)
    client.force_login(people.pm)
    answer = client.post(url(project, "comment_resolve", comment.pk), {f"comment-{comment.pk}-answer": "x" * 501})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "x" * 501 in answer.content.decode()


def test_resolved_twice_is_a_conflict(client, people, project):
    comment = comment_draft(project, "Which?", step="", by=people.pm, now=NOW)
    client.force_login(people.pm)
    statuses = [client.post(url(project, "comment_resolve", comment.pk)).status_code for _time in range(2)]
    assert statuses == [HTTPStatus.FOUND, HTTPStatus.CONFLICT]


def test_a_comment_of_another_project_is_not_found(client, people, project):
    other = draft(people)
    comment = comment_draft(other, "Which?", step="", by=people.pm, now=NOW)
    reader = invite_reader(other, people.engineer, by=people.pm, now=NOW)
    client.force_login(people.pm)
    for name, pk in (("comment_resolve", comment.pk), ("sounding_end", reader.pk)):
        assert client.post(url(project, name, pk)).status_code == HTTPStatus.NOT_FOUND
    assert DraftReader.objects.exists()


def test_after_submission_it_is_there_to_read(client, people, project):
    comment_draft(project, "Which?", step="", by=people.pm, now=NOW)
    submitted(project)
    client.force_login(people.pm)
    html = client.get(url(project)).content.decode()
    assert "Which?" in html
    assert 'id="comment"' not in html


def test_queries_are_the_same_for_one_comment_and_many(client, people, project):
    client.force_login(people.pm)
    client.get(url(project))  # the policy is read once
    counts = []
    for count in (1, 9):
        for _n in range(count):
            comment_draft(project, "Which?", step="", by=people.pm, now=NOW)
        with CaptureQueriesContext(connection) as found:
            client.get(url(project))
        counts.append(len(found))
    assert counts[0] == counts[1]
