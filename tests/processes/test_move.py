"""From SQLite to PostgreSQL by the commands, with a large table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import tables

ROOT = Path(__file__).resolve().parents[2]
ROWS = 100_000
FILL = f"""
from datetime import UTC, datetime
from django.core.files.base import ContentFile
from django.db import connection
from portal.accounts.actions.organisation import create_site
from portal.accounts.actions.person import create_person
from portal.accounts.enums import Role
from portal.audit.actions import seal
from portal.audit.models import AuditEntry
from portal.common.amounts import MAX_AMOUNT
from projects.actions.documents import add_file
from projects.actions.pitch import start_pitch
from projects.enums import DocumentKind
from projects.models import Project
now = datetime(2026, 11, 23, 4, 5, 6, 789012, tzinfo=UTC)
site = create_site("Here", country="CN", time_zone="UTC", by=None, now=now)
owner = create_person("owner@demo.example", "林悦", by=None, now=now, roles=[Role.PM], site=site)
project = start_pitch("A pitch", by=owner, now=now)
add_file(project, ContentFile(b"2x3", "plan.txt"), title="Plan", kind=DocumentKind.OTHER, by=owner, now=now)
Project.objects.filter(pk=project.pk).update(title="T" * 120, cost_amount=MAX_AMOUNT, net_benefit_amount=-MAX_AMOUNT)
words = {{"text": "林悦 é \\u2028 '\\"\\\\", "share": 0.1, "whole": 1e2, "none": None, "large": 2**53}}
AuditEntry.objects.create(at=now, verb="v" * 80, subject_type="x", subject_id=2**62, project_id=1, after=words)
columns = [f.column for f in AuditEntry._meta.concrete_fields if not f.primary_key]
asked = ", ".join("n.k" if name == "project_id" else f"a.{{name}}" for name in columns)
with connection.cursor() as cursor:
    cursor.execute(
        f"INSERT INTO audit_auditentry ({{', '.join(columns)}})"
        " WITH RECURSIVE n(k) AS (SELECT 2 UNION ALL SELECT k + 1 FROM n WHERE k < {ROWS})"
        f" SELECT {{asked}} FROM audit_auditentry a CROSS JOIN n WHERE a.verb LIKE 'vv%'")
seal(now=now)
"""  # noqa: S608 -- names of our own tables
TELL = """
from django.db.models import Sum
from portal.audit.encoding import canonical
from portal.audit.models import AuditEntry
from portal.common.amounts import MAX_AMOUNT
from projects.models import Document, Project
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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="moves to PostgreSQL")
def test_a_hundred_thousand_rows_move_from_sqlite(tmp_path: Path, database_url: str) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    source, target = variables(old, f"sqlite:///{old}/foresight.sqlite3"), variables(new, database_url)
    if tables.kept().exists():  # by the run on SQLite, which is the first
        shutil.copyfile(tables.kept(), old / "foresight.sqlite3")
    else:
        manage(source, "migrate", "--verbosity", "0")
    told = manage(source, "shell", "-v", "0", "-c", FILL + TELL)
    assert int(told.split()[0]) > ROWS
    manage(source, "backup", str(tmp_path / "backups"))
    (archive,) = (tmp_path / "backups").iterdir()
    said = manage(target, "restore", str(archive))
    assert "The audit trail is whole" in said
    assert manage(target, "shell", "-v", "0", "-c", TELL + NEXT) == told
