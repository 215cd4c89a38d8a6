"""Products (internal systems) and the goals that projects serve."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most


class Goal(models.Model):
    """An objective of a quarter, such as “Halve the cost of lost bags” in 2026 Q4."""

    quarter = models.CharField(_("quarter"), max_length=7)
    objective = models.CharField(_("objective"), max_length=160)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))

    class Meta:
        ordering = ["-quarter", "objective"]
        constraints = [
            models.UniqueConstraint(fields=["quarter", "objective"], name="goal_once_a_quarter"),
            at_most("quarter", 7, name="goal_quarter_length"),
            at_most("objective", 160, name="goal_objective_length"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} · {self.objective}"


class Product(models.Model):
    """An internal system; `goal` is the one its pitches serve unless they say otherwise."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("goal")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            at_most("name", 80, name="product_name_length"),
            at_most("purpose", 300, name="product_purpose_length"),
        ]

    def __str__(self) -> str:
        return self.name
