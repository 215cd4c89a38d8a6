"""Sounding out a draft: who was asked to read it, and what they say. Nothing is decided by it, and no clock runs."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from projects.enums import PitchStep
from projects.querysets import OfVisibleProjectQuerySet


class DraftReader(models.Model):
    """A colleague whom the owner asked to read the draft; he sees it as long as it is one, restricted or not."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="draft_readers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="draft_reader_once")]

    def __str__(self) -> str:
        return f"{self.project_id} / {self.person_id}"


class DraftComment(models.Model):
    """What a reader says, of a step or (empty) of the whole; open until the owner resolves it, with a word or without."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="draft_comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    step = models.CharField(_("about"), max_length=8, choices=PitchStep, blank=True)
    text = models.TextField(_("comment"), max_length=1000, validators=[MaxLengthValidator(1000)])
    resolved_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(step__in=["", *PitchStep.values]), name="draft_comment_step_known"),
            models.CheckConstraint(condition=~Q(text=""), name="draft_comment_says_something"),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=False) | Q(answer=""), name="draft_comment_answered_is_resolved"
            ),
            at_most("text", 1000, name="draft_comment_text_length"),
            at_most("answer", 500, name="draft_comment_answer_length"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} / {self.author_id}"

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return str(self.get_step_display() or _("the whole"))
