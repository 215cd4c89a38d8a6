"""The server as people start it: real processes on an empty folder."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.process, pytest.mark.one_database, pytest.mark.timeout(180)]


def variables(folder, **more):
    """The environment of a person who has set nothing, apart from the folder."""
    unset = {"DATABASE_URL": "", "CELERY_BROKER_URL": "", "DEMO": "0", "WEB_CONCURRENCY": "1"}
    return os.environ | unset | {"DJANGO_SETTINGS_MODULE": "portal.settings", "VAR_DIR": str(folder)} | more


def manage(folder, *command, **more):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=variables(folder, **more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def prepared_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared")
    result = manage(folder, "prepare")
    assert (result.returncode, result.stderr) == (0, "")
    return folder


@pytest.fixture
def prepared(prepared_once, tmp_path):
    """A folder with tables and collected files, as `make run` leaves it."""
    return Path(shutil.copytree(prepared_once, tmp_path / "var"))


@pytest.fixture
def start(prepared):
    """Start the server, and end it with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def run(port):
        command = [sys.executable, "-u", "manage.py", "serve", "--port", str(port)]
        output = prepared / f"output-{len(running)}"
        with output.open("w") as file:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=variables(prepared),
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running.append(process)
        return process, wait_for_address(process, output)

    yield run
    for process in running:
        process.terminate()
        process.wait(timeout=30)


def wait_for_address(process, output):
    end = time.monotonic() + 90
    while time.monotonic() < end:
        found = re.search(r"Foresight is up: (http://127\.0\.0\.1:\d+)", output.read_text())
        if found:
            return found[1]
        assert process.poll() is None, output.read_text()
        time.sleep(0.2)
    pytest.fail(output.read_text())


def family(pid):
    """Every process that descends from this one."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.split()
    parents = dict(zip(map(int, listed[::2]), map(int, listed[1::2]), strict=True))
    found: set[int] = set()
    new = {pid}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return found


def alive(pid):
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_preparing_again_changes_nothing_and_is_quick(prepared):
    began = time.monotonic()
    result = manage(prepared, "prepare")
    assert result.returncode == 0
    assert "collecting" not in result.stdout
    assert time.monotonic() - began < 20


def test_sign_in_page_answers_hardened_and_a_signal_ends_everything(start):
    process, address = start(18_400)
    with urllib.request.urlopen(f"{address}/login/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert answer.status == 200
        assert "Server" not in answer.headers
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    children = family(process.pid)
    assert len(children) >= 4
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert [pid for pid in children if alive(pid)] == []


@pytest.mark.proof
def test_a_second_server_takes_the_next_port(start):
    _first, address = start(18_500)
    _second, other = start(int(address.rsplit(":", 1)[1]))
    assert address != other


def test_serving_without_tables_says_how_to_make_them(tmp_path):
    result = manage(tmp_path, "serve", "--port", "18600")
    assert result.returncode == 1
    assert "python manage.py migrate" in result.stderr
    assert "Traceback" not in result.stderr


def test_others_are_not_served_without_tls(prepared):
    result = manage(prepared, "serve", "--host", "0.0.0.0", "--port", "18700")
    assert result.returncode == 1
    assert "without TLS" in result.stderr


def test_gunicorn_by_hand_refuses_as_well(prepared):
    result = subprocess.run(
        [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", "0.0.0.0:18800"],
        cwd=ROOT,
        env=variables(prepared),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 1
    assert "without TLS" in result.stderr


def test_nothing_serves_from_a_database_of_another_age(prepared):
    """Of a newer portal, as after an upgrade that was taken back: pages would break here and there instead."""
    with closing(sqlite3.connect(prepared / "foresight.sqlite3")) as database, database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('risks', '9999_later', '2030-01-01')"
        )
    commands = [
        ["manage.py", "serve", "--port", "18900"],
        ["-m", "gunicorn", "portal.wsgi", "--bind", f"unix:{prepared}/web.sock"],
        ["-m", "celery", "-A", "portal", "worker", "--pool", "solo"],
        ["-m", "celery", "-A", "portal", "beat", "--schedule", str(prepared / "schedule")],
    ]
    running = [
        subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=variables(prepared), stderr=subprocess.PIPE, text=True
        )
        for command in commands
    ]
    said = [process.communicate(timeout=90)[1] for process in running]
    assert [process.returncode for process in running] == [1, 1, 1, 1], said
    assert all("The database is newer than this code." in words for words in said), said
    assert not any("Traceback" in words for words in said)
