"""Products, goals, projects and what belongs to a project."""

from projects.models.confirmation import Confirmation, FiguresAnswer
from projects.models.delivery import (
    Change,
    CostActual,
    DeferredItem,
    MetricPledge,
)
from projects.models.document import Document
from projects.models.early_start import EarlyStart
from projects.models.follow_up import FollowUp
from projects.models.history import HistoryImport, PastEstimate
from projects.models.knowledge import BusinessProcess, Feedback, ProductModule
from projects.models.origin import ProjectOrigin
from projects.models.pitch import BenefitLine, CostLine, Option, RateCard
from projects.models.product import Goal, KeyResult, Product
from projects.models.project import Project, ProjectMember, StageChange
from projects.models.sounding import DraftComment, DraftReader
from projects.models.submission import ApprovalStep, AssumptionAnswer, Grant, Submission
from projects.models.weekly import WeeklyStatus

__all__ = [
    "ApprovalStep",
    "AssumptionAnswer",
    "BenefitLine",
    "BusinessProcess",
    "Change",
    "Confirmation",
    "CostActual",
    "CostLine",
    "DeferredItem",
    "Document",
    "DraftComment",
    "DraftReader",
    "EarlyStart",
    "Feedback",
    "FiguresAnswer",
    "FollowUp",
    "Goal",
    "Grant",
    "HistoryImport",
    "KeyResult",
    "MetricPledge",
    "Option",
    "PastEstimate",
    "Product",
    "ProductModule",
    "Project",
    "ProjectMember",
    "ProjectOrigin",
    "RateCard",
    "StageChange",
    "Submission",
    "WeeklyStatus",
]
