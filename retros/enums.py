"""States of a retro."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RetroState(TextChoices):
    """Owed at launch; held or waived before the project may close."""

    OWED = "owed", _("Owed")
    SCHEDULED = "scheduled", _("Time set")
    COLLECTING = "collecting", _("Collecting")
    DISCUSSING = "discussing", _("Discussing")
    HELD = "held", _("Held")
    WAIVED = "waived", _("Waived")


#: States in which it is still owed.
UNSETTLED = (RetroState.OWED, RetroState.SCHEDULED, RetroState.COLLECTING, RetroState.DISCUSSING)
