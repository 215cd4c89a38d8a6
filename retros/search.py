"""Lessons, as the search finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.common.search import Hit, Source, hit, holding
from retros.models import Lesson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User


def find_lessons(user: User, words: Sequence[str], most: int) -> list[Hit]:
    """By the sentence, or when it applies; the latest first."""
    found = holding(Lesson.objects.visible_to(user), words).select_related("project").order_by("-pk")[:most]
    return [
        hit(
            lesson.text,
            lesson.get_absolute_url(),
            f"{lesson.project.code} {lesson.project.title}",
            [lesson.applies_when, lesson.cause],
            words,
        )
        for lesson in found
    ]


SOURCES = (Source(_("Lessons"), "lesson", find_lessons, list_name="retros:lessons"),)
