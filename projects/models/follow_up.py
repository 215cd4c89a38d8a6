"""Follow-ups: what was promised in a retro, a condition or a lesson."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.validators import check_plan_day
from projects.enums import FollowUpState
from projects.querysets import OfVisibleProjectQuerySet

#: Which stage it was promised in.
ORIGINS = {
    "retro": _("Retro"),
    "condition": _("Condition of approval"),
    "review": _("Condition of a review"),
    "lesson": _("Lesson adopted"),
}


class FollowUp(models.Model):
    """One thing to do with an owner and a date; `origin` says which stage it came from."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="follow_ups")
    origin = models.CharField(max_length=16, choices=ORIGINS)
    title = models.CharField(_("what"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="follow_ups", verbose_name=_("owner")
    )
    due_on = models.DateField(_("by"), validators=[check_plan_day])
    state = models.CharField(max_length=13, choices=FollowUpState, default=FollowUpState.OPEN, editable=False)
    carried_over = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=500, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FollowUpState.values), name="follow_up_state_known"),
            models.CheckConstraint(condition=Q(origin__in=[*ORIGINS]), name="follow_up_origin_known"),
            at_most("title", 200, name="follow_up_title_length"),
            at_most("note", 500, name="follow_up_note_length"),
        ]

    def __str__(self) -> str:
        return self.title
