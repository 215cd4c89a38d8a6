"""What a retro opens with: the facts from the record, so that nobody has to remember them. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projects.enums import FollowUpState
from projects.models import Change, DeferredItem, FollowUp
from projects.summaries import PlannedAndActual, planned_and_actual
from risks.enums import HAPPENED
from risks.models import Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.accounts.models import User
    from projects.models import Project

STILL_OPEN = (FollowUpState.OPEN, FollowUpState.DOING)


@dataclass(frozen=True, slots=True)
class RiskCount:
    """How the register fared: what was foreseen, how much of that came true, and what came that nobody foresaw."""

    foreseen: int
    occurred: int
    unforeseen: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Promised beside what came; what moved, what happened, what was left out; and what was promised last time."""

    record: PlannedAndActual
    risks: RiskCount
    changes: Sequence[Change]
    #: Those that came true, each with its plan B where it has one.
    happened: Sequence[Risk]
    left_out: Sequence[DeferredItem]
    #: What earlier retros of this product promised and nobody has done yet.
    open_before: Sequence[FollowUp]


def facts_of(project: Project, reader: User) -> Facts:
    """The record of the project, and what the reader may see of the retros before it. A fixed number of queries."""
    register = list(Risk.objects.filter(project=project).select_related("plan_b").order_by("pk"))
    happened = [risk for risk in register if risk.state in HAPPENED]
    counted = RiskCount(
        foreseen=sum(not risk.is_raised_in_flight for risk in register),
        occurred=sum(not risk.is_raised_in_flight for risk in happened),
        unforeseen=sum(risk.is_raised_in_flight for risk in happened),
    )
    return Facts(
        record=planned_and_actual(project),
        risks=counted,
        changes=list(Change.objects.filter(project=project)),
        happened=happened,
        left_out=list(DeferredItem.objects.filter(project=project, settled_at__isnull=True).select_related("owner")),
        open_before=open_before(project, reader),
    )


def open_before(project: Project, reader: User) -> list[FollowUp]:
    """Open follow-ups of earlier retros of the same product, the next due first."""
    if project.product_id is None:
        return []
    promised = FollowUp.objects.visible_to(reader).filter(
        origin="retro", state__in=STILL_OPEN, project__product=project.product_id
    )
    return list(promised.exclude(project=project).select_related("owner", "project"))
