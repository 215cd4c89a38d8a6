"""A review, the engineers invited to it, and what each of them thinks, blind."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from projects.enums import Tier
from projects.querysets import OfVisibleProjectQuerySet
from risks.enums import GOOD_CONCLUSIONS, Conclusion, InvitationState, ReviewKind
from risks.querysets import InvitationQuerySet

if TYPE_CHECKING:
    from portal.accounts.models import User


class Review(models.Model):
    """Called by the owner, as a question to engineers or as a meeting at a time and place.

    Held once everybody invited has answered, or when the answers are shown; in a meeting only its leader shows them.
    Then it is concluded. The owner of the project leads it, or the facilitator he asked to.
    """

    project = models.ForeignKey("projects.Project", models.CASCADE, related_name="reviews")
    kind = models.CharField(_("kind"), max_length=12, choices=ReviewKind, default=ReviewKind.TECHNICAL)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    meets_at = models.DateTimeField(_("when"), null=True, blank=True)
    place = models.CharField(_("place or meeting link"), max_length=300, blank=True)
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("facilitator")
    )
    held_at = models.DateTimeField(null=True, blank=True)
    conclusion = models.CharField(_("conclusion"), max_length=10, choices=Conclusion, blank=True, editable=False)
    summary = models.TextField(_("what was said"), max_length=4000, blank=True, validators=[MaxLengthValidator(4000)])
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)

    objects = OfVisibleProjectQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project"], condition=Q(held_at__isnull=True), name="review_one_open"),
            models.CheckConstraint(condition=Q(kind__in=ReviewKind.values), name="review_kind_known"),
            models.CheckConstraint(
                condition=Q(conclusion="", concluded_at__isnull=True)
                | Q(conclusion__in=Conclusion.values, concluded_at__isnull=False, held_at__isnull=False),
                name="review_concluded_after_it_was_held",
            ),
            at_most("place", 300, name="review_place_length"),
            at_most("summary", 4000, name="review_summary_length"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return reverse("risks:review", args=[self.project_id, self.pk])

    @property
    def is_open(self) -> bool:
        """Whether engineers still answer: nobody sees another's figures."""
        return self.held_at is None

    @property
    def is_meeting(self) -> bool:
        """Whether people meet: then the owner shows the answers, and a conclusion is owed."""
        return self.meets_at is not None

    @property
    def leader(self) -> User:
        """Who shows the answers and concludes: the facilitator, where one is named."""
        return self.facilitator or self.project.owner

    @property
    def wants_conclusion(self) -> bool:
        """Whether somebody says what it came to: after a meeting, and above the light tier always."""
        return self.concluded_at is None and (self.is_meeting or self.project.tier != Tier.LIGHT)

    @property
    def has_passed(self) -> bool:
        """Whether its conclusion lets the project go on."""
        return self.conclusion in GOOD_CONCLUSIONS

    @property
    def has_link(self) -> bool:
        """Whether the place is an address to follow."""
        return self.place.startswith(("https://", "http://"))


class ReviewInvitation(models.Model):
    """One engineer asked for an assessment."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_invitations")
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.INVITED, editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    has_attended = models.BooleanField(_("was there"), null=True, blank=True)
    prompts_answered_at = models.DateTimeField(null=True, blank=True)

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


class AgreedEstimate(models.Model):
    """What a review agreed on for one risk, beside what each had said: a figure of all, with the reason."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="agreed")
    risk = models.ForeignKey("risks.Risk", models.CASCADE, related_name="agreed")
    probability = models.DecimalField(
        _("chance"),
        max_digits=7,
        decimal_places=6,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    impact_days = models.DecimalField(
        _("days if it happens"), max_digits=6, decimal_places=1, validators=[MinValueValidator(Decimal(0))]
    )
    reason = models.CharField(_("why"), max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "risk"], name="agreed_estimate_once"),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="agreed_probability_is_a_share"
            ),
            models.CheckConstraint(condition=Q(impact_days__gte=0), name="agreed_days_not_negative"),
            at_most("reason", 500, name="agreed_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.risk_id} / {self.review_id}"
