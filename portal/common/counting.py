"""How many rows there are, as far as anybody wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models import IntegerField, Subquery

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import Model, QuerySet

#: Nobody reads further than this, and nothing is counted further: the number then ends in a plus.
MOST_COUNTED: Final = 10_000


class _Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def counted(reader: Model, found: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of them has, in one query; more than `MOST_COUNTED` is one more than that."""
    one = reader._meta.model._default_manager.filter(pk=reader.pk).order_by()
    ends = {name: _Counted(rows.order_by().values("pk")[: MOST_COUNTED + 1]) for name, rows in found.items()}
    return one.values(**ends).get()


def count_words(count: int) -> str:
    """A number of rows as it is written: “10,000+” where nothing was counted further."""
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"
