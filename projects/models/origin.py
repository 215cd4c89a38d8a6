"""Where a project came from that was running before the portal."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.common.constraints import at_most


class ProjectOrigin(models.Model):
    """Which line of an earlier list a project is; a list that is read again adds nothing. Written by `actions.takeover`."""

    project = models.OneToOneField("projects.Project", models.CASCADE, related_name="origin")
    key = models.CharField(max_length=80, unique=True)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [at_most("key", 80, name="project_origin_key_length")]

    def __str__(self) -> str:
        return self.key
