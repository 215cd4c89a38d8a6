"""A question with a proposal, put to somebody who can decide it: its options, its history, the changes it led to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.common.money import MoneyField
from risks.enums import UNSETTLED, EscalationDeed, EscalationState, OptionKind
from risks.querysets import EscalationQuerySet

if TYPE_CHECKING:
    from datetime import datetime

MOST_DAYS = 250
DAYS = (MinValueValidator(-MOST_DAYS), MaxValueValidator(MOST_DAYS))


class Escalation(models.Model):
    """Written by `risks.actions.escalation` and `risks.actions.agreement` only.

    Until `private_until` it stands between the owner of the project and the counterpart; `asked_at` says when the
    decider got it, and `level` how often a missed answer has moved it up. An agreement that somebody else typed is
    *reported* until the decider ratifies it.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="escalations")
    risk = models.ForeignKey("risks.Risk", models.SET_NULL, null=True, blank=True, related_name="escalations")
    question = models.CharField(_("question"), max_length=200)
    background = models.CharField(_("what one must know"), max_length=1000, blank=True)
    state = models.CharField(max_length=9, choices=EscalationState, default=EscalationState.OPEN, editable=False)
    decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="escalations_to_decide", verbose_name=_("decider")
    )
    counterpart = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("counterpart"),
    )
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    private_until = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_by = models.DateTimeField(_("answer by"))
    level = models.PositiveSmallIntegerField(default=0)
    chosen = models.ForeignKey("risks.EscalationOption", models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_with = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ratified_at = models.DateTimeField(null=True, blank=True)
    changes = models.ManyToManyField("projects.Change", blank=True, related_name="escalations")
    closed_at = models.DateTimeField(null=True, blank=True)
    why_withdrawn = models.CharField(_("why"), max_length=500, blank=True)
    is_withdrawn_late = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField()

    objects = EscalationQuerySet.as_manager()

    class Meta:
        ordering = ["answer_by", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EscalationState.values), name="escalation_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "applied"]) | Q(chosen__isnull=False, agreed_at__isnull=False),
                name="escalation_agreed_on_something",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["waiting", "countered"]) | Q(asked_at__isnull=False),
                name="escalation_waits_once_asked",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False, state__in=["applied", "withdrawn"])
                | Q(closed_at__isnull=True, state__in=UNSETTLED),
                name="escalation_closed_has_date",
            ),
            at_most("question", 200, name="escalation_question_length"),
            at_most("background", 1000, name="escalation_background_length"),
            at_most("why_withdrawn", 500, name="escalation_why_withdrawn_length"),
        ]
        indexes = [models.Index(fields=["state", "answer_by"], name="escalation_by_answer")]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("risks:escalation", args=[self.project_id, self.pk])

    @property
    def is_private(self) -> bool:
        """Whether only the two know of it."""
        return self.asked_at is None and self.state in {EscalationState.OPEN, EscalationState.WITHDRAWN}

    @property
    def is_settled(self) -> bool:
        """Whether nobody has to do anything about it any more."""
        return self.state not in UNSETTLED

    @property
    def is_reported(self) -> bool:
        """Whether an agreement stands that the decider has not confirmed himself."""
        return self.state == EscalationState.AGREED and self.reported_by_id is not None and self.ratified_at is None

    def is_late(self, now: datetime) -> bool:
        """Whether the decider's answer is past its time."""
        return self.state == EscalationState.WAITING and self.answer_by < now


class EscalationOption(models.Model):
    """One way out, with its consequences. Never edited: what was decided on is what stands there."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="options")
    kind = models.CharField(max_length=8, choices=OptionKind)
    title = models.CharField(_("what is done"), max_length=300, blank=True)
    days = models.SmallIntegerField(_("working days more"), default=0, validators=DAYS)
    cost_amount = MoneyField(_("cost more"), null=True, blank=True, allow_negative=True)
    scope = models.CharField(_("change of scope"), max_length=200, blank=True)
    benefit_amount = MoneyField(_("benefit more or less"), null=True, blank=True, allow_negative=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=OptionKind.values), name="escalation_option_kind_known"),
            models.CheckConstraint(
                condition=Q(days__gte=-MOST_DAYS, days__lte=MOST_DAYS), name="escalation_option_days_sane"
            ),
            models.CheckConstraint(
                condition=Q(kind=OptionKind.NOTHING) | ~Q(title=""), name="escalation_option_says_what"
            ),
            at_most("title", 300, name="escalation_option_title_length"),
            at_most("scope", 200, name="escalation_option_scope_length"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def changes_something(self) -> bool:
        """Whether applying it writes a change: a date, money or scope."""
        return bool(self.days or self.cost_amount or self.scope)


class EscalationEvent(models.Model):
    """History: one row for every deed. `actor` is empty where policy itself acted; `person` is who is asked now."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="history")
    deed = models.CharField(max_length=9, choices=EscalationDeed)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(deed__in=EscalationDeed.values), name="escalation_event_deed_known"),
            at_most("note", 500, name="escalation_event_note_length"),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id} {self.deed}"
