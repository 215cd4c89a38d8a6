import json
import logging
from http import HTTPStatus

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from portal.common.problems import RETRY_AFTER
from portal.common.views import csrf_failure
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("probe")]


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


@pytest.fixture
def lin(client):
    person = UserFactory(name="Lin Yue")
    client.force_login(person)
    return person


def heading(response):
    return response.text.partition("<h1>")[2].partition("</h1>")[0]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/probe/400/", "This request cannot be read"),
        ("/probe/403/", "Only the owner can start delivery. The owner is Lin Yue."),
        ("/probe/404/", "There is nothing here for you"),
        ("/probe/405/", "This address only takes what a form sends"),
        ("/probe/409/", "It is closed already"),
        ("/probe/gate/", "Something is still missing"),
        ("/probe/410/", "This link is no longer good"),
        ("/probe/500/", "This page could not be shown: something broke on our side"),
        ("/probe/503/", "The portal cannot answer right now"),
    ],
)
def test_the_heading_says_what_is_not_as_usual(client, lin, path, words):
    assert heading(client.get(path)) == words


def test_a_failed_saving_says_that_it_was_not_saved(client, lin):
    response = client.post("/probe/500/", headers={"referer": "http://testserver/notes/?a=1&b=2"})
    assert heading(response) == "Not saved: something broke on our side"
    assert 'href="/notes/?a=1&amp;b=2"' in response.text


@pytest.mark.parametrize(
    "referer",
    [
        "http://evil.test/notes/",
        "http://testserver//evil.test/",
        "javascript:alert(1)",
        '"><script>alert(1)</script>',
        "",
    ],
)
def test_the_way_back_leads_to_our_own_page_only(client, lin, referer):
    response = client.post("/probe/500/", headers={"referer": referer})
    assert "Back to the page" not in response.text
    assert "evil" not in response.text
    assert "alert(1)" not in response.text


def test_a_gate_lists_what_is_missing_with_the_links_that_mend_it(client, lin):
    page = client.get("/probe/gate/")
    assert page.status_code == HTTPStatus.CONFLICT
    assert '<a href="/risks/">Two risks have no answer</a>' in page.text
    assert '<a href="/metrics/">The metric has no target</a>' in page.text


def test_missing_and_invisible_are_the_same_bytes(client, lin):
    pages = [client.get(path) for path in ("/probe/404/", "/probe/404/?q=1", "/probe/nowhere/", "/probe/404/")]
    assert len({page.content for page in pages}) == 1
    visitor = Client()
    assert len({visitor.get(path).content for path in ("/nowhere/", "/elsewhere/")}) == 1


def test_a_path_is_never_shown(client, lin):
    for path in ("/<script>alert(1)</script>/", "/{{7*7}}/", "/probe/%22onmouseover=alert(1)/"):
        response = client.get(path)
        assert response.status_code == HTTPStatus.NOT_FOUND
        assert [bad for bad in ("alert(1)", "49", "7*7") if bad in response.text] == []


def test_the_way_again_is_escaped(client, lin):
    response = client.get('/probe/500/?"><script>alert(1)</script>')
    assert "<script>alert" not in response.text


def test_an_error_says_nothing_of_its_inside_and_is_logged_once(client, lin, caplog):
    with caplog.at_level(logging.ERROR):
        response = client.get("/probe/500/")
    assert [word for word in ("SELECT", "Traceback", "RuntimeError", ".py", "SECRET") if word in response.text] == []
    assert response["X-Request-ID"] in response.text
    assert len([record for record in caplog.records if record.levelno >= logging.ERROR]) == 1


def test_a_database_that_does_not_answer_is_503(client, lin):
    response = client.get("/probe/503/")
    assert (response.status_code, response["Retry-After"]) == (HTTPStatus.SERVICE_UNAVAILABLE, str(RETRY_AFTER))
    assert "connection refused" not in response.text


def test_a_session_that_cannot_be_read_is_503_too(client, lin, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", gone)
    assert client.get("/").status_code == HTTPStatus.SERVICE_UNAVAILABLE


def test_words_alone_must_do_where_the_pages_themselves_broke(client, settings):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": []}]
    response = client.get("/health/live/nowhere")
    assert (response.status_code, response["Content-Type"]) == (500, "text/plain; charset=utf-8")
    assert response.text == f"Something broke on our side. Reference {response['X-Request-ID']}\n"
    assert response["X-Frame-Options"] == "DENY"


def test_pages_that_must_stand_alone_read_nothing(client, lin, django_assert_num_queries):
    client.get("/probe/500/")
    with django_assert_num_queries(2):  # session and person: what came before the error
        client.get("/probe/500/")


@pytest.mark.parametrize(
    ("path", "status"), [("/probe/403/", 403), ("/probe/404/", 404), ("/probe/409/", 409), ("/probe/500/", 500)]
)
def test_htmx_gets_one_message_for_the_place_of_messages(client, lin, path, status):
    response = client.get(path, headers={"hx-request": "true"})
    assert (response.status_code, response["HX-Retarget"], response["HX-Reswap"]) == (status, "#notice", "innerHTML")
    assert response.text.lstrip().startswith('<div class="fs-say is-red" role="alert">')
    assert "<html" not in response.text


def test_whoever_asks_for_json_gets_json(client, lin):
    response = client.get("/probe/403/", headers={"accept": "application/json"})
    assert json.loads(response.content) == {"error": "Forbidden", "request_id": response["X-Request-ID"]}
    assert response["Content-Type"] == "application/json"


def test_a_visitor_reads_errors_in_his_language(client):
    for path in ("/nowhere/", "/?q=%00"):
        assert 'lang="zh-Hans"' in client.get(path, headers={"accept-language": "zh-CN"}).text


def test_a_form_of_another_session_is_told_so(client, lin, rf):
    request = rf.post("/notes/")
    request.user = lin
    response = csrf_failure(request, "CSRF cookie not set.")
    assert response.status_code == HTTPStatus.FORBIDDEN
    assert heading(response) == "This page was open for too long"
    assert "CSRF" not in response.text


def test_405_says_what_is_allowed(client, lin):
    assert client.get("/probe/405/")["Allow"] == "POST"


# ── whether the server lives ────────────────────────────────────────────


def test_live_asks_nobody_not_even_who_it_is(client, lin, django_assert_num_queries):
    assert client.session.session_key
    with django_assert_num_queries(0):
        response = client.get("/health/live")
    assert (response.status_code, response.content) == (HTTPStatus.OK, b"ok\n")


def test_ready_with_the_tables_this_code_expects(client):
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (HTTPStatus.OK, b"ok\n")


def test_not_ready_before_the_migrations(client):
    MigrationRecorder(connection).record_unapplied("audit", "0003_deeds_by_link")
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (HTTPStatus.SERVICE_UNAVAILABLE, b"migrations missing\n")
    assert response["Retry-After"] == str(RETRY_AFTER)


def test_not_ready_on_a_newer_database(client):
    MigrationRecorder(connection).record_applied("audit", "0999_from_the_future")
    assert client.get("/health/ready").content == b"database newer than this code\n"


def test_not_ready_without_a_database(client, monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get("/health/ready")
    assert (response.status_code, response.content) == (HTTPStatus.SERVICE_UNAVAILABLE, b"database\n")
    assert client.get("/health/live").status_code == HTTPStatus.OK


def test_robots_are_sent_away(client):
    assert client.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
