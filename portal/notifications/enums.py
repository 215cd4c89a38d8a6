"""Channels and states of what is sent."""

from enum import Enum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Reach(TextChoices):
    """Whom one rung of a ladder reaches."""

    PERSON = "person", _("a reminder to the person alone")
    NOTICE = "notice", _("a private notice with three ways out")
    MANAGER = "manager", _("a word to the direct manager")
    ACT = "act", _("the portal acts by itself")


class Channel(TextChoices):
    """By which way words reach a person."""

    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("Mail")


class Pace(Enum):
    """How soon a mail goes out."""

    #: Gathered into the one mail of the next morning.
    MORNING = "morning"
    #: By itself, but not in quiet hours.
    SOON = "soon"
    #: By itself, whatever the hour.
    AT_ONCE = "at_once"


class DeliveryState(TextChoices):
    """What became of one delivery."""

    PENDING = "pending", _("Waiting to be sent")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent, because no longer wanted")
    FAILED = "failed", _("Failed")


class WhyNot(TextChoices):
    """Why a message was kept back."""

    SETTLED = "settled", _("done meanwhile")
    DEACTIVATED = "deactivated", _("the account is no longer active")
    NOT_VISIBLE = "not_visible", _("the person may no longer see it")
    NO_MAIL = "no_mail", _("the person wants no mail")
    NO_INBOX = "no_inbox", _("the person wants nothing in the inbox")
    STALE = "stale", _("no news any more")
    GONE = "gone", _("there is nothing left to say")
    NO_MANAGER = "no_manager", _("nobody is entered as direct manager")
    NO_NOTICE = "no_notice", _("the private notice never reached the person")
    DEMO = "demo", _("history of the demo, never sent")
    DROPPED = "dropped", _("dropped by an administrator after a restore")
