"""PostgreSQL with the two roles of `deploy/postgresql-roles.sql`: the owner makes the tables, the portal reads and writes rows.

The owner's migration is two at once: of the second one nothing is left to do.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tests.processes.running import Browser, Variables, environment, free_port, run, served

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROLES = ROOT / "deploy" / "postgresql-roles.sql"
PASSWORD = "letters-and-digits-1"

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(600)]
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no roles")


@dataclass(frozen=True)
class Installed:
    """A database as the commands of `docs/operations.md` make it."""

    owner: str
    app: str


@contextmanager
def made_by_script(given: str) -> Iterator[Installed]:
    """Run the script, with names of its own, because roles belong to the whole server."""
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    name = f"process_{secrets.token_hex(4)}"
    lines = [line for line in ROLES.read_text().splitlines() if not line.startswith("--")]
    script = "\n".join(lines).replace("foresight", name)
    for word in ("owner_password", "app_password"):
        script = script.replace(f":'{word}'", f"'{PASSWORD}'")
    before, after = script.split(f"\\connect {name}")
    place = urlsplit(given)._replace(path=f"/{name}")
    host = place.netloc.rpartition("@")[2]
    urls = {role: place._replace(netloc=f"{name}_{role}:{PASSWORD}@{host}").geturl() for role in ("owner", "app")}
    with psycopg.connect(given, autocommit=True) as server:
        try:
            for statement in filter(str.strip, before.split(";")):
                server.execute(statement)
            with psycopg.connect(place.geturl(), autocommit=True) as database:
                for statement in filter(str.strip, after.split(";")):
                    if "pg_trgm" not in statement or has_trigrams(database):
                        database.execute(statement)
            yield Installed(**urls)
        finally:
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            for role in ("owner", "app"):
                server.execute(f'DROP ROLE IF EXISTS "{name}_{role}"')


def has_trigrams(database: Any) -> bool:
    """Debian's PostgreSQL has them; the one that comes as a Python package has not."""
    return bool(database.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone())


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        with made_by_script(given) as made:
            yield made
    else:
        url = f"sqlite:///{tmp_path_factory.mktemp('database')}/empty.sqlite3"
        yield Installed(url, url)


@pytest.fixture(scope="module")
def migrated_twice(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str]]:
    where = environment(tmp_path_factory.mktemp("owner"), installed.owner)
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=600)[0] for process in both]
    return [(process.returncode, words) for process, words in zip(both, said, strict=True)]


@pytest.fixture
def portal(installed: Installed, migrated_twice: Any, tmp_path: Path, static_files: Path) -> Variables:
    (tmp_path / "static").symlink_to(static_files)
    return environment(tmp_path, installed.app, WEB_CONCURRENCY="1")


def test_two_that_migrate_an_empty_database_at_once_both_end_well(
    migrated_twice: list[tuple[int, str]], portal: Variables
) -> None:
    assert migrated_twice == [(0, ""), (0, "")]
    run(portal, "manage.py", "migrate", "--check")


@on_postgresql
def test_the_portal_does_all_its_work_without_owning_a_table(portal: Variables, tmp_path: Path) -> None:
    run(portal, "-m", "tests.processes.seed", "3", "1")
    session = json.loads(run(portal, "-m", "tests.processes.people", "1"))[0]
    run(portal, "manage.py", "sweep")
    run(portal, "manage.py", "backup", str(tmp_path / "backups"))
    port = free_port()
    with served(portal, tmp_path, port):
        browser = Browser(port, session)
        begun = browser.post("/projects/new/", title="By the app", _key="app")
        pages = [browser.get(path).status for path in ("/", "/projects/?q=app", "/risks/", "/health/ready")]
    run(portal, "manage.py", "verify_audit")

    assert (begun.status, pages) == (302, [200] * 4)
    assert len(list((tmp_path / "backups").iterdir())) == 1


@on_postgresql
@pytest.mark.parametrize(
    "deed",
    [
        "DROP TABLE audit_auditentry",
        "TRUNCATE audit_auditentry",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
        "ALTER TABLE projects_project ADD COLUMN more text",
        "CREATE TABLE more (id int)",
        "CREATE TRIGGER t BEFORE UPDATE ON projects_project EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "SET session_replication_role = replica",
    ],
)
def test_what_the_portal_may_not_do_to_its_tables(portal: Variables, installed: Installed, deed: str) -> None:
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    with (
        psycopg.connect(installed.app, autocommit=True) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute(deed)
