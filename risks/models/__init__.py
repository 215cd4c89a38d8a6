"""The register: risks, reviews with assessments, and answers."""

from risks.models.answer import Acceptance, Mitigation, PlanB
from risks.models.review import Assessment, Review, ReviewInvitation
from risks.models.risk import Risk, RiskEvent, RiskTag

__all__ = [
    "Acceptance",
    "Assessment",
    "Mitigation",
    "PlanB",
    "Review",
    "ReviewInvitation",
    "Risk",
    "RiskEvent",
    "RiskTag",
]
