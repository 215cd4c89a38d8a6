"""How a project stood, week by week."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from projects.enums import Health
from projects.querysets import OfVisibleProjectQuerySet


class WeeklyStatus(models.Model):
    """One line and a colour for one week, confirmed by the owner. Past weeks stay as they were."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="weekly_statuses")
    #: The Monday of the week.
    week_on = models.DateField()
    health = models.CharField(_("how it stands"), max_length=8, choices=Health)
    line = models.CharField(_("in one line"), max_length=300)
    launch_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-week_on", "project"]
        constraints = [
            models.UniqueConstraint(fields=["project", "week_on"], name="weekly_status_once_a_week"),
            models.CheckConstraint(condition=Q(health__in=Health.values), name="weekly_status_health_known"),
            models.CheckConstraint(condition=Q(week_on__iso_week_day=1), name="weekly_status_begins_on_monday"),
            at_most("line", 300, name="weekly_status_line_length"),
        ]

    def __str__(self) -> str:
        return self.line
