"""What approvers decide on, their decisions, and what they give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.money import MoneyField
from portal.common.validators import check_plan_day
from projects.business_inputs import number, read
from projects.enums import IN_FORCE, AssumptionVerdict, CostKind, StepState, StepWhy, SubmissionState, Tier

if TYPE_CHECKING:
    from decimal import Decimal

#: States of a step that nobody has decided.
UNDECIDED = (StepState.WAITING, StepState.PENDING, StepState.VOID)


class Submission(models.Model):
    """The frozen content of a pitch: canonical JSON and its SHA-256. The content never changes."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    content = models.TextField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    #: What an approver offered instead, where he approved for less: the same canonical JSON. It never changes either.
    less = models.TextField(blank=True, editable=False)
    #: When the owner agreed to it: whoever decides after that decides on what is left.
    less_accepted_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(max_length=10, choices=SubmissionState, default=SubmissionState.PENDING, editable=False)
    tier = models.CharField(max_length=8, choices=Tier)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="submission_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state=SubmissionState.PENDING), name="submission_one_pending"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(state__in=IN_FORCE), name="submission_one_approved"
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.FOR_LESS) | ~Q(less="", less_accepted_at=None),
                name="submission_for_less_says_what",
            ),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state_known"),
            models.CheckConstraint(
                condition=Q(state=SubmissionState.PENDING, decided_at__isnull=True)
                | (~Q(state=SubmissionState.PENDING) & Q(decided_at__isnull=False)),
                name="submission_decided_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} #{self.number}"

    @property
    def short_digest(self) -> str:
        return self.digest[:6]

    def read(self) -> dict[str, Any]:
        """The frozen content, in the form of today."""
        return read(self.content)

    def read_approved(self) -> dict[str, Any]:
        """What is approved, or would be: less than what was submitted, where less was offered."""
        return read(self.less or self.content)


class ApprovalStep(models.Model):
    """One approver's turn. Steps are decided in order; nobody decides on his own pitch."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="approval_steps")
    why = models.CharField(max_length=8, choices=StepWhy, default=StepWhy.MANAGER, editable=False)
    state = models.CharField(max_length=10, choices=StepState, default=StepState.WAITING, editable=False)
    #: Whether it is about what was offered instead: the step that offered it, and those after the owner agreed.
    is_on_less = models.BooleanField(default=False, editable=False)
    #: Whose turn it was before somebody took it over.
    taken_from = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)
    asked_again_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    conditions = models.CharField(_("conditions"), max_length=1000, blank=True)
    conditions_by = models.DateField(_("to be met by"), null=True, blank=True, validators=[check_plan_day])
    return_on = models.DateField(_("look at it again on"), null=True, blank=True, validators=[check_plan_day])

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "position"], name="approval_step_position_once"),
            models.UniqueConstraint(fields=["submission", "approver"], name="approval_step_approver_once"),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(state=StepState.PENDING), name="approval_step_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="approval_step_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=UNDECIDED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state__in=UNDECIDED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="approval_step_decided_by_somebody",
            ),
            models.CheckConstraint(condition=Q(why__in=StepWhy.values), name="approval_step_why_known"),
            at_most("reason", 1000, name="approval_step_reason_length"),
            at_most("conditions", 1000, name="approval_step_conditions_length"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} / {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("projects:decide", args=[self.submission.project_id, self.pk])

    def read(self) -> dict[str, Any]:
        """The content that this step is about, in the form of today."""
        return self.submission.read_approved() if self.is_on_less else self.submission.read()

    @property
    def condition_lines(self) -> list[str]:
        """What was demanded, a line each."""
        return [line.strip() for line in self.conditions.splitlines() if line.strip()]


class AssumptionAnswer(models.Model):
    """What the approver of a step thinks of one assumption: `key` is its place in the frozen pitch, `figure` his own.

    The figure is kept as the frozen ones are, as text: every digit counts.
    """

    step = models.ForeignKey(ApprovalStep, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=40)
    verdict = models.CharField(max_length=8, choices=AssumptionVerdict)
    figure = models.CharField(max_length=24, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "key"], name="assumption_answered_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=AssumptionVerdict.values), name="assumption_answer_verdict_known"
            ),
            models.CheckConstraint(
                condition=Q(figure="") | Q(verdict=AssumptionVerdict.DOUBTED), name="assumption_own_figure_doubts"
            ),
            at_most("key", 40, name="assumption_answer_key_length"),
            at_most("figure", 24, name="assumption_answer_figure_length"),
        ]

    def __str__(self) -> str:
        return f"{self.step_id} {self.key} {self.verdict}"

    @property
    def is_doubted(self) -> bool:
        return self.verdict == AssumptionVerdict.DOUBTED

    @property
    def own(self) -> Decimal | None:
        """The approver's figure; None where he gave none."""
        return number(self.figure or None)


class Grant(models.Model):
    """What the last approver gave: days of people, or money."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="grants")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="grants")
    kind = models.CharField(max_length=8, choices=CostKind)
    person_days = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    amount = MoneyField(null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind"], name="grant_once_a_kind"),
            models.CheckConstraint(
                condition=Q(person_days__isnull=False) | Q(amount__isnull=False), name="grant_gives_something"
            ),
            models.CheckConstraint(condition=Q(person_days__gte=0), name="grant_days_not_negative"),
            models.CheckConstraint(condition=Q(kind__in=CostKind.values), name="grant_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person_days or self.amount}"
