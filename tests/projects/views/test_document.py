import hashlib
from http import HTTPStatus

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.policy.store import change
from projects import policy
from projects.actions.documents import add_link, drop_document
from projects.actions.stage import move
from projects.enums import DocumentKind
from projects.lifecycle import Transition
from projects.models import Document, Project
from tests.factories.accounts import AdminFactory
from tests.factories.projects import NOW, draft, submitted, verbs

pytestmark = pytest.mark.django_db
CSV = b"hub,bags\nLyon,7\n"


@pytest.fixture
def project(people):
    return draft(people, is_restricted=True)


@pytest.fixture
def owner(client, people, project):
    client.force_login(people.pm)
    return people.pm


def url(project, name="documents", *args):
    return reverse(f"projects:{name}", args=[project.pk, *args])


def link(client, project, **changes):
    data = {"title": "Count of October", "url": "https://docs.example.com/count", "kind": "data"} | changes
    return client.post(url(project, "link_add"), data)


def attach(client, project, data=CSV, name="count.csv", **more):
    file = SimpleUploadedFile(name, data, content_type="text/html")
    return client.post(url(project, "file_add"), {"title": "The count", "kind": "data", "file": file} | more)


def stored():
    return set(default_storage.listdir("documents")[1]) if default_storage.exists("documents") else set()


def test_a_link_stands_on_the_pitch_and_on_its_page(client, owner, project):
    assert link(client, project)["Location"] == url(project)

    document = Document.objects.get()
    assert (document.url, document.kind, document.added_by) == ("https://docs.example.com/count", "data", owner)
    for name in ("documents", "pitch"):
        html = client.get(url(project, name)).content.decode()
        assert 'href="https://docs.example.com/count" rel="noopener noreferrer external"' in html
    assert verbs(project)[-1] == "document.added"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://docs.example.com/",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "https://",
        "https://a b/",
        "//docs.example.com",
        "https://docs.example.com/\u202e",
    ],
)
def test_only_an_https_address_is_linked(client, owner, project, address):
    answer = link(client, project, url=address)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer.context["link_form"].errors.keys() == {"url"}
    assert not Document.objects.exists()


def test_a_file_is_a_download_that_runs_nowhere(client, owner, project):
    before = stored()
    assert attach(client, project, name="../清点 2026.csv")["Location"] == url(project)

    document = Document.objects.get()
    assert (document.name, document.size, document.digest) == (
        "清点 2026.csv",
        len(CSV),
        hashlib.sha256(CSV).hexdigest(),
    )
    (kept,) = stored() - before
    assert len(kept) == 32
    answer = client.get(url(project, "document", document.pk))
    assert answer.content == CSV
    headers = (
        "Content-Type",
        "Content-Disposition",
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "Cache-Control",
    )
    assert [answer[name] for name in headers] == [
        "text/csv",
        "attachment; filename*=utf-8''%E6%B8%85%E7%82%B9%202026.csv",
        "sandbox; default-src 'none'",
        "nosniff",
        "private, no-store",
    ]


def test_a_file_is_for_those_alone_who_see_the_project(client, owner, project, people, outsider):
    attach(client, project)
    document = Document.objects.get()
    client.force_login(outsider)
    assert client.get(url(project, "document", document.pk)).status_code == HTTPStatus.NOT_FOUND
    assert client.get(f"/media/{document.file.name}").status_code == HTTPStatus.NOT_FOUND
    other = draft(people)
    client.force_login(people.pm)
    assert client.get(url(other, "document", document.pk)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("data", "name", "status", "words"),
    [
        (b"", "count.csv", HTTPStatus.BAD_REQUEST, "This file is empty."),
        (b"x" * (2**20 + 1), "count.csv", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A file has at most 1 MB"),
        (b"<script>1</script>", "count.csv", HTTPStatus.UNPROCESSABLE_ENTITY, "one of these kinds"),
        (b"MZ\x90\x00", "report.pdf", HTTPStatus.UNPROCESSABLE_ENTITY, "one of these kinds"),
    ],
    ids=["empty", "too large", "markup", "a program"],
)
def test_a_file_that_is_not_taken_leaves_nothing_behind(client, owner, project, data, name, status, words):
    before = stored()
    change(policy.ATTACHMENT_MOST_MB, 1, by=AdminFactory(), now=NOW)
    answer = attach(client, project, data, name)
    assert answer.status_code == status
    html = answer.content.decode()
    assert words in html
    assert 'value="The count"' in html
    assert (Document.objects.count(), stored()) == (0, before)


def test_the_largest_file_is_taken_and_the_room_of_a_project_ends(client, owner, project):
    change(policy.ATTACHMENT_MOST_MB, 1, by=AdminFactory(), now=NOW)
    change(policy.PROJECT_FILES_MOST_MB, 1, by=AdminFactory(), now=NOW)
    assert attach(client, project, b"x" * 2**20).status_code == HTTPStatus.FOUND
    answer = attach(client, project)
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "have no more room" in answer.content.decode()


def test_what_is_sent_beyond_all_limits_is_refused_unread(client, owner, project):
    answer = client.post(
        url(project, "file_add"), b"", content_type="multipart/form-data", CONTENT_LENGTH=str(11 * 2**20)
    )
    assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_a_file_sent_twice_is_kept_once(client, owner, project):
    assert [attach(client, project, _key="k").status_code for _time in range(2)] == [HTTPStatus.FOUND] * 2
    assert Document.objects.count() == 1


def test_removed_with_its_file(client, owner, project, django_capture_on_commit_callbacks):
    before = stored()
    attach(client, project)
    document = Document.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(project, "document_drop", document.pk))
    assert (Document.objects.count(), stored()) == (0, before)
    drop_document(document, by=owner, now=NOW)
    assert verbs(project).count("document.dropped") == 1


def test_who_added_it_or_the_owner_removes_it(client, people, project):
    theirs = add_link(project, "https://x.example.com/", title="X", kind=DocumentKind.OTHER, by=people.partner, now=NOW)
    client.force_login(people.lead)
    assert client.post(url(project, "document_drop", theirs.pk)).status_code == HTTPStatus.FORBIDDEN
    client.force_login(people.partner)
    assert client.post(url(project, "document_drop", theirs.pk)).status_code == HTTPStatus.FOUND


def test_nothing_is_added_once_it_is_over(client, owner, project):
    Project.objects.filter(pk=project.pk).update(stage="cancelled")
    assert link(client, project).status_code == HTTPStatus.CONFLICT


def test_a_file_that_is_gone_from_the_disk_is_not_found(client, owner, project):
    attach(client, project)
    document = Document.objects.get()
    document.file.delete(save=False)
    assert client.get(url(project, "document", document.pk)).status_code == HTTPStatus.NOT_FOUND


def frozen(project):
    return project.submissions.latest("number").read()["documents"]


def test_what_was_submitted_keeps_its_documents_whatever_becomes_of_the_list(client, owner, project):
    attach(client, project)
    link(client, project)
    file, address = Document.objects.order_by("pk")
    submitted(project)
    assert [(one["document"], one["title"], one["url"], one["digest"]) for one in frozen(project)] == [
        (address.pk, "Count of October", "https://docs.example.com/count", ""),
        (file.pk, "The count", "", hashlib.sha256(CSV).hexdigest()),
    ]

    for one in (file, address):
        drop_document(one, by=owner, now=NOW)
        drop_document(one, by=owner, now=NOW)

    listed = client.get(url(project)).content.decode()
    page = client.get(url(project, "submission", 1)).content.decode()
    assert "The count" not in listed
    for words in (
        f'href="{url(project, "document", file.pk)}"',
        'href="https://docs.example.com/count"',
        file.digest[:6],
    ):
        assert words in page
    assert client.get(url(project, "document", file.pk)).content == CSV
    assert verbs(project).count("document.dropped") == 2
    assert client.post(url(project, "document_drop", file.pk)).status_code == HTTPStatus.NOT_FOUND


def test_the_difference_of_two_submissions_names_the_documents(client, owner, project):
    link(client, project)
    project = move(submitted(project), Transition.WITHDRAW, by=owner, now=NOW)
    link(client, project, title="Count of November", url="https://docs.example.com/november")
    drop_document(Document.objects.earliest("pk"), by=owner, now=NOW)
    submitted(project)

    html = client.get(url(project, "difference", 2, 1)).content.decode()

    assert "<del>Count of October (https://docs.example.com/count)</del>" in html
    assert "<ins>Count of November (https://docs.example.com/november)</ins>" in html


def test_what_no_submission_knows_goes_with_its_file(client, owner, project):
    attach(client, project)

    drop_document(Document.objects.get(), by=owner, now=NOW)

    assert not Document.objects.exists()
