"""Texts that are recognised wherever they turn up: every column that people write into, overwritten in its rows."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models

from portal.accounts.names import folded
from projects.models import Document, DraftComment, Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APPS = frozenset({"accounts", "metrics", "projects", "risks", "retros"})
#: Nobody writes words there: keys of comparison, days as text, names that a program reads, secrets.
NOT_WORDS = frozenset(
    {
        "after", "before", "content", "country", "digest", "email", "document_url", "ending", "key", "less", "location", "mark", "name_key",
        "password", "quarter", "staff_number", "time_zone", "title_key", "token", "vote_secret",
    }
)  # fmt: skip
LONGEST = 400

Rows = dict[type[models.Model], int]


def text_fields(model: type[models.Model]) -> list[Any]:
    """The columns that hold words of people, or what is searched for in their stead."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.JSONField)
        and not field.choices
        and field.name not in NOT_WORDS
    ]


def tables() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model._meta.app_label in APPS and model._meta.model_name != "formkey" and text_fields(model):
            yield model


def rows_so_far() -> Rows:
    """The last row of each table, so that later ones can be told from it."""
    every: list[type[models.Model]] = [*tables(), Submission]
    return {model: last_of(model) for model in every}


def last_of(model: type[models.Model]) -> int:
    if isinstance(model._meta.pk, models.UUIDField):
        return 0  # random: none of them comes after another
    return model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0


def overwrite(words: str, *, after: Mapping[type[models.Model], int] | None = None) -> int:
    """Put the words into every text of the rows that came after, each with its number; say into how many texts."""
    told: dict[str, str] = {}
    count = 0
    for model in tables():
        last = (after or {}).get(model, 0)
        for row in model._base_manager.filter(pk__gt=last) if last else model._base_manager.all():
            marked = {field.name: mark(field, words, row.pk) for field in text_fields(model) if may_hold(row, field)}
            told |= {str(getattr(row, name)): text for name, text in marked.items() if getattr(row, name)}
            model._base_manager.filter(pk=row.pk).update(**marked)
            count += len(marked)
    for submission in Submission.objects.filter(pk__gt=(after or {}).get(Submission, 0)):
        freeze(submission, told)
    return count


def may_hold(row: models.Model, field: Any) -> bool:
    """A document is a link or a file, a comment open or answered: what they have not stays empty."""
    return not isinstance(row, (Document, DraftComment)) or bool(getattr(row, field.name))


def mark(field: Any, words: str, pk: int) -> str:
    text = folded(words) if field.name == "search_text" else f"{pk}{words}"
    return text[: field.max_length or LONGEST]


def freeze(submission: Submission, told: Mapping[str, str]) -> None:
    """The frozen pitch says the same as the live one."""
    content = canonical(replaced(submission.read(), told))
    less = canonical(replaced(submission.read_approved(), told)) if submission.less else ""
    digest = hashlib.sha256(content.encode()).hexdigest()
    Submission.objects.filter(pk=submission.pk).update(content=content, digest=digest, less=less)


def canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def replaced(value: Any, told: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: replaced(inner, told) for name, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, told) for inner in value]
    return told.get(value, value) if isinstance(value, str) else value
