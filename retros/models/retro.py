"""A retro is owed, not offered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.querysets import OfVisibleProjectQuerySet
from retros.enums import UNSETTLED, RetroState


class Retro(models.Model):
    """Owed since launch (or since a cancellation after approval); the owner of the project sees that it is held."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="retros")
    state = models.CharField(max_length=10, choices=RetroState, default=RetroState.OWED, editable=False)
    owed_since = models.DateTimeField()
    due_on = models.DateField()
    held_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    waived_because = models.CharField(_("reason"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=UNSETTLED), name="retro_one_unsettled"
            ),
            models.CheckConstraint(condition=Q(state__in=RetroState.values), name="retro_state_known"),
            models.CheckConstraint(
                condition=~Q(state=RetroState.HELD) | Q(held_at__isnull=False), name="retro_held_has_date"
            ),
        ]

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        return reverse("retros:detail", args=[self.project_id, self.pk])


class RetroAnswer(models.Model):
    """One person's answers to the three questions, written apart from the others'."""

    retro = models.ForeignKey(Retro, models.CASCADE, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    went_well = models.TextField(_("What went well, and should be kept?"), max_length=2000)
    was_hard = models.TextField(_("What was harder than it had to be, and at which step?"), max_length=2000)
    do_next = models.TextField(_("What would you do differently next time?"), max_length=2000)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["retro", "person"], name="retro_answer_once")]

    def __str__(self) -> str:
        return f"{self.retro_id} / {self.person_id}"
