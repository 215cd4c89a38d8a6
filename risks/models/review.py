"""A review, the engineers invited to it, and what each of them thinks, blind."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from projects.querysets import OfVisibleProjectQuerySet
from risks.enums import InvitationState, ReviewKind
from risks.querysets import InvitationQuerySet


class Review(models.Model):
    """Called by the owner; held once everybody invited has answered, or when the owner closes it."""

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="reviews")
    kind = models.CharField(_("kind"), max_length=12, choices=ReviewKind, default=ReviewKind.TECHNICAL)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    held_at = models.DateTimeField(null=True, blank=True)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=Q(held_at__isnull=True), name="review_one_open"),
            models.CheckConstraint(condition=Q(kind__in=ReviewKind.values), name="review_kind_known"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        """Whether engineers still answer: nobody sees another's figures."""
        return self.held_at is None


class ReviewInvitation(models.Model):
    """One engineer asked for an assessment."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_invitations")
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.INVITED, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "person"], name="review_invitation_once"),
            models.CheckConstraint(condition=Q(state__in=InvitationState.values), name="review_invitation_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.review} / {self.person}"

    def get_absolute_url(self) -> str:
        return reverse("risks:assess", args=[self.review.project_id, self.pk])

    @property
    def is_open(self) -> bool:
        """Whether cards may still be answered."""
        return self.state == InvitationState.INVITED and self.review.is_open


class Assessment(models.Model):
    """One engineer's own estimate of one risk. “Not my field” is a full answer. Blind until the review is held."""

    risk = models.ForeignKey("risks.Risk", models.CASCADE, related_name="assessments")
    invitation = models.ForeignKey(ReviewInvitation, models.CASCADE, related_name="assessments")
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
    is_not_my_field = models.BooleanField(_("not my field"), default=False)
    note = models.CharField(_("note"), max_length=500, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["risk", "invitation"], name="assessment_once"),
            models.CheckConstraint(
                condition=Q(is_not_my_field=True, probability__isnull=True, impact_days__isnull=True)
                | Q(is_not_my_field=False, probability__gte=0, probability__lte=1, impact_days__gte=0),
                name="assessment_answers_or_declines",
            ),
            at_most("note", 500, name="assessment_note_length"),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} / {self.invitation_id}"
