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
#: States in which notes for the board are collected: each sees his own.
COLLECTING = (RetroState.OWED, RetroState.SCHEDULED, RetroState.COLLECTING)


class Lane(TextChoices):
    """The columns of the board."""

    HELPED = "helped", _("What helped")
    HINDERED = "hindered", _("What got in the way")
    UNFORESEEN = "unforeseen", _("What nobody foresaw")


class Voice(TextChoices):
    """Whether a person has said something for the board; never what."""

    SILENT = "", _("nothing yet")
    WROTE = "wrote", _("wrote a note")
    NOTHING = "nothing", _("has nothing to add")


class LessonKind(TextChoices):
    """What a lesson is about."""

    PLANNING = "planning", _("Planning and dates")
    NEEDS = "needs", _("Needs and requirements")
    BUILDING = "building", _("Building and testing")
    ROLLOUT = "rollout", _("Launch and operation")
    SUPPLY = "supply", _("Buying and permits")
    TOGETHER = "together", _("Working together")


class LessonAnswer(TextChoices):
    """What a project makes of a lesson of another one."""

    ADOPTED = "adopted", _("Adopted")
    NOT_APPLICABLE = "not_here", _("Does not apply here")
