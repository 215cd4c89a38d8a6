"""What the API shows of projects and their parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import Shown


class NamedShown(Shown):
    """A thing that others name, such as a product."""

    id: int
    name: str


class GoalNamedShown(Shown):
    """A goal, where a project names it."""

    id: int
    objective: str


class ProjectRow(Shown):
    """A project in the list."""

    id: int
    code: str
    title: str
    stage: str
    tier: str
    owner: PersonShown
    product: NamedShown | None
    wanted_on: date | None
    planned_launch_on: date | None
    net_benefit_amount: Decimal | None
    effort_days: Decimal | None
    updated_at: datetime


class ProjectShown(ProjectRow):
    """A project as its frame shows it."""

    goal: GoalNamedShown | None
    problem: str
    business_partner: PersonShown | None
    sponsor: PersonShown | None
    is_restricted: bool
    held_from: str
    cost_amount: Decimal | None
    exposure_amount: Decimal | None
    baseline_launch_on: date | None
    started_at: datetime | None
    launched_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    version: int
