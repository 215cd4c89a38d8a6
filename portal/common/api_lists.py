"""A list of the API that no page filters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import pgettext_lazy

from portal.common.lists import ListFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet


class WholeFilter(ListFilter):
    """A list that has one view."""

    views = {"all": pgettext_lazy("list", "All")}
    default_view = "all"

    def fits(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows

    def in_view(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows
