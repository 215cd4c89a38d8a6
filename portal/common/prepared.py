"""A subquery that is written as SQL once for each process: from then on only its values change.

Django builds and writes each query anew. A condition that stands in nearly every query, several times in some, and is made
of many parts takes more time so than the database needs to answer it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.db import connections
from django.db.models import BigIntegerField, Expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

    Make = Callable[[int, datetime], QuerySet[Any, Any]]

#: Stand for the values while it is written: an id and a moment that nothing has.
ID: Final = 9_100_200_300_400_500_601
MOMENT: Final = datetime(9100, 2, 3, 4, 5, 6, 7, tzinfo=UTC)


class Prepared(Expression):
    """What `make` asks about the id of a person and a moment, for use in `Q(pk__in=…)`; a function of a module."""

    def __init__(self, make: Make, person: int, now: datetime) -> None:
        super().__init__(output_field=BigIntegerField())
        self.make, self.person, self.now = make, person, now

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 -- Django's order
        sql, params = _written(self.make, connection.alias)
        adapt = connection.ops.adapt_datetimefield_value
        values = {ID: self.person, adapt(MOMENT): adapt(self.now)}
        return f"({sql})", tuple(values.get(param, param) for param in params)


@cache
def _written(make: Make, alias: str) -> tuple[str, tuple[Any, ...]]:
    compiler = make(ID, MOMENT).query.get_compiler(connection=connections[alias])
    sql, params = compiler.as_sql()
    return sql, tuple(params)
