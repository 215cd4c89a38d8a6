"""Faults of what the portal stands on, told apart by what they mean for whoever waits for an answer."""

from __future__ import annotations

import errno
from http import HTTPStatus
from typing import Final

from django.db import InterfaceError, OperationalError

#: What PostgreSQL calls a full disk.
_PG_DISK_FULL: Final = "53100"


def status_of(error: BaseException | None) -> HTTPStatus | None:
    """507 where the disk is full, 503 where the database does not answer; None for what is no such fault."""
    if is_disk_full(error):
        return HTTPStatus.INSUFFICIENT_STORAGE
    if isinstance(error, OperationalError | InterfaceError):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return None


def is_disk_full(error: BaseException | None) -> bool:
    """Whether that is why: as a file says it, as SQLite does, or as PostgreSQL does."""
    if isinstance(error, OperationalError):
        return "disk is full" in str(error) or getattr(error.__cause__, "sqlstate", "") == _PG_DISK_FULL
    return isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
