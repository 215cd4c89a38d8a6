"""What the next project should know."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.querysets import OfVisibleProjectQuerySet


class Lesson(models.Model):
    """One sentence that a stranger can use, and when it applies."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="lessons")
    retro = models.ForeignKey("retros.Retro", models.PROTECT, related_name="lessons")
    text = models.CharField(_("lesson"), max_length=300)
    applies_when = models.CharField(_("applies when"), max_length=200, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.text
