"""A list of the API that no page filters."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from portal.common.lists import ListFilter


class WholeFilter(ListFilter):
    """A list that has one view."""

    views = {"all": pgettext_lazy("list", "All")}
    default_view = "all"
