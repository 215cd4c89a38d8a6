"""The lines of a pitch: what it brings and what it takes."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.money import MoneyField
from projects.enums import Basis, CostKind


class BenefitLine(models.Model):
    """unit benefit × reach × probability, each month of the horizon. An empty factor is not known yet, never zero."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="benefit_lines")
    position = models.PositiveSmallIntegerField(default=1)
    unit_benefit_amount = MoneyField(_("unit benefit"), null=True, blank=True)
    reach = models.DecimalField(
        _("reach a month"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    reach_unit = models.CharField(_("unit of reach"), max_length=40, blank=True)
    probability = models.DecimalField(
        _("probability"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    basis = models.CharField(_("basis"), max_length=10, choices=Basis, default=Basis.JUDGEMENT)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="benefit_line_position_once"),
            models.CheckConstraint(
                condition=Q(probability__gte=0) & Q(probability__lte=1), name="benefit_line_probability_is_a_share"
            ),
            models.CheckConstraint(condition=Q(reach__gte=0), name="benefit_line_reach_not_negative"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="benefit_line_basis_known"),
            at_most("reach_unit", 40, name="benefit_line_reach_unit_length"),
            at_most("evidence", 300, name="benefit_line_evidence_length"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}/{self.position}"


class CostLine(models.Model):
    """People by days and rate, or an amount for material; `unit_amount` is the rate of the day the line was saved."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="cost_lines")
    position = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(_("kind"), max_length=8, choices=CostKind)
    label = models.CharField(_("what for"), max_length=120, blank=True)
    person_days = models.DecimalField(
        _("person-days"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    unit_amount = MoneyField(_("rate"), null=True, blank=True)
    amount = MoneyField(_("amount"))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "position"], name="cost_line_position_once"),
            models.CheckConstraint(condition=Q(person_days__gte=0), name="cost_line_days_not_negative"),
            models.CheckConstraint(condition=Q(kind__in=CostKind.values), name="cost_line_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=CostKind.PEOPLE) | Q(person_days__isnull=False), name="cost_line_people_have_days"
            ),
            at_most("label", 120, name="cost_line_label_length"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())
