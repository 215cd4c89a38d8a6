"""What is noted when it has run."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Beat(TextChoices):
    """A thing that has to happen again and again."""

    #: Reminders were looked for and mail was sent, by whatever way the run was called.
    SWEEP = "sweep", _("Reminders and mail")
    #: The scheduler's message came through the queue to a worker.
    TICK = "tick", _("Scheduler and queue")
