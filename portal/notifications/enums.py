"""Channels and states of what is sent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Channel(TextChoices):
    """By which way words reach a person."""

    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")


class DeliveryState(TextChoices):
    """What became of one delivery."""

    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent, because no longer wanted")
    FAILED = "failed", _("Failed")
