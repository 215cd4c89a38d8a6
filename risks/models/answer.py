"""Answers to a risk: mitigation before, plan B if it happens, acceptance signed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.money import MoneyField
from portal.common.validators import check_plan_day
from risks.enums import PlanVerdict

if TYPE_CHECKING:
    from datetime import date


class Mitigation(models.Model):
    """Something done before, so that the risk becomes smaller."""

    risk = models.ForeignKey("risks.Risk", models.CASCADE, related_name="mitigations")
    deed = models.CharField(_("what is done"), max_length=300)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("by"), validators=[check_plan_day])
    cost_amount = MoneyField(_("cost"), null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [at_most("deed", 300, name="mitigation_deed_length")]

    def __str__(self) -> str:
        return self.deed


class PlanB(models.Model):
    """What will be done if the risk happens: the trigger that is watched, and the last day to decide."""

    risk = models.OneToOneField("risks.Risk", models.CASCADE, related_name="plan_b")
    trigger = models.CharField(_("trigger"), max_length=200)
    deed = models.CharField(_("what is done then"), max_length=300)
    decide_by = models.DateField(_("decide by"), validators=[check_plan_day])
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    cost_amount = MoneyField(_("cost"))
    days = models.DecimalField(
        _("working days"), max_digits=6, decimal_places=1, validators=[MinValueValidator(Decimal(0))]
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)
    actual_amount = MoneyField(_("actual cost"), null=True, blank=True)
    actual_days = models.DecimalField(
        _("actual days"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    verdict = models.CharField(_("was it good"), max_length=6, choices=PlanVerdict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=0), name="plan_b_days_not_negative"),
            models.CheckConstraint(condition=Q(actual_days__gte=0), name="plan_b_actual_days_not_negative"),
            models.CheckConstraint(condition=Q(verdict__in=["", *PlanVerdict.values]), name="plan_b_verdict_known"),
            at_most("trigger", 200, name="plan_b_trigger_length"),
            at_most("deed", 300, name="plan_b_deed_length"),
        ]

    def __str__(self) -> str:
        return self.deed


class Acceptance(models.Model):
    """Signed: we live with this risk until a day, because …"""

    risk = models.OneToOneField("risks.Risk", models.CASCADE, related_name="acceptance")
    reason = models.CharField(_("why"), max_length=500)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    until = models.DateField(_("until"), validators=[check_plan_day])

    class Meta:
        constraints = [at_most("reason", 500, name="acceptance_reason_length")]

    def __str__(self) -> str:
        return self.reason

    def is_valid_on(self, day: date) -> bool:
        """Whether the signature still covers the day."""
        return self.until >= day
