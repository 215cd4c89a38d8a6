"""PostgreSQL that stops, comes back, ends sessions, or keeps a lock: the portal says so, and goes on without a restart."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.processes.running import Browser, environment, free_port, run, served, wait_until
from tools import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.processes.running import Variables

#: It has a server of its own, so that no other test notices; therefore once, whatever the suite runs on.
pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def database() -> Iterator[Any]:
    with postgres.throw_away() as running:
        yield running


@pytest.fixture(scope="module")
def portal(
    database: Any, tmp_path_factory: pytest.TempPathFactory, static_files: Path
) -> Iterator[tuple[Browser, Variables, Path]]:
    """The portal on that server, and somebody who is signed in."""
    folder, port = tmp_path_factory.mktemp("portal"), free_port()
    (folder / "static").symlink_to(static_files)
    variables = environment(folder, database.get_uri(), WEB_CONCURRENCY="1")
    run(variables, "manage.py", "migrate", "--verbosity", "0")
    session = json.loads(run(variables, "-m", "tests.processes.people", "1"))[0]
    with served(variables, folder, port):
        yield Browser(port, session), variables, folder


@pytest.fixture
def pm(portal: tuple[Browser, Variables, Path]) -> Browser:
    browser = portal[0]
    wait_until(lambda: browser.get("/projects/").status == 200, lambda: (portal[2] / "web.log").read_text()[-3000:])
    return browser


def test_stopped_it_is_said_and_back_it_is_noticed_within_seconds(pm: Browser, database: Any) -> None:
    database._stop()  # noqa: SLF001 -- `stop` also waits for a lock that other suites hold
    gone = {path: pm.get(path) for path in ("/projects/", "/", "/login/", "/health/ready", "/health/live")}
    written = pm.post("/projects/new/", title="Gone", _key="gone")
    database.ensure_postgres_running()
    began = time.monotonic()
    wait_until(lambda: pm.get("/projects/").status == 200, lambda: "it does not come back", seconds=20)
    took = time.monotonic() - began

    assert {path: answer.status for path, answer in gone.items()} == {
        "/projects/": 503,
        "/": 503,
        "/health/ready": 503,
        "/health/live": 200,
        "/login/": gone["/login/"].status,
    }
    assert gone["/login/"].status in {200, 503}
    assert written.status == 503
    for answer in (gone["/projects/"], gone["/health/ready"], written):
        assert answer.headers["Retry-After"] == "30"
        assert not any(word in answer.text for word in ("Traceback", "psycopg", "socket", "connection"))
    assert took < 5
    assert pm.get("/health/ready").status == 200
    assert pm.post("/projects/new/", title="Back", _key="back").status == 302


def test_a_session_that_the_server_ends_costs_one_request_at_most(pm: Browser, database: Any) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert {answer.status for answer in threads.map(lambda _n: pm.get("/projects/"), range(16))} == {200}
        count = int(sessions(database, "count(*)"))
        sessions(database, "pg_terminate_backend(pid)")
        after = [answer.status for answer in threads.map(lambda _n: pm.get("/projects/"), range(32))]

    assert count >= 1
    assert set(after) <= {200, 503}
    assert after.count(503) <= count
    assert [pm.get("/projects/").status for _ in range(8)] == [200] * 8


def test_a_lock_that_somebody_keeps_ends_in_an_answer_after_five_seconds(pm: Browser, database: Any) -> None:
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    place = urlsplit(pm.post("/projects/new/", title="Held", _key="held").headers["Location"]).path
    with psycopg.connect(database.get_uri()) as other:
        other.execute("SELECT * FROM projects_project FOR UPDATE")
        saved: list[Any] = []
        writer = threading.Thread(target=lambda: saved.append(pm.post(f"{place}save/", title="Mine", version="1")))
        writer.start()
        time.sleep(0.3)
        read = pm.get(place)
        writer.join()
        other.rollback()

    assert read.status == 200
    assert saved[0].status in {409, 503}
    assert 4 < saved[0].seconds < 8
    assert pm.get(place).status == 200


def sessions(database: Any, what: str) -> str:
    """Ask or end the sessions of the portal, from one beside them."""
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    mine = "datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    with psycopg.connect(database.get_uri(), autocommit=True) as connection:
        found = connection.execute(f"SELECT {what} FROM pg_stat_activity WHERE {mine}").fetchall()  # noqa: S608 -- ours
    return str(found[0][0]) if found else "0"
