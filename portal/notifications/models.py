"""Who owes what until when, and the ledger of what was sent about it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.common.constraints import at_most
from portal.notifications.enums import Channel, DeliveryState
from portal.notifications.querysets import DeliveryQuerySet, ObligationQuerySet


class Obligation(models.Model):
    """One thing one person owes. Written by `actions.obligations` and the sweep only.

    `ladder` is the list of rungs in force when it was opened, and `next_rung` an index into it: a change of policy
    moves no running obligation. `noticed_at` is when the private notice went out that must come before the manager's. When the due date moves, rungs already used stay in front and a fresh ladder follows,
    so a rung's number is never used twice.
    """

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    project_id = models.BigIntegerField(null=True, blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="obligations")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(_("due"))
    ladder = models.JSONField(default=list)
    next_rung = models.PositiveSmallIntegerField(default=0)
    next_rung_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    snoozes = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["next_rung_at"], condition=Q(settled_at=None), name="obligation_ripe"),
            models.Index(fields=["person", "due_at"], condition=Q(settled_at=None), name="obligation_open_of_person"),
            models.Index(fields=["project_id"], condition=Q(settled_at=None), name="obligation_open_of_project"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "person"], condition=Q(settled_at=None), name="obligation_open_once"
            ),
            at_most("kind", 40, name="obligation_kind_length"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} of {self.person_id}"


class Extension(models.Model):
    """More time, asked of the person's direct manager. Written by `actions.ways_out` only."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="extensions")
    until = models.DateField(_("until"))
    reason = models.CharField(_("why"), max_length=300)
    decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    is_granted = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"], condition=Q(answered_at=None), name="extension_asked_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, is_granted=None) | Q(answered_at__isnull=False, is_granted__isnull=False),
                name="extension_answered_is_yes_or_no",
            ),
            at_most("reason", 300, name="extension_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} until {self.until}"

    def get_absolute_url(self) -> str:
        return reverse("extension", args=[self.pk])


class Delivery(models.Model):
    """One message to one person by one channel: the ledger of what was sent, and the outbox of what will be.

    It belongs to a rung of an obligation, or else to an event. Mail without `next_try_at` is gathered into the mail of the
    next morning (`digest`), which is the event of that day. The unique constraints are what makes a message reach
    a person once, however many workers run.
    """

    obligation = models.ForeignKey(Obligation, models.PROTECT, null=True, related_name="deliveries")
    rung = models.PositiveSmallIntegerField(null=True)
    event = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField()
    project_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.PENDING)
    why = models.CharField(max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True)
    #: The morning mail that it went into.
    digest = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(channel=Channel.MAIL, state=DeliveryState.PENDING),
                name="delivery_mail_waiting",
            ),
            models.Index(fields=["sent_at"], condition=Q(channel=Channel.MAIL), name="delivery_mail_sent"),
            models.Index(fields=["created_at"], condition=Q(state=DeliveryState.FAILED), name="delivery_failed"),
            models.Index(fields=["person", "-id"], condition=Q(channel=Channel.INBOX), name="delivery_inbox"),
            models.Index(
                fields=["person"], condition=Q(channel=Channel.INBOX, read_at=None), name="delivery_inbox_unread"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "rung", "person", "channel"],
                condition=Q(obligation__isnull=False),
                name="delivery_once_a_rung",
            ),
            models.UniqueConstraint(
                fields=["event", "object_id", "person", "channel"],
                condition=Q(obligation=None),
                name="delivery_once_an_event",
            ),
            models.CheckConstraint(
                condition=Q(obligation__isnull=False, rung__isnull=False, event="")
                | (Q(obligation=None, rung=None) & ~Q(event="")),
                name="delivery_of_a_rung_or_an_event",
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            at_most("event", 40, name="delivery_event_length"),
            at_most("why", 200, name="delivery_why_length"),
        ]

    def __str__(self) -> str:
        return f"{self.event or self.obligation_id} to {self.person_id} by {self.channel}"
