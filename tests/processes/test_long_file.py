"""A register of a hundred thousand risks as a file: it begins at once, needs no memory, and nobody else waits for it."""

import http.client
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from portal.serving import free_port
from tests.bench.__main__ import own_database

ROOT = Path(__file__).resolve().parents[2]
RISKS = 100_000
HOST = "127.0.0.1"
#: Seconds until the first byte, megabytes more than before, seconds that nineteen of twenty pages of others take.
FIRST, MEMORY, OTHERS = 2, 150, 1

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(600)]


@contextmanager
def database(folder):
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{folder}/foresight.sqlite3"
        return
    with own_database(given, "long_register") as url:
        yield url


@contextmanager
def served(variables):
    port = free_port(HOST, 8120)
    command = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"{HOST}:{port}"]
    server = subprocess.Popen(command, cwd=ROOT, env=variables)
    try:
        for _time in range(600):
            try:
                asked(port, "/health/live", "").read()
                break
            except OSError:
                time.sleep(0.1)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(60)


def done_by(variables, *command):
    run = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=variables, check=True, stdout=subprocess.PIPE, text=True
    )
    return run.stdout


def asked(port, path, cookie):
    connection = http.client.HTTPConnection(HOST, port, timeout=300)
    connection.request("GET", path, headers={"Cookie": cookie})
    return connection.getresponse()


def memory(pid):
    """Megabytes of all processes of the server."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return (
        sum(int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in children)
        * os.sysconf("SC_PAGE_SIZE")
        / 2**20
    )


class Download(Thread):
    """Takes the whole file, and notes when it began."""

    def __init__(self, port, cookie):
        super().__init__()
        self.port, self.cookie, self.lines, self.first = port, cookie, 0, 0.0

    def run(self):
        began = time.monotonic()
        response = asked(self.port, "/risks/export/csv/?view=all", self.cookie)
        while piece := response.read1(65536):
            self.first = self.first or time.monotonic() - began
            self.lines += piece.count(b"\r\n")


@pytest.mark.skipif("AT_FULL_SIZE" not in os.environ, reason="takes ten minutes: AT_FULL_SIZE=1 runs it by hand")
def test_a_hundred_thousand_risks_as_a_file(tmp_path):
    with database(tmp_path) as url:
        variables = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "ENV_FILE": os.devnull,
            "VAR_DIR": str(tmp_path),
            "DATABASE_URL": url,
            "CELERY_BROKER_URL": "memory://",
            "LOG_LEVEL": "ERROR",
        }
        done_by(variables, "manage.py", "prepare", "--no-demo")
        owner, other = json.loads(done_by(variables, "-m", "tests.processes.long_register", str(RISKS)))
        with served(variables) as (pid, port):
            for _time in range(10):  # what is read once has been read
                assert asked(port, "/projects/", other).read()
            before, most, waits = memory(pid), 0.0, []
            download = Download(port, owner)
            download.start()
            while download.is_alive():
                began = time.monotonic()
                answer = asked(port, "/projects/", other)
                assert (answer.status, bool(answer.read())) == (200, True)
                waits.append(time.monotonic() - began)
                most = max(most, memory(pid))
                time.sleep(0.05)
    slow = sorted(waits)[int(len(waits) * 0.95)]
    assert download.lines == RISKS + 1
    found = (
        f"first byte {download.first:.2f} s, memory +{most - before:.0f} MB, p95 of {len(waits)} others {slow:.2f} s"
    )
    assert (download.first < FIRST, most - before < MEMORY, slow < OTHERS) == (True, True, True), found
