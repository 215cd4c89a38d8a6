"""The database is full, locked or cut off: the person is told in plain words, nothing is half done, and it heals by itself."""

import time
from contextlib import closing
from http import HTTPStatus

import pytest
from django.db import DatabaseError, OperationalError, close_old_connections, connection, connections, transaction
from django.test import Client

from portal.accounts.models import Site
from portal.common.faults import is_disk_full, status_of
from portal.common.problems import RETRY_AFTER, answer_to
from tests.factories.accounts import UserFactory

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="asks SQLite")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="asks PostgreSQL")
pytestmark = [pytest.mark.usefixtures("probe")]


@pytest.fixture
def client(transactional_db):
    client = Client(raise_request_exception=False, headers={"accept-language": "en"})
    client.force_login(UserFactory())
    client.get("/notes/")
    return client


@pytest.fixture
def other(transactional_db):
    """Another session on the same database."""
    second = connections["default"].copy("other")
    with closing(second):
        yield second


def write(client, name="A note", text="x"):
    return client.post("/notes/", {"name": name, "text": text})


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OperationalError("database or disk is full"), True),
        (OperationalError("database is locked"), False),
        (OSError(28, "No space left on device"), True),
        (OSError(13, "Permission denied"), False),
        (None, False),
    ],
)
def test_a_full_disk_is_told_from_other_faults(error, is_full):
    assert is_disk_full(error) is is_full


def test_postgresql_says_it_by_its_code():
    error = OperationalError("could not extend file")
    error.__cause__ = type("DiskFull", (Exception,), {"sqlstate": "53100"})()
    assert is_disk_full(error)
    assert (status_of(error), answer_to(error).status_code) == (507, 507)
    assert (status_of(OperationalError("gone")), answer_to(OperationalError("gone")).status_code) == (503, 503)


def fill_holes(cursor):
    """What other tests have deleted left pages free within the file, where saving would go on."""
    cursor.execute("CREATE TABLE filling (pages BLOB)")
    while (free := cursor.execute("PRAGMA freelist_count").fetchone()[0]) > 1:
        cursor.execute("INSERT INTO filling VALUES (zeroblob(%s))", [free // 2 * 4096])


@on_sqlite
def test_on_a_full_disk_saving_is_refused_in_words_reading_goes_on_and_room_mends_it(client):
    before = Site.objects.count()
    with connection.cursor() as cursor:
        fill_holes(cursor)
        (used,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count = {used}")  # at which SQLite says just what it says on a full disk
    answers = [write(client, f"Note {number} {'x' * 60}") for number in range(200)]
    saved = [answer for answer in answers if answer.status_code == HTTPStatus.FOUND]
    refused = [answer for answer in answers if answer.status_code == HTTPStatus.INSUFFICIENT_STORAGE]
    assert len(saved) + len(refused) == len(answers)
    assert Site.objects.count() == before + len(saved)
    assert "Not saved: the portal has no room left on its disk" in refused[0].text
    assert refused[0]["Retry-After"] == str(RETRY_AFTER)
    assert client.get("/notes/").status_code == HTTPStatus.OK

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert write(client, "There is room").status_code == HTTPStatus.FOUND


@on_postgresql
def test_a_lock_of_another_is_not_waited_for_without_end(client, other):
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("5s",)
        cursor.execute("SET lock_timeout = '200ms'")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE accounts_site IN EXCLUSIVE MODE")
    answer = write(client)
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert "Not saved: the portal cannot answer right now" in answer.text
    other.rollback()
    assert write(client).status_code == HTTPStatus.FOUND


@on_postgresql
def test_a_transaction_that_idles_is_ended_and_the_next_request_has_a_new_connection(client):
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("1min",)
        cursor.execute("SET idle_in_transaction_session_timeout = '100ms'")

    def idle() -> None:
        with transaction.atomic():
            Site.objects.create(name="Idle", country="CN")
            time.sleep(0.5)
            Site.objects.count()

    with pytest.raises(DatabaseError):
        idle()
    close_old_connections()  # as the start of every request does
    assert write(client).status_code == HTTPStatus.FOUND
    assert not Site.objects.filter(name="Idle").exists()


@on_postgresql
def test_of_a_connection_that_was_cut_one_request_fails_at_most(client, other):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert client.get("/notes/").status_code == HTTPStatus.SERVICE_UNAVAILABLE
    close_old_connections()
    assert client.get("/notes/").status_code == HTTPStatus.OK
