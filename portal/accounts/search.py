"""People, as the search finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.common.search import Hit, Source, marked

if TYPE_CHECKING:
    from collections.abc import Sequence


def find_people(user: User, words: Sequence[str], most: int) -> list[Hit]:  # noqa: ARG001 -- everybody is in the directory
    """By name, initials of the name as it is spoken, or staff number."""
    found = User.objects.active().nearest(" ".join(words)).select_related("department")[:most]
    return [
        Hit(marked(person.name, words), reverse("accounts:person", args=[person.pk]), str(person.department or ""))
        for person in found
    ]


SOURCES = (Source(pgettext_lazy("place", "People"), "people", find_people, list_name="accounts:people"),)
