"""Constraints that hold on every database: SQLite ignores the length of a column, so a CHECK says it."""

from __future__ import annotations

from django.db.models import CheckConstraint
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual


def at_most(field: str, length: int, *, name: str) -> CheckConstraint:
    """No more than `length` characters in `field`."""
    return CheckConstraint(condition=LessThanOrEqual(Length(field), length), name=name)
