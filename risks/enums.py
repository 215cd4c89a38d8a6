"""States and kinds of risks, reviews and answers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RiskState(TextChoices):
    """identified → assessed → planned → monitoring → closed; → occurred → resolved."""

    IDENTIFIED = "identified", _("Identified")
    ASSESSED = "assessed", _("Assessed")
    PLANNED = "planned", pgettext_lazy("risk", "Answered")
    MONITORING = "monitoring", _("Watched")
    OCCURRED = "occurred", _("Occurred")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed, did not occur")


#: States in which a risk can still happen.
OPEN_STATES = (RiskState.IDENTIFIED, RiskState.ASSESSED, RiskState.PLANNED, RiskState.MONITORING)
#: States of a risk that came true.
HAPPENED = (RiskState.OCCURRED, RiskState.RESOLVED)


class ReviewKind(TextChoices):
    """At which point of the life the engineers look at it."""

    KICKOFF = "kickoff", _("Kickoff review")
    REQUIREMENTS = "requirements", _("Requirements review")
    TECHNICAL = "technical", _("Technical review")
    GO_LIVE = "go_live", _("Go-live review")


class Conclusion(TextChoices):
    """What a review came to."""

    PASSED = "passed", pgettext_lazy("review", "Passed")
    WITH_CONDITIONS = "conditions", pgettext_lazy("review", "Passed with conditions")
    NOT_PASSED = "not_passed", pgettext_lazy("review", "Not passed")


#: Conclusions that let a project go on.
GOOD_CONCLUSIONS = (Conclusion.PASSED, Conclusion.WITH_CONDITIONS)


class InvitationState(TextChoices):
    """One engineer's part in a review."""

    INVITED = "invited", _("Invited")
    ANSWERED = "answered", _("Answered")


class PlanVerdict(TextChoices):
    """Was plan B good?"""

    GOOD = "good", _("It worked as planned")
    PARTLY = "partly", _("It worked in part")
    POOR = "poor", _("It did not help")
