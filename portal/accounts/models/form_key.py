"""What makes a form that is sent twice act once."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from portal.common.constraints import at_most


class FormKey(models.Model):
    """A form that was sent and where its answer led; of a program's request, the answer itself.

    Written by `actions.form_keys` only.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    location = models.CharField(max_length=500, blank=True)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="form_key_once_per_person"),
            at_most("key", 64, name="form_key_length"),
            at_most("location", 500, name="form_key_location_length"),
        ]

    def __str__(self) -> str:
        return self.key
