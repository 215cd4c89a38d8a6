"""SQLite on a disk that fills up, and has room again: what cannot be written is refused, what is there stays readable."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol

import pytest

from tests.processes.running import Browser, asked, children_of, free_port, run, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.processes.running import Variables

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.one_database, pytest.mark.timeout(240)]

ROOM = 12 * 2**20
STATE = """
import json
from django.db import connection
from projects.models import Project
with connection.cursor() as cursor:
    cursor.execute("PRAGMA integrity_check")
    damage = [row[0] for row in cursor.fetchall()]
print(json.dumps([damage, sorted(Project.objects.values_list("title", flat=True))]))
"""
#: As after a while at the desk, when the portal would note that the session was seen.
MINUTES_LATER = """
import django; django.setup()
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    session["seen_at"] = session["seen_at"] - 300
    session.save()
"""


class Disk(Protocol):
    """Where the database lies."""

    def fill(self, server: subprocess.Popen[bytes]) -> None: ...

    def free(self, server: subprocess.Popen[bytes]) -> None: ...


class SmallDisk:
    """A file system of its own, of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.ballast = folder / "ballast"

    def fill(self, _server: subprocess.Popen[bytes]) -> None:
        with self.ballast.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096) == 4096:
                    pass
            except OSError:
                return

    def free(self, _server: subprocess.Popen[bytes]) -> None:
        self.ballast.unlink()


class ShortFiles:
    """Where no disk may be mounted: no file of the server may become longer than those of the database are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, server: subprocess.Popen[bytes]) -> None:
        # A log of what was written is written over from its beginning once it has been taken in.
        longest = min(path.stat().st_size for path in self.folder.glob("foresight.sqlite3*") if "shm" not in path.name)
        self._limit(server, longest)

    def free(self, server: subprocess.Popen[bytes]) -> None:
        self._limit(server, resource.RLIM_INFINITY)

    def _limit(self, server: subprocess.Popen[bytes], most: int) -> None:
        for pid in [server.pid, *children_of(server)]:
            _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    with ExitStack() as stack:
        if os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            stack.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
            yield SmallDisk(folder)
        else:
            yield ShortFiles(folder)


@pytest.mark.parametrize("kind", ["mounted", "limited"])
def test_a_full_disk_refuses_what_it_cannot_keep_and_works_again_when_there_is_room(
    web_variables: Variables, tmp_path: Path, kind: str
) -> None:
    place, port = tmp_path / "disk", free_port()
    with ExitStack() as stack:
        if kind == "mounted":
            disk = stack.enter_context(small_disk(place))
            if isinstance(disk, ShortFiles):
                pytest.skip("no file system may be mounted here; the other case stands for it")
        else:
            place.mkdir()
            disk = ShortFiles(place)
        shutil.copyfile(tmp_path / "foresight.sqlite3", place / "foresight.sqlite3")
        there = web_variables | {"DATABASE_URL": f"sqlite:///{place}/foresight.sqlite3"}
        pm = Browser(port, json.loads(run(there, "-m", "tests.processes.people", "1"))[0])
        server = stack.enter_context(served(there, tmp_path, port))
        assert pm.post("/projects/new/", title="Before", _key="before").status == 302
        run(there, "-c", MINUTES_LATER)

        disk.fill(server)
        refused = [pm.post("/projects/new/", title=f"Full {n}", _key=f"full-{n}") for n in range(300)]
        kept = [f"Full {n}" for n, answer in enumerate(refused) if answer.status == 302]
        read = [pm.get(path) for path in ("/", "/projects/", "/projects/P-0001/", "/health/live")]
        disk.free(server)
        time.sleep(0.5)
        again = pm.post("/projects/new/", title="After", _key="after")

        assert {answer.status for answer in refused} <= {302, 503, 507}
        last = refused[-1]
        assert last.status in {503, 507}
        assert last.headers["Retry-After"] == "30"
        assert "Traceback" not in last.text
        assert [answer.status for answer in read] == [200, 200, 200, 200]
        assert again.status == 302
        assert asked(there, STATE) == [["ok"], sorted(["Before", "After", *kept])]
