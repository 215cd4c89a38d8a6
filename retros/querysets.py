"""Which retros and lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from projects.querysets import OfVisibleProjectQuerySet
from retros.enums import UNSETTLED, LessonAnswer, RetroState, Voice

if TYPE_CHECKING:
    from portal.accounts.models import User
    from retros.models import Lesson, Retro


class RetroQuerySet(OfVisibleProjectQuerySet["Retro"]):
    """Retros; seen by those who see the project."""

    def owed(self) -> Self:
        """Neither held nor waived yet; the next due first."""
        return self.filter(state__in=UNSETTLED)

    def held(self) -> Self:
        """Held; the latest first."""
        return self.filter(state=RetroState.HELD).order_by("-held_at", "-pk")

    def with_counts(self) -> Self:
        """Adds how many answered, or wrote for the board, and how many lessons came of it."""
        wrote = Count("participants", filter=Q(participants__voice=Voice.WROTE), distinct=True)
        return self.annotate(
            answer_count=Count("answers", distinct=True) + Coalesce("writer_count", wrote),
            lesson_count=Count("lessons", distinct=True),
        )


class LessonQuerySet(OfVisibleProjectQuerySet["Lesson"]):
    """Lessons; seen by those who see the project they come from."""

    def about(self, words: str) -> Self:
        """Those in which every word stands, in the lesson or in when it applies."""
        found = self
        for word in words.split():
            found = found.filter(search_text__contains=word)
        return found

    def adopted(self, reader: User) -> Self:
        """Those that another project adopted, as far as the reader sees it."""
        use: Any = self.model._meta.get_field("uses").related_model
        adopted = use.objects.visible_to(reader).filter(answer=LessonAnswer.ADOPTED)
        return self.filter(pk__in=adopted.values("lesson"))
