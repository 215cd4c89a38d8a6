"""What the business partner says about the figures that a benefit is reckoned from."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.money import MoneyField
from projects.querysets import OfVisibleProjectQuerySet


class FiguresAnswer(models.Model):
    """One answer of the business partner: the figures he confirmed, and what he says about the others."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="figures_answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(_("what is not right"), max_length=500, blank=True)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [at_most("note", 500, name="figures_answer_note_length")]

    def __str__(self) -> str:
        return f"{self.project_id} / {self.by_id}"


class Confirmation(models.Model):
    """Unit benefit and reach of a line as they were confirmed. It holds for these figures and for no others."""

    answer = models.ForeignKey(FiguresAnswer, models.CASCADE, related_name="confirmations")
    benefit_line = models.ForeignKey("projects.BenefitLine", models.CASCADE, related_name="confirmations")
    unit_benefit_amount = MoneyField(_("unit benefit"))
    reach = models.DecimalField(_("reach a month"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "benefit_line"], name="confirmation_once_an_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.benefit_line_id}: {self.unit_benefit_amount} × {self.reach}"
