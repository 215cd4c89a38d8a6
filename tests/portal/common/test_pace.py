"""How much one person may ask for at once, whatever others do."""

import pytest
from django.db import connection
from django.http import HttpResponse

from portal.common.pace import costly
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
EXPORT = "/risks/export/csv/"


@pytest.fixture
def another(client_of):
    return client_of(UserFactory())


@pytest.fixture
def client_of(client):
    def signed_in(person):
        other = client.__class__()
        other.force_login(person)
        return other

    return signed_in


def test_who_sends_forms_faster_than_anybody_types_is_slowed_and_nobody_else(client_of, another, settings):
    settings.DEEDS_A_MINUTE = 3
    fast = client_of(UserFactory())
    sent = [fast.post("/look/", {"theme": "dark", "next": "/more/"}) for _ in range(4)]
    # A minute may have turned in between; then one more of them passes.
    assert [answer.status_code for answer in sent[:3]] == [302, 302, 302]
    refused = sent[3] if sent[3].status_code == 429 else fast.post("/look/", {})
    assert (refused.status_code, refused["Retry-After"]) in {(429, "60"), (302, "")}
    assert another.post("/look/", {"theme": "dark", "next": "/more/"}).status_code == 302
    assert fast.get("/more/").status_code == 200


def test_two_files_at_a_time_then_one_has_to_be_done(client_of, another, settings):
    settings.COSTLY_AT_A_TIME = 2
    reader = client_of(UserFactory())
    first, second = reader.get(EXPORT), reader.get(EXPORT)

    refused = reader.get("/search/?q=x")
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert another.get("/search/?q=x").status_code == 200

    list(first.streaming_content)  # sent to the end, it is closed
    assert reader.get("/search/?q=x").status_code == 200
    second.close()


def test_what_is_done_or_broken_counts_no_more(rf, settings):
    settings.COSTLY_AT_A_TIME = 1
    request = rf.get("/")
    request.user = UserFactory()

    @costly
    def broken(_request):
        raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            broken(request)
    answers = [costly(lambda _request: HttpResponse())(request).status_code for _ in range(2)]
    assert answers == [200, 200]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no such limit")
def test_a_question_to_the_database_ends_after_ten_seconds():
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("10s",)
