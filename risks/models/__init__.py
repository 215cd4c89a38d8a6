"""The register: risks, reviews with assessments, answers, and the questions put to a decider."""

from risks.models.answer import Acceptance, Mitigation, PlanB
from risks.models.escalation import Escalation, EscalationEvent, EscalationOption
from risks.models.review import AgreedEstimate, Assessment, Review, ReviewInvitation
from risks.models.risk import Risk, RiskEvent, RiskTag

__all__ = [
    "Acceptance",
    "AgreedEstimate",
    "Assessment",
    "Escalation",
    "EscalationEvent",
    "EscalationOption",
    "Mitigation",
    "PlanB",
    "Review",
    "ReviewInvitation",
    "Risk",
    "RiskEvent",
    "RiskTag",
]
