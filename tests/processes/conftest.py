"""A database and a folder for each test that starts processes, laid from copies that are made once for all of them."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests import tables
from tests.processes.mail_sink import MailSink
from tests.processes.running import environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.processes.running import Variables


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@contextmanager
def one_at_a_time(name: str) -> Iterator[Path]:
    """A folder that all workers of the suite share, held by one of them; what is in it is there for the next."""
    folder = Path(settings.VAR_DIR) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def static_files() -> Path:
    """What `collectstatic` writes, which the pages name their files by."""
    with one_at_a_time("collected") as folder:
        if not (folder / "static").exists():
            run(environment(folder, ""), "manage.py", "collectstatic", "--noinput", "--verbosity", "0")
    return folder / "static"


@pytest.fixture(scope="session")
def migrated() -> str:
    """The name of a database with tables and nothing in them, to make others of."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        with one_at_a_time("migrated") as folder:
            made = folder / "foresight.sqlite3"
            if tables.kept().exists():
                shutil.copyfile(tables.kept(), made)
            elif not made.exists():
                run(environment(folder, f"sqlite:///{made}"), "manage.py", "migrate", "--verbosity", "0")
        return str(made)
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    name = f"process_tables_{tables.kept().stem[-16:]}"
    with one_at_a_time("migrated") as folder, psycopg.connect(given, autocommit=True) as connection:
        if not (folder / name).exists():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
            url = urlsplit(given)._replace(path=f"/{name}").geturl()
            run(environment(folder, url), "manage.py", "migrate", "--verbosity", "0")
            (folder / name).touch()
    return name


@contextmanager
def laid(folder: Path, template: str | None) -> Iterator[str]:
    """A database of its own, of the kind that the suite runs on; without a template there is nothing in it."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        if template is not None:
            shutil.copyfile(template, folder / "foresight.sqlite3")
        yield f"sqlite:///{folder}/foresight.sqlite3"
        return
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    name = f"process_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    yield urlsplit(given)._replace(path=f"/{name}").geturl()
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(tmp_path: Path, migrated: str) -> Iterator[str]:
    with laid(tmp_path, migrated) as url:
        yield url


@pytest.fixture
def empty_database_url(tmp_path: Path) -> Iterator[str]:
    with laid(tmp_path, None) as url:
        yield url


@pytest.fixture
def variables(tmp_path: Path, database_url: str, mail_sink: MailSink) -> Variables:
    return environment(tmp_path, database_url, EMAIL_URL=f"smtp://127.0.0.1:{mail_sink.port}")


@pytest.fixture
def web_variables(variables: Variables, tmp_path: Path, static_files: Path) -> Variables:
    """For processes that make pages too."""
    (tmp_path / "static").symlink_to(static_files)
    return variables
