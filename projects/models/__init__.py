"""Products, goals, projects and what belongs to a project."""

from projects.models.delivery import (
    Change,
    CostActual,
    DeferredItem,
    MetricPledge,
)
from projects.models.follow_up import FollowUp
from projects.models.knowledge import BusinessProcess, Feedback, ProductModule
from projects.models.pitch import BenefitLine, CostLine, Option, RateCard
from projects.models.product import Goal, KeyResult, Product
from projects.models.project import Project, ProjectMember, StageChange
from projects.models.submission import ApprovalStep, Grant, Submission
from projects.models.weekly import WeeklyStatus

__all__ = [
    "ApprovalStep",
    "BenefitLine",
    "BusinessProcess",
    "Change",
    "CostActual",
    "CostLine",
    "DeferredItem",
    "Feedback",
    "FollowUp",
    "Goal",
    "Grant",
    "KeyResult",
    "MetricPledge",
    "Option",
    "Product",
    "ProductModule",
    "Project",
    "ProjectMember",
    "RateCard",
    "StageChange",
    "Submission",
    "WeeklyStatus",
]
