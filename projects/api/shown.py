"""What the API shows of projects and their parts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import Shown

if TYPE_CHECKING:
    from projects.models import Submission


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


class BenefitShown(Shown):
    """A benefit line; an empty factor is not known yet, never zero."""

    id: int
    label: str
    unit_benefit_amount: Decimal | None
    reach: Decimal | None
    reach_unit: str
    probability: Decimal | None
    basis: str
    evidence: str
    unit_benefit_amount_low: Decimal | None
    unit_benefit_amount_high: Decimal | None
    reach_low: Decimal | None
    reach_high: Decimal | None
    probability_low: Decimal | None
    probability_high: Decimal | None


class CostShown(Shown):
    """A cost line: people by days, material, or a permit."""

    id: int
    kind: str
    label: str
    skill: str
    person_days: Decimal | None
    amount: Decimal | None
    is_monthly: bool
    lead_days: int | None


class OptionShown(Shown):
    """A way to do it, with the lines it is reckoned with."""

    kind: str
    is_preferred: bool
    summary: str
    gives_up: str
    stays_switchable: str
    decide_again_on: date | None
    benefits: list[BenefitShown]
    costs: list[CostShown]


class PitchShown(ProjectShown):
    """What is proposed: the project, and its options."""

    needs_permit: bool
    is_reversible: bool
    crosses_departments: bool
    options: list[OptionShown]


class StepShown(Shown):
    """One approver's turn."""

    id: int
    position: int
    approver: PersonShown
    state: str
    decided_by: PersonShown | None
    decided_at: datetime | None
    reason: str
    conditions: str
    conditions_by: date | None
    return_on: date | None
    version: int


class SubmissionRow(Shown):
    """A frozen pitch, and how it stands with its approvers."""

    id: int
    number: int
    digest: str
    state: str
    tier: str
    submitted_by: PersonShown
    submitted_at: datetime
    reply_by: datetime
    decided_at: datetime | None
    steps: list[StepShown]


def submission_row(found: Submission) -> SubmissionRow:
    """A submission that comes with its steps."""
    own: dict[str, Any] = {name: getattr(found, name) for name in SubmissionRow.model_fields.keys() - {"steps"}}
    own["submitted_by"] = PersonShown.of(found.submitted_by)
    return SubmissionRow(**own, steps=[StepShown.of(one) for one in found.steps.all()])


class SubmissionShown(SubmissionRow):
    """With what was submitted, word for word; `approved` is what holds where an approver offered less."""

    content: dict[str, Any]
    approved: dict[str, Any]


class ApprovalShown(StepShown):
    """A turn with the project that it is about."""

    project: ProjectRow
    submission: int
    reply_by: datetime


class AssumptionShown(Shown):
    """A figure of the pitch; an approver's view of it is sent as `verdict-<key>` and `own-<key>`."""

    key: str
    value: Decimal | None


class StepAskedShown(StepShown):
    """A turn with the assumptions of what it is about."""

    submission: int
    assumptions: list[AssumptionShown]


class EarlyStartShown(Shown):
    """Work may begin within these limits."""

    allowed_by: PersonShown
    allowed_at: datetime
    most_days: Decimal
    until_on: date


class ProductShown(NamedShown):
    """An internal system."""

    purpose: str
    users: str
    direction: str
    whom_to_ask: str
    owner: PersonShown
    goal: GoalNamedShown | None
    version: int


class MetricNamedShown(NamedShown):
    """A metric, where something is measured by it."""


class KeyResultShown(Shown):
    """How far a goal is reached; the target is a share, not yet scaled."""

    id: int
    metric: MetricNamedShown
    target: Decimal


class GoalRow(GoalNamedShown):
    """A goal in the list."""

    quarter: str
    owner: PersonShown
    version: int


class GoalShown(GoalRow):
    """A goal with its key results."""

    key_results: list[KeyResultShown]


class ProjectNamedShown(Shown):
    """A project, where one of its parts names it."""

    id: int
    code: str
    title: str


class FollowUpShown(Shown):
    """What was promised, by whom, until when, and what became of it."""

    id: int
    origin: str
    title: str
    owner: PersonShown
    due_on: date
    state: str
    carried_over: int
    note: str
    opened_at: datetime
    closed_at: datetime | None


class FollowUpRow(FollowUpShown):
    """A follow-up in the list of all projects."""

    project: ProjectNamedShown
