"""What happens while a project is delivered: figures used, changes, deferred scope, the metric pledged."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from metrics.ratio import ratio
from portal.common.constraints import at_most
from portal.common.money import MoneyField
from portal.common.validators import check_plan_day
from projects.enums import ChangeKind
from projects.querysets import OfVisibleProjectQuerySet


class CostActual(models.Model):
    """Used so far on a cost line, as of a day: the running total, one figure a day."""

    cost_line = models.ForeignKey("projects.CostLine", models.CASCADE, related_name="actuals")
    as_of = models.DateField(_("as of"), validators=[check_plan_day])
    person_days = models.DecimalField(
        _("person-days"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    amount = MoneyField(_("money"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["as_of", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cost_line", "as_of"], name="cost_actual_once_a_day"),
            models.CheckConstraint(condition=Q(person_days__gte=0), name="cost_actual_days_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.cost_line_id} {self.as_of}"


class Change(models.Model):
    """A recorded change of date, scope or budget, with its reason."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="changes")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=ChangeKind)
    before = models.CharField(max_length=200)
    after = models.CharField(max_length=200)
    reason = models.CharField(_("reason"), max_length=1000)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="change_number_once"),
            models.CheckConstraint(condition=Q(kind__in=ChangeKind.values), name="change_kind_known"),
            at_most("before", 200, name="change_before_length"),
            at_most("after", 200, name="change_after_length"),
            at_most("reason", 1000, name="change_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} change {self.number}"


class DeferredItem(models.Model):
    """Deferred scope: left out, with an owner, a date, and the share of a benefit line it takes away."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="deferred_items")
    title = models.CharField(_("what is left out"), max_length=160)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("owner"))
    due_on = models.DateField(_("by"), validators=[check_plan_day])
    benefit_line = models.ForeignKey("projects.BenefitLine", models.PROTECT, related_name="deferred_items")
    share = models.DecimalField(
        _("takes away"),
        max_digits=7,
        decimal_places=6,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    #: Settled without coming: its share of the benefit stays away.
    is_dropped = models.BooleanField(default=False)
    why = models.CharField(_("why"), max_length=300, blank=True)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gte=0) & Q(share__lte=1), name="deferred_item_share_is_a_share"),
            models.CheckConstraint(
                condition=Q(is_dropped=False) | (Q(settled_at__isnull=False) & ~Q(why="")),
                name="deferred_item_dropped_says_why",
            ),
            at_most("why", 300, name="deferred_item_why_length"),
            at_most("title", 160, name="deferred_item_title_length"),
        ]

    def __str__(self) -> str:
        return self.title


class MetricPledge(models.Model):
    """The metric by which the project will be judged; baseline and target are locked at the start of delivery.

    `target` is a share like the baseline's value (0.05 for 5 %), not yet scaled.
    """

    project = models.OneToOneField("projects.Project", models.CASCADE, related_name="pledge")
    metric = models.ForeignKey("metrics.Metric", models.PROTECT, related_name="pledges", verbose_name=_("metric"))
    metric_version = models.PositiveIntegerField()
    baseline_numerator = models.DecimalField(
        _("numerator"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)]
    )
    baseline_denominator = models.DecimalField(
        _("denominator"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=6, validators=[MinValueValidator(0)])
    locked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(baseline_denominator__gt=0), name="pledge_denominator_positive"),
            models.CheckConstraint(condition=Q(baseline_numerator__gte=0), name="pledge_numerator_not_negative"),
            models.CheckConstraint(condition=Q(target__gte=0), name="pledge_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.metric}"

    @property
    def baseline(self) -> Decimal:
        return ratio(self.baseline_numerator, self.baseline_denominator) or Decimal(0)
