"""When the things that have to happen again and again last did: a row each, so that every machine knows it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from portal.health.enums import Beat


class Pulse(models.Model):
    """The last time of one of them. Written by `actions.note` only."""

    beat = models.CharField(max_length=8, choices=Beat, unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["beat"]
        constraints = [models.CheckConstraint(condition=Q(beat__in=Beat.values), name="pulse_beat_known")]

    def __str__(self) -> str:
        return f"{self.beat} {self.at:%Y-%m-%d %H:%M:%S}"
