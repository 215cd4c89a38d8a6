"""A risk and its history."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_seen, folded
from portal.common.constraints import at_most
from portal.common.money import MoneyField
from risks.enums import HAPPENED, OPEN_STATES, RiskState
from risks.querysets import GREATEST_FIRST, RiskQuerySet


class Risk(models.Model):
    """Cause → event → effect. Engineers give chance and days; the owner of the project gives money.

    `probability` and `impact_days` are the combined estimate of the assessments (median); `exposure_amount` is
    probability × impact and empty while either is not known.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="risks")
    cause = models.CharField(_("cause"), max_length=300, blank=True)
    event = models.CharField(_("event"), max_length=200)
    effect = models.CharField(_("effect"), max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=RiskState, default=RiskState.IDENTIFIED, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_risks", verbose_name=_("owner")
    )
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    is_raised_in_flight = models.BooleanField(default=False)
    probability = models.DecimalField(
        _("chance"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    impact_days = models.DecimalField(
        _("days if it happens"),
        max_digits=6,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    impact_amount = MoneyField(_("money if it happens"), null=True, blank=True)
    exposure_amount = MoneyField(_("exposure"), null=True, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    occurred_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = GREATEST_FIRST
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RiskState.values), name="risk_state_known"),
            models.CheckConstraint(
                condition=Q(probability__gte=0) & Q(probability__lte=1), name="risk_probability_is_a_share"
            ),
            models.CheckConstraint(condition=Q(impact_days__gte=0), name="risk_days_not_negative"),
            models.CheckConstraint(
                condition=~Q(state__in=HAPPENED) | Q(occurred_at__isnull=False), name="risk_occurred_has_date"
            ),
            models.CheckConstraint(
                condition=Q(exposure_amount__isnull=True) | Q(probability__isnull=False, impact_amount__isnull=False),
                name="risk_exposure_has_both_factors",
            ),
            at_most("cause", 300, name="risk_cause_length"),
            at_most("event", 200, name="risk_event_length"),
            at_most("effect", 300, name="risk_effect_length"),
            at_most("outcome", 500, name="risk_outcome_length"),
        ]
        indexes = [models.Index(*GREATEST_FIRST, name="risk_by_exposure")]

    def __str__(self) -> str:
        return self.event

    def get_absolute_url(self) -> str:
        return reverse("risks:detail", args=[self.project_id, self.pk])

    def searched(self) -> str:
        """What a search looks in; whoever writes the words keeps it."""
        return folded(f"{self.event} {self.cause} {self.effect}")

    @property
    def is_open(self) -> bool:
        """Whether it can still happen."""
        return self.state in OPEN_STATES

    @property
    def has_happened(self) -> bool:
        """Whether it came true, settled or not."""
        return self.state in HAPPENED


class RiskTag(models.Model):
    """A word of a company's own for what kind of risk it is, such as “network”. Kept in its one spelling."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=30, validators=[check_seen])

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["risk", "name"], name="risk_tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="risk_tag_not_empty"),
            at_most("name", 30, name="risk_tag_length"),
        ]
        indexes = [models.Index(fields=["name"], name="risk_tag_name")]

    def __str__(self) -> str:
        return self.name


class RiskEvent(models.Model):
    """History: one row for every change of state. `actor` is empty where policy itself acted."""

    risk = models.ForeignKey(Risk, models.CASCADE, related_name="history")
    from_state = models.CharField(max_length=10, choices=RiskState)
    to_state = models.CharField(max_length=10, choices=RiskState)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [at_most("note", 500, name="risk_event_note_length")]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"
