"""Whether there is a database to serve from. What is wrong with one that is there, `portal.env` says."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def missing() -> str:
    """What to say where the SQLite file is not there: the first question would make an empty one in its place, and
    that would look like lost data.
    """
    file = Path(settings.DATABASES["default"]["NAME"])
    if not settings.SQLITE_IN_USE or file.exists():
        return ""
    return (
        f"There is no database at {file}. Was it there before: is its disk mounted? "
        "For a new one: python manage.py migrate"
    )
