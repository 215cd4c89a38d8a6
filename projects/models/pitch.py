"""The options of a pitch, and their lines: what each brings and what it takes."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.money import MoneyField
from portal.common.validators import check_plan_day
from projects.enums import Basis, CostKind, OptionKind
from projects.querysets import LineQuerySet


class Option(models.Model):
    """One way to do it. A light pitch has the full one alone; one is preferred, and its case is the project's.

    The low-cost option has the lines of the full one, but for those that it replaces or leaves out.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="options")
    kind = models.CharField(_("option"), max_length=8, choices=OptionKind, editable=False)
    is_preferred = models.BooleanField(default=False, editable=False)
    summary = models.TextField(_("how it is done"), max_length=1000, blank=True, validators=[MaxLengthValidator(1000)])
    gives_up = models.CharField(_("what it gives up"), max_length=500, blank=True)
    stays_switchable = models.CharField(_("what can still be switched on"), max_length=300, blank=True)
    decide_again_on = models.DateField(_("decide again on"), null=True, blank=True, validators=[check_plan_day])

    class Meta:
        ordering = ["-kind"]  # nothing, low-cost, full
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="option_kind_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(is_preferred=True), name="option_one_preferred"),
            models.CheckConstraint(condition=Q(kind__in=OptionKind.values), name="option_kind_known"),
            models.CheckConstraint(
                condition=Q(is_preferred=False) | ~Q(kind=OptionKind.NOTHING), name="option_nothing_is_not_asked_for"
            ),
            at_most("summary", 1000, name="option_summary_length"),
            at_most("gives_up", 500, name="option_gives_up_length"),
            at_most("stays_switchable", 300, name="option_stays_switchable_length"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_compromise(self) -> bool:
        """Whether it leaves something out, and is to be decided on again."""
        return self.kind == OptionKind.LOW_COST

    @property
    def is_nothing(self) -> bool:
        return self.kind == OptionKind.NOTHING

    @property
    def is_full(self) -> bool:
        return self.kind == OptionKind.FULL


class RateCard(models.Model):
    """What a day of a skill costs from a date on. The newest card that has begun counts."""

    skill = models.CharField(_("skill"), max_length=40)
    valid_from = models.DateField(_("valid from"), validators=[check_plan_day])
    day_amount = MoneyField(_("rate of a person-day"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["skill", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["skill", "valid_from"], name="rate_card_once_a_day"),
            models.CheckConstraint(condition=~Q(skill=""), name="rate_card_skill_named"),
            at_most("skill", 40, name="rate_card_skill_length"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.valid_from}"


#: The figures of a benefit line that may have a range of their own: realistic low and high ends beside them.
RANGED = ("unit_benefit_amount", "reach", "probability")


def around(name: str) -> models.CheckConstraint:
    """Both ends of the range or neither, and the figure between them."""
    low, high = f"{name}_low", f"{name}_high"
    neither = Q(**{f"{low}__isnull": True, f"{high}__isnull": True})
    both = Q(**{f"{low}__isnull": False, f"{high}__isnull": False, f"{name}__isnull": False})
    between = Q(**{f"{low}__gte": 0, f"{low}__lte": F(name), f"{high}__gte": F(name)})
    return models.CheckConstraint(condition=neither | (both & between), name=f"benefit_line_{name}_in_its_range")


class BenefitLine(models.Model):
    """unit benefit × reach × probability, each month of the horizon. An empty factor is not known yet, never zero.

    A factor may have the ends between which it realistically lies: in one case of twenty it is lower, in one higher.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="benefit_lines")
    option = models.ForeignKey(Option, models.CASCADE, related_name="benefit_lines")
    position = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replaced_by")
    is_left_out = models.BooleanField(default=False)
    label = models.CharField(_("what it brings"), max_length=120, blank=True)
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
    unit_benefit_amount_low = MoneyField(_("unit benefit, low"), null=True, blank=True)
    unit_benefit_amount_high = MoneyField(_("unit benefit, high"), null=True, blank=True)
    reach_low = models.DecimalField(
        _("reach, low"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    reach_high = models.DecimalField(
        _("reach, high"), max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    probability_low = models.DecimalField(
        _("probability, low"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    probability_high = models.DecimalField(
        _("probability, high"),
        max_digits=7,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["option", "position"], name="benefit_line_position_once"),
            *(around(name) for name in RANGED),
            models.UniqueConstraint(fields=["option", "replaces"], name="benefit_line_replaced_once"),
            models.CheckConstraint(
                condition=Q(is_left_out=False) | Q(replaces__isnull=False), name="benefit_line_left_out_is_inherited"
            ),
            at_most("label", 120, name="benefit_line_label_length"),
            models.CheckConstraint(
                condition=Q(probability__gte=0) & Q(probability__lte=1), name="benefit_line_probability_is_a_share"
            ),
            models.CheckConstraint(condition=Q(reach__gte=0), name="benefit_line_reach_not_negative"),
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="benefit_line_basis_known"),
            at_most("reach_unit", 40, name="benefit_line_reach_unit_length"),
            at_most("evidence", 300, name="benefit_line_evidence_length"),
        ]

    def __str__(self) -> str:
        return self.label or f"{self.project_id}/{self.position}"

    @property
    def has_ranges(self) -> bool:
        """Whether somebody said between which ends one of its figures lies."""
        return any(getattr(self, f"{name}_low") is not None for name in RANGED)


class CostLine(models.Model):
    """People by days and rate, or an amount for material or a permit; once, or in every month of the benefit.

    `unit_amount` is the rate of the skill on the day the line was saved; `lead_days` are the working days a permit takes.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="cost_lines")
    option = models.ForeignKey(Option, models.CASCADE, related_name="cost_lines")
    position = models.PositiveSmallIntegerField(default=1)
    replaces = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replaced_by")
    is_left_out = models.BooleanField(default=False)
    kind = models.CharField(_("kind"), max_length=8, choices=CostKind)
    label = models.CharField(_("what for"), max_length=120, blank=True)
    person_days = models.DecimalField(
        _("person-days"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    skill = models.CharField(_("skill"), max_length=40, blank=True)
    unit_amount = MoneyField(_("rate"), null=True, blank=True)
    amount = MoneyField(_("amount"))
    is_monthly = models.BooleanField(_("each month"), default=False)
    lead_days = models.PositiveSmallIntegerField(
        _("working days until it is given"), null=True, blank=True, validators=[MaxValueValidator(500)]
    )

    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["option", "position"], name="cost_line_position_once"),
            models.UniqueConstraint(fields=["option", "replaces"], name="cost_line_replaced_once"),
            models.CheckConstraint(
                condition=Q(is_left_out=False) | Q(replaces__isnull=False), name="cost_line_left_out_is_inherited"
            ),
            models.CheckConstraint(
                condition=Q(lead_days__isnull=True) | Q(kind=CostKind.PERMIT), name="cost_line_lead_of_a_permit"
            ),
            at_most("skill", 40, name="cost_line_skill_length"),
            models.CheckConstraint(condition=Q(person_days__gte=0), name="cost_line_days_not_negative"),
            models.CheckConstraint(condition=Q(kind__in=CostKind.values), name="cost_line_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=CostKind.PEOPLE) | Q(person_days__isnull=False), name="cost_line_people_have_days"
            ),
            at_most("label", 120, name="cost_line_label_length"),
        ]

    def __str__(self) -> str:
        return self.label or str(self.get_kind_display())
