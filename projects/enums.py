"""States and kinds of a project and its parts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    """Where a project stands in its life."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    IN_DELIVERY = "in_delivery", _("In delivery")
    LAUNCHED = "launched", _("Launched")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    DEFERRED = "deferred", pgettext_lazy("project", "Deferred")
    ON_HOLD = "on_hold", _("On hold")
    CANCELLED = "cancelled", _("Cancelled")


#: The way every project hopes to go, in order; the stage line draws these.
MAIN_LINE = (Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED, Stage.IN_DELIVERY, Stage.LAUNCHED, Stage.CLOSED)


#: Between approval and launch: where risks happen, dates move and plan B is used.
IN_MOTION = frozenset({Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD})


class Tier(TextChoices):
    """How much is asked of a project (design: proportionate)."""

    LIGHT = "light", _("Light")
    STANDARD = "standard", _("Standard")
    MAJOR = "major", _("Major")


class SubmissionState(TextChoices):
    """What became of a frozen pitch."""

    PENDING = "pending", _("Waiting for a decision")
    APPROVED = "approved", pgettext_lazy("submission", "Approved")
    FOR_LESS = "for_less", _("Approved for less")
    ASKED_BACK = "asked_back", _("Asked back")
    DEFERRED = "deferred", pgettext_lazy("submission", "Not this period")
    DECLINED = "declined", pgettext_lazy("submission", "Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    VOID = "void", pgettext_lazy("submission", "Approved, then void")


#: What was agreed to and still holds, and what was agreed to once, whatever came after.
IN_FORCE = (SubmissionState.APPROVED, SubmissionState.FOR_LESS)
AGREED = (*IN_FORCE, SubmissionState.VOID)


class StepState(TextChoices):
    """One approver's decision."""

    WAITING = "waiting", _("Not his turn yet")
    PENDING = "pending", _("Waiting for a decision")
    APPROVED = "approved", pgettext_lazy("submission", "Approved")
    FOR_LESS = "for_less", _("Approved for less")
    ASKED_BACK = "asked_back", _("Asked back")
    DEFERRED = "deferred", pgettext_lazy("submission", "Not this period")
    DECLINED = "declined", pgettext_lazy("submission", "Declined")
    VOID = "void", _("Not needed any more")


#: What agrees, to all or to a part.
YES = frozenset({StepState.APPROVED, StepState.FOR_LESS})


class StepWhy(TextChoices):
    """Why somebody is asked."""

    MANAGER = "manager", _("direct manager")
    ABOVE = "above", _("next in the line: size or cost asks for two")
    HEAD = "head", _("heads a department whose people are asked for")


class AssumptionVerdict(TextChoices):
    """What an approver thinks of one figure of the pitch."""

    ACCEPTED = "accepted", pgettext_lazy("assumption", "Accepted")
    DOUBTED = "doubted", pgettext_lazy("assumption", "Doubted")


class Basis(TextChoices):
    """What a figure rests on, strongest first."""

    MEASURED = "measured", _("Measured")
    ANALOGOUS = "analogous", _("Analogous case")
    PEER = "peer", _("Peer figure")
    JUDGEMENT = "judgement", _("Judgement")


class CostKind(TextChoices):
    """What a cost line buys."""

    PEOPLE = "people", pgettext_lazy("cost", "People")
    MATERIAL = "material", _("Material")
    PERMIT = "permit", _("Special permit")


class OptionKind(TextChoices):
    """One way to do it, or not to."""

    NOTHING = "nothing", _("Do nothing")
    LOW_COST = "low_cost", _("Low-cost")
    FULL = "full", pgettext_lazy("option", "Full")


class PitchStep(TextChoices):
    """The steps in which a pitch that is not light is written, in any order."""

    PRODUCT = "product", _("Product and screening")
    GOAL = "goal", _("Goal, metric, process")
    OPTIONS = "options", _("Options")
    BENEFITS = "benefits", _("Benefits")
    COSTS = "costs", _("Costs")
    ASKS = "asks", pgettext_lazy("step", "Asks")
    CHECK = "check", pgettext_lazy("step", "Check")


class PitchKind(TextChoices):
    """What a pitch is mostly for: chosen at its beginning, it names the usual lines."""

    EFFICIENCY = "efficient", _("Process efficiency")
    LOSS = "loss", _("Loss reduction")
    COMPLIANCE = "comply", _("Compliance")
    REVENUE = "revenue", _("Revenue")
    INFRASTRUCTURE = "infra", _("Infrastructure")


class DocumentKind(TextChoices):
    """What a document is good for."""

    NEEDS = "needs", _("Requirements")
    DESIGN = "design", pgettext_lazy("document", "Design")
    DATA = "data", _("Data and analysis")
    MINUTES = "minutes", pgettext_lazy("document", "Minutes")
    OTHER = "other", pgettext_lazy("document", "Other")


class Part(TextChoices):
    """A person's part in a project beside owner, partner and sponsor."""

    MEMBER = "member", _("Member")
    ASSESSOR = "assessor", _("Assessor")


class LaunchKind(TextChoices):
    """How far a launch reaches; the first full one launches the project."""

    PILOT = "pilot", _("Pilot")
    GRADUAL = "gradual", _("Gradual")
    FULL = "full", _("Full")


class ChangeKind(TextChoices):
    """What a recorded change moves."""

    DATE = "date", _("Launch date")
    SCOPE = "scope", _("Scope")
    BUDGET = "budget", _("Budget")


class FollowUpState(TextChoices):
    """From the word given in a retro to the effect seen."""

    OPEN = "open", pgettext_lazy("follow-up", "Open")
    DOING = "doing", _("Doing")
    DONE = "done", pgettext_lazy("follow-up", "Done")
    EFFECTIVE = "effective", _("Effective")
    NOT_EFFECTIVE = "not_effective", _("Not effective")
    DROPPED = "dropped", _("Dropped")


class Health(TextChoices):
    """How a project stands this week, in its owner's judgement; worst first."""

    DANGER = "danger", pgettext_lazy("health", "Danger")
    WATCH = "watch", pgettext_lazy("health", "Watch")
    ON_TRACK = "on_track", pgettext_lazy("health", "On track")
