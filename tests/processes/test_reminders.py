"""Workers and beats as they really run: killed in the middle, and twice at once."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.processes.mail_sink import MailSink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 60
PATIENCE = 90

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]


@pytest.fixture
def mail_sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@pytest.fixture
def database_url(tmp_path: Path) -> Iterator[str]:
    """A database of its own, of the kind that the suite runs on."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/foresight.sqlite3"
        return
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    name = f"process_{secrets.token_hex(4)}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield urlsplit(given)._replace(path=f"/{name}").geturl()
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def variables(tmp_path: Path, database_url: str, mail_sink: MailSink) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": "filesystem://localhost/",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_sink.port}",
        "SWEEP_EVERY_SECONDS": "1",
        "PYTHONPATH": str(ROOT),
    }


def run(variables: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def worker(variables: dict[str, str], name: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """One worker with its own beat, as `make run` starts it."""
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "-B", "-P", "solo", "-n", f"{name}@here"]
    command += ["-s", str(folder / f"beat-{name}"), "-l", "WARNING"]
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


def wait_until(condition: Callable[[], bool], why: Callable[[], str]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(why())


COUNT = """
import django; django.setup()
from portal.notifications.models import Delivery
from django.db.models import Count
print(sorted(Delivery.objects.values_list("channel", "state").annotate(n=Count("pk"))))
"""
#: What two minutes would do: leases of the dead lapse. One taken within the last seconds is that of a living worker.
LAPSE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from portal.notifications.actions.mail import LEASE
from portal.notifications.models import Delivery
long_ago = timezone.now() + LEASE - timedelta(seconds=4)
Delivery.objects.filter(lease_until__lt=long_ago).update(lease_until=timezone.now())
"""


def test_each_reminder_reaches_each_person_once_though_a_worker_is_killed_and_two_beats_run(
    variables: dict[str, str], mail_sink: MailSink, tmp_path: Path
) -> None:
    run(variables, "manage.py", "migrate", "--verbosity", "0")
    run(variables, "-m", "tests.processes.seed", str(PEOPLE))
    mails = mail_sink.kept.mails

    with worker(variables, "second", tmp_path):
        with worker(variables, "first", tmp_path) as first:
            wait_until(lambda: len(mails) >= PEOPLE // 4, lambda: f"{len(mails)} mails before the kill")
            first.send_signal(signal.SIGKILL)
            first.wait()
        time.sleep(5)
        run(variables, "-c", LAPSE)
        with worker(variables, "third", tmp_path):
            wait_until(
                lambda: len({person for person, _id in mails}) == PEOPLE,
                lambda: f"{len(mails)} mails; {run(variables, '-c', COUNT)}",
            )
            time.sleep(3)  # two more beats of both: nothing may be sent again

    ids = {person: {mail for recipient, mail in mails if recipient == person} for person, _id in mails}
    repeated = [person for person, count in Counter(person for person, _id in mails).items() if count > 1]
    assert set(ids) == {f"p{number}@demo.example" for number in range(PEOPLE)}
    assert all(len(found) == 1 for found in ids.values())
    assert len(repeated) <= 1
    assert run(variables, "-c", COUNT).strip() == str([("inbox", "sent", PEOPLE), ("mail", "sent", PEOPLE)])
