"""What the next project should know."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import folded
from portal.common.constraints import at_most
from retros.querysets import LessonQuerySet


class Lesson(models.Model):
    """One sentence that a stranger can use, and when it applies. Who wrote it is kept, and never shown beside it.

    `search_text` is both, as they are searched: without case and accents, the same on every database.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="lessons")
    retro = models.ForeignKey("retros.Retro", models.PROTECT, related_name="lessons")
    text = models.CharField(_("lesson"), max_length=300)
    applies_when = models.CharField(_("applies when"), max_length=200, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            at_most("text", 300, name="lesson_text_length"),
            at_most("applies_when", 200, name="lesson_applies_when_length"),
        ]

    def __str__(self) -> str:
        return self.text

    def searched(self) -> str:
        """What a search looks in; whoever writes the words keeps it."""
        return folded(f"{self.text} {self.applies_when}")
