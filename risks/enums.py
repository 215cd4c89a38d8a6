"""States and kinds of risks, reviews, answers and escalations."""

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


class EscalationState(TextChoices):
    """open → waiting → agreed | countered → applied; withdrawn. Open is the counterpart's day in private."""

    OPEN = "open", pgettext_lazy("escalation", "Between the two")
    WAITING = "waiting", pgettext_lazy("escalation", "Waits for the decision")
    COUNTERED = "countered", pgettext_lazy("escalation", "Counter-proposal")
    AGREED = "agreed", pgettext_lazy("escalation", "Agreed")
    APPLIED = "applied", pgettext_lazy("escalation", "Applied")
    WITHDRAWN = "withdrawn", pgettext_lazy("escalation", "Withdrawn")


#: States in which somebody still has to do something.
UNSETTLED = (EscalationState.OPEN, EscalationState.WAITING, EscalationState.COUNTERED, EscalationState.AGREED)


class OptionKind(TextChoices):
    """Whose way out of the question it is."""

    PROPOSAL = "proposal", _("Proposal")
    NOTHING = "nothing", _("Do nothing")
    OTHER = "other", _("Another way")
    COUNTER = "counter", _("Counter-proposal")


class EscalationDeed(TextChoices):
    """What was done with an escalation: its history, its audit and its news speak by these."""

    RAISED = "raised", _("Raised")
    ASKED = "asked", _("Put to the decider")
    MOVED_UP = "moved_up", _("Moved up")
    SETTLED = "settled", _("Settled between the two")
    DECIDED = "decided", _("Decided")
    COUNTERED = "countered", _("Countered")
    ACCEPTED = "accepted", _("Counter-proposal accepted")
    REPLIED = "replied", _("Answered the counter-proposal")
    REPORTED = "reported", _("Reported as agreed")
    RATIFIED = "ratified", _("Confirmed")
    DISPUTED = "disputed", _("Not what was agreed")
    APPLIED = "applied", _("Applied")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DROPPED = "dropped", _("Withdrawn before it was asked")
