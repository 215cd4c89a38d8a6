"""Who stands in for whom, from which day until which."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.querysets import DelegationQuerySet
from portal.common.constraints import at_most
from portal.common.dates import day_in

if TYPE_CHECKING:
    from datetime import date

AN_INSTANT = timedelta(microseconds=1)


class Delegation(models.Model):
    """One colleague decides for another meanwhile. Written by `actions.delegation` only.

    Whole days of the person's zone when it was written, kept as instants, because permissions are asked by the clock;
    `ends_at` is the first instant after the last day.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations", verbose_name=_("person")
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations_for_others", verbose_name=_("stand-in")
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["delegate", "ends_at"], condition=Q(ended_at=None), name="delegation_of_delegate"),
            models.Index(fields=["person", "ends_at"], condition=Q(ended_at=None), name="delegation_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(person=F("delegate")), name="delegation_not_to_oneself"),
            at_most("reason", 200, name="delegation_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.person}"

    @property
    def starts_on(self) -> date:
        return day_in(self.person.zone, self.starts_at)

    @property
    def ends_on(self) -> date:
        """The last day."""
        return day_in(self.person.zone, self.ends_at - AN_INSTANT)
