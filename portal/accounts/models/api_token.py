"""How programs come in, and how often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.enums import Scope
from portal.accounts.names import check_seen
from portal.accounts.querysets import ApiTokenQuerySet
from portal.common.constraints import at_most

if TYPE_CHECKING:
    from datetime import datetime

#: So many of its last characters tell one token from another on the page.
SHOWN_END: Final = 4


class ApiToken(models.Model):
    """A program acts as its person with it, until it expires or is revoked. Written by `actions.api_token` only.

    Of the token itself only a hash is kept: it is random enough that a plain one does.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(pgettext_lazy("token", "Name"), max_length=60, validators=[check_seen])
    scope = models.CharField(_("may"), max_length=5, choices=Scope)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(max_length=SHOWN_END, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    #: Written once a minute at most, so that asking costs no write.
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person"], condition=Q(revoked_at=None), name="api_token_of_person")]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="api_token_scope_known"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="api_token_expires_after_creation"
            ),
            at_most("name", 60, name="api_token_name_length"),
            at_most("digest", 64, name="api_token_digest_length"),
            at_most("ending", SHOWN_END, name="api_token_ending_length"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_change(self) -> bool:
        """Whether it is good for more than reading."""
        return self.scope == Scope.WRITE

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed."""
        return self.expires_at <= now


class ApiPace(models.Model):
    """How often a person's programs have asked in the minute that runs: one row each, counted by all processes together."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    minute = models.BigIntegerField()
    reads = models.PositiveIntegerField(default=0)
    writes = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reads} / {self.writes}"
