"""Products (internal systems) and the goals that projects serve, with their key results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.names import check_name, check_seen, folded
from portal.common.constraints import at_most
from projects.quarters import is_quarter
from projects.querysets import OpenQuerySet

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


def check_quarter(text: str) -> None:
    """Refuse what is no quarter."""
    if not is_quarter(text):
        raise ValidationError(_("Write a quarter such as 2026 Q4."), code="no_quarter")


class Goal(models.Model):
    """An objective of a quarter, such as “Halve the cost of lost bags” in 2026 Q4.

    Written by `actions.goal` only. `carried_from` is the goal of the quarter before that it goes on with.
    """

    quarter = models.CharField(_("quarter"), max_length=7, validators=[check_quarter])
    objective = models.CharField(_("objective"), max_length=160, validators=[check_seen])
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    carried_from = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to", editable=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering = ["-quarter", "objective"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "objective"], name="goal_once_a_quarter"),
            at_most("quarter", 7, name="goal_quarter_length"),
            at_most("objective", 160, name="goal_objective_length"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} · {self.objective}"

    def get_absolute_url(self) -> str:
        return reverse("projects:goal", args=[self.pk])


class KeyResult(models.Model):
    """How far a goal is reached, as a metric shows it; `target` is a share like a measurement's value, not yet scaled."""

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="key_results")
    metric = models.ForeignKey("metrics.Metric", models.PROTECT, related_name="key_results", verbose_name=_("metric"))
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=6, validators=[MinValueValidator(0)])
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["goal", "metric"], name="key_result_metric_once_a_goal"),
            models.CheckConstraint(condition=Q(target__gte=0), name="key_result_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.metric}"

    @property
    def target_shown(self) -> _StrOrPromise:
        """The target as it is read, in the metric's own scale."""
        return self.metric.shown(self.target)


class Product(models.Model):
    """An internal system; `goal` is the one its pitches serve unless they say otherwise.

    Written by `actions.product` only. `name_key` is the name as equality sees it (no case, no width), so that two
    products never carry the same name.
    """

    name = models.CharField(_("name"), max_length=80, validators=[check_name])
    name_key = models.CharField(max_length=400, unique=True, editable=False)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    users = models.CharField(_("users"), max_length=300, blank=True)
    direction = models.TextField(_("direction"), max_length=1000, blank=True, validators=[MaxLengthValidator(1000)])
    whom_to_ask = models.CharField(_("whom to ask"), max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("goal")
    )
    search_text = models.TextField(blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = OpenQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            at_most("name", 80, name="product_name_length"),
            at_most("name_key", 400, name="product_name_key_length"),
            at_most("purpose", 300, name="product_purpose_length"),
            at_most("users", 300, name="product_users_length"),
            at_most("direction", 1000, name="product_direction_length"),
            at_most("whom_to_ask", 300, name="product_whom_to_ask_length"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:product", args=[self.pk])

    def searched(self) -> str:
        """What a search looks in; whoever writes the texts keeps it."""
        return folded(f"{self.name} {self.purpose} {self.users} {self.direction}")
