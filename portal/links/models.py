"""Links that stand for one person and one deed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from portal.common.constraints import at_most


class SignedLink(models.Model):
    """Lets one person do one deed with one object without signing in. Written by `portal.links.actions` only.

    The token stands in the message alone; here is its hash, so that who reads the table opens nothing.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="signed_links")
    purpose = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["purpose", "object_id", "person"],
                condition=Q(used_at=None, withdrawn_at=None),
                name="signed_link_alive",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="signed_link_expires_later"),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="signed_link_used_or_withdrawn"
            ),
            at_most("purpose", 40, name="signed_link_purpose_length"),
            at_most("digest", 64, name="signed_link_digest_length"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.object_id} for {self.person_id}"
