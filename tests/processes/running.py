"""Our processes as they really run, each on a database and in a folder of its own. Whatever is started here ends here."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
Variables = dict[str, str]


def environment(folder: Path, database_url: str, **more: str) -> Variables:
    """What a process is told; nothing of the developer's machine, and a tick each second."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "DATABASE_URL": database_url,
        "CELERY_BROKER_URL": "filesystem://localhost/",
        "SWEEP_EVERY_SECONDS": "1",
        "WEB_CONCURRENCY": "2",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "",
        **more,
    }


def run(variables: Variables, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def asked(variables: Variables, expression: str) -> Any:
    """What an expression is in the portal; what JSON can say."""
    return json.loads(run(variables, "-c", f"import django; django.setup()\n{expression}"))


@contextmanager
def started(command: Sequence[str], variables: Variables, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process at the head of a group of its own, so that its children end with it whatever happened to it."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=variables,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def children_of(process: subprocess.Popen[bytes]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    with suppress(OSError):
        return [int(pid) for pid in listed.read_text().split()]
    return []


def worker_command(name: str, *options: str, application: str = "portal") -> list[str]:
    command = ["celery", "-A", application, "worker", "-n", f"{name}@here", "-l", "WARNING"]
    return [*command, "--without-gossip", "--without-mingle", *options]


def beat_command(folder: Path, name: str = "beat") -> list[str]:
    """One that is killed leaves its file locked by nobody; each start has a file of its own all the same."""
    return ["celery", "-A", "portal", "beat", "-l", "WARNING", "-s", str(folder / f"schedule-{name}"), "--pidfile="]


def wait_until(condition: Callable[[], object], why: Callable[[], str], *, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    pytest.fail(why())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ── the web server, and somebody who uses it ────────────────────────────


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


@dataclass(frozen=True)
class Browser:
    """Signed in by a session that the seed has made; it follows nothing and keeps nothing."""

    port: int
    session: str = ""
    timeout: float = 30

    def get(self, path: str) -> Answer:
        return self._ask(path, None)

    def post(self, path: str, **fields: Any) -> Answer:
        return self._ask(path, urlencode(fields).encode())

    def _ask(self, path: str, body: bytes | None) -> Answer:
        token = "t" * 32
        cookies = f"foresight-session={self.session}; foresight-csrf={token}"
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body)
        for name, value in (("Cookie", cookies), ("X-CSRFToken", token), ("Connection", "close")):
            request.add_header(name, value)
        began = time.monotonic()
        opener = urllib.request.build_opener(_Unfollowed)
        try:
            with opener.open(request, timeout=self.timeout) as said:
                return Answer(said.status, dict(said.headers), said.read().decode(), time.monotonic() - began)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read().decode(), time.monotonic() - began)


def is_up(port: int) -> bool:
    try:
        return Browser(port, timeout=2).get("/health/live").status == 200
    except OSError:
        return False


def is_machine_free(a_core: float = 2) -> bool:
    """Whether figures say something of the portal: not where other suites or people have the machine too."""
    return os.getloadavg()[0] < a_core * (os.cpu_count() or 1)


@contextmanager
def served(variables: Variables, folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The web server as it is shipped, up when the block begins."""
    log = folder / "web.log"
    with started(["gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{port}"], variables, log) as process:
        wait_until(lambda: is_up(port), lambda: log.read_text()[-3000:])
        yield process
