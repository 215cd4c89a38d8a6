"""What the next project should know, and what it made of it."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_seen
from portal.common.constraints import at_most
from portal.common.money import MoneyField
from projects.querysets import OfVisibleProjectQuerySet
from retros.enums import LessonAnswer, LessonKind
from retros.querysets import LessonQuerySet


class Lesson(models.Model):
    """One sentence that a stranger can use, and when it applies. Who wrote it is kept, and never shown beside it.

    `cause` names a step or a condition, never a person; what it cost is empty while nobody knows. `search_text` is what
    is searched: without case and accents, the same on every database.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="lessons")
    retro = models.ForeignKey("retros.Retro", models.PROTECT, related_name="lessons")
    text = models.CharField(_("lesson"), max_length=300)
    applies_when = models.CharField(_("applies when"), max_length=200, blank=True)
    kind = models.CharField(_("about"), max_length=8, choices=LessonKind, blank=True)
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    cost_days = models.DecimalField(
        _("working days it cost"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost_amount = MoneyField(_("money it cost"), null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["", *LessonKind.values]), name="lesson_kind_known"),
            models.CheckConstraint(condition=Q(cost_days__gte=0), name="lesson_days_not_negative"),
            at_most("text", 300, name="lesson_text_length"),
            at_most("applies_when", 200, name="lesson_applies_when_length"),
            at_most("cause", 300, name="lesson_cause_length"),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("retros:lesson_page", args=[self.pk])


class LessonTag(models.Model):
    """A word of a company's own for what a lesson is about. Kept in its one spelling."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=30, validators=[check_seen])

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "name"], name="lesson_tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="lesson_tag_not_empty"),
            at_most("name", 30, name="lesson_tag_length"),
        ]
        indexes = [models.Index(fields=["name"], name="lesson_tag_name")]

    def __str__(self) -> str:
        return self.name


class LessonUse(models.Model):
    """What a project made of a lesson: adopted, with a follow-up where one was promised, or not applicable because …"""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="uses")
    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="lesson_uses")
    answer = models.CharField(max_length=8, choices=LessonAnswer)
    note = models.CharField(_("what you do, or why not"), max_length=300, blank=True)
    follow_up = models.ForeignKey("projects.FollowUp", models.PROTECT, null=True, related_name="+")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "project"], name="lesson_use_once"),
            models.CheckConstraint(condition=Q(answer__in=LessonAnswer.values), name="lesson_use_answer_known"),
            models.CheckConstraint(
                condition=Q(answer=LessonAnswer.ADOPTED) | ~Q(note=""), name="lesson_use_refusal_has_reason"
            ),
            at_most("note", 300, name="lesson_use_note_length"),
        ]

    def __str__(self) -> str:
        return f"{self.lesson_id} in {self.project_id}"
