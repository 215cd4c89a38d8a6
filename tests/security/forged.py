"""Fields that no form asks for: one for each column of each table, with a value it would take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from collections.abc import Iterator

#: In this order: a date and time is a date too, a text a character field.
_VALUES: tuple[tuple[type[models.Field[Any, Any]], str], ...] = (
    (models.BooleanField, "on"),
    (models.DateTimeField, "2026-11-01T00:00:00Z"),
    (models.DateField, "2026-11-01"),
    (models.JSONField, "{}"),
    (models.ManyToManyField, "1"),
    (models.ForeignKey, "1"),
    (models.DecimalField, "9"),
    (models.IntegerField, "7"),
    (models.CharField, "forged"),
    (models.TextField, "forged"),
)


def forged_fields() -> dict[str, str]:
    """By name, and for a reference by the name of its column too."""
    return {name: value for field in _fields() for name in {field.name, field.attname} for value in [_value_of(field)]}


def _fields() -> Iterator[Any]:
    for model in apps.get_models():
        if not model.__module__.startswith("django."):
            yield from (*model._meta.concrete_fields, *model._meta.many_to_many)


def _value_of(field: Any) -> str:
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    return next((value for kind, value in _VALUES if isinstance(field, kind)), "7")
