"""From SQLite to PostgreSQL by the commands, with a large table: B-05. And two migrations at once: G-05."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ROWS = 100_000
FILL = f"""
from datetime import UTC, datetime
from decimal import Decimal
from django.core.files.base import ContentFile
from portal.accounts.models import User
from portal.audit.actions import seal
from portal.audit.models import AuditEntry
from portal.common.amounts import MAX_AMOUNT
from projects.models import Project, Document
now = datetime(2026, 11, 23, 4, 5, 6, 789012, tzinfo=UTC)
project = Project.objects.order_by("pk").first()
words = {{"text": "林悦 é \\u2028 '\\"\\\\", "share": 0.1, "whole": 1e2, "none": None, "large": 2**53}}
AuditEntry.objects.bulk_create(
    (AuditEntry(at=now, verb="v" * 80, subject_type="x", subject_id=2**62, project_id=n, after=words)
     for n in range({ROWS})), batch_size=5000)
Project.objects.filter(pk=project.pk).update(title="T" * 120, cost_amount=MAX_AMOUNT, net_benefit_amount=-MAX_AMOUNT)
document = Document(project=project, title="Plan", added_by=project.owner, added_at=now, name="plan.txt", size=3, digest="0" * 64)
document.file.save("plan.txt", ContentFile(b"2x3"), save=False)
document.save()
seal(now=now)
"""
TELL = """
from django.db.models import Sum
from portal.audit.encoding import canonical
from portal.audit.models import AuditEntry
from portal.common.amounts import MAX_AMOUNT
from projects.models import Document, Project
from portal.accounts.models import User
project = Project.objects.order_by("pk").first()
assert (project.title, project.cost_amount, project.net_benefit_amount) == ("T" * 120, MAX_AMOUNT, -MAX_AMOUNT)
assert Document.objects.get(name="plan.txt").file.read() == b"2x3"
last = AuditEntry.objects.order_by("pk").last()
print(AuditEntry.objects.count(), last.pk, last.at.isoformat(), canonical(last.after))
print(AuditEntry.objects.aggregate(sum=Sum("project_id"))["sum"], Project.objects.aggregate(sum=Sum("cost_amount"))["sum"])
"""
NEXT = """
from portal.audit.models import AuditEntry
last = AuditEntry.objects.order_by("pk").last()
new = AuditEntry.objects.create(at=last.at, verb="next", subject_type="x", subject_id=1)
assert new.pk == last.pk + 1, (new.pk, last.pk)
"""

pytestmark = [pytest.mark.process, pytest.mark.proof, pytest.mark.timeout(900)]


def variables(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "ENV_FILE": os.devnull,
        "VAR_DIR": str(folder),
        "DATABASE_URL": url,
        "AUDIT_KEY": "the-audit-key-of-this-test-0123456789-0123456789-abcdef",
        "PYTHONPATH": str(ROOT),
    }


def manage(where: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=where, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif("AT_FULL_SIZE" not in os.environ, reason="takes ten minutes: AT_FULL_SIZE=1 runs it by hand")
def test_a_hundred_thousand_rows_move_from_sqlite(tmp_path: Path, database_url: str) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    source, target = variables(old, f"sqlite:///{old}/foresight.sqlite3"), variables(new, database_url)
    manage(source, "migrate", "--verbosity", "0")
    manage(source, "load_demo", "--verbosity", "0")
    manage(source, "shell", "-v", "0", "-c", FILL)
    told = manage(source, "shell", "-v", "0", "-c", TELL)
    manage(source, "backup", str(tmp_path / "backups"))
    (archive,) = (tmp_path / "backups").iterdir()
    said = manage(target, "restore", str(archive))
    assert "The audit trail is whole" in said
    assert manage(target, "shell", "-v", "0", "-c", TELL) == told
    manage(target, "shell", "-v", "0", "-c", NEXT)


@pytest.fixture
def empty_url(tmp_path: Path, database_url: str) -> Iterator[str]:
    """A database beside the one with tables, and nothing in it."""
    if not database_url.startswith("postgres"):
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    import psycopg  # noqa: PLC0415 -- only where there is a PostgreSQL

    name = f"{urlsplit(database_url).path[1:]}_empty"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield urlsplit(database_url)._replace(path=f"/{name}").geturl()
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_two_that_migrate_an_empty_database_at_once_both_end_well(tmp_path: Path, empty_url: str) -> None:
    where = variables(tmp_path, empty_url)
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=600)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    manage(where, "migrate", "--check")
