"""The tables of the last run, kept as a file while no migration changes: on SQLite building them takes ten seconds,
copying them none. PostgreSQL builds its own each time.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import django
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def kept() -> Path:
    """Where they are kept: the name says of which migrations, which Django and which user they are."""
    digest = hashlib.sha256(django.get_version().encode())
    for path in sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("*/*/migrations/*.py")):
        digest.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"foresight-tables-{os.getuid()}-{digest.hexdigest()[:16]}.sqlite3"


def name() -> str:
    """The file that the tests are going to use; an xdist worker has its own."""
    return str(connection.settings_dict["TEST"]["NAME"])


def lay() -> bool:
    """Put the kept tables where the tests expect theirs. Returns whether there were any."""
    if connection.vendor != "sqlite" or not kept().exists():
        return False
    shutil.copyfile(kept(), name())
    return True


def keep() -> None:
    """Keep the tables as they are, for the next run; two runs at once do no harm."""
    if connection.vendor != "sqlite" or kept().exists():
        return
    if not connection.introspection.table_names():
        return  # no test of this run asks the database
    handle, draft = tempfile.mkstemp(dir=tempfile.gettempdir(), prefix="foresight-tables-", suffix=".part")
    os.close(handle)
    target = sqlite3.connect(draft)
    try:
        connection.connection.backup(target)
        # One file that can be copied, without the log beside it.
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
    Path(draft).replace(kept())
