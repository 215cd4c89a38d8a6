"""The register: risks, reviews with assessments, and answers."""

from risks.models.answer import Acceptance, Mitigation, PlanB
from risks.models.review import AgreedEstimate, Assessment, Review, ReviewInvitation
from risks.models.risk import Risk, RiskEvent

__all__ = [
    "Acceptance",
    "AgreedEstimate",
    "Assessment",
    "Mitigation",
    "PlanB",
    "Review",
    "ReviewInvitation",
    "Risk",
    "RiskEvent",
]
