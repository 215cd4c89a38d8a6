"""What the database itself refuses, whoever writes: rows past the actions, and figures past the fields."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from projects.enums import Stage, StepState, SubmissionState
from projects.models import (
    ApprovalStep,
    BenefitLine,
    Change,
    CostActual,
    CostLine,
    DeferredItem,
    FollowUp,
    Goal,
    Grant,
    MetricPledge,
    Product,
    Project,
    ProjectMember,
    StageChange,
    Submission,
)
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MetricFactory
from tests.factories.projects import NOW, TODAY, CostLineFactory, GoalFactory, ProductFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def submission(**values: Any) -> Submission:
    project = values.pop("project", None) or ProjectFactory()
    common = {"content": "{}", "digest": "0" * 64, "tier": "light", "submitted_at": NOW, "reply_by": NOW, "number": 1}
    return Submission.objects.create(**common | {"project": project, "submitted_by": project.owner} | values)


def step(**values: Any) -> ApprovalStep:
    common = {"position": 1, "approver": UserFactory()}
    asked = values.pop("submission", None) or submission()
    return ApprovalStep.objects.create(**common | values, submission=asked)


def grant(**values: Any) -> Grant:
    asked = values.pop("submission", None) or submission()
    common = {"kind": "people", "person_days": Decimal(1), "granted_by": asked.submitted_by, "granted_at": NOW}
    return Grant.objects.create(**common | values, submission=asked, project=asked.project)


def deferred_item(**values: Any) -> DeferredItem:
    project = ProjectFactory()
    common = {"title": "Old bags", "due_on": TODAY, "share": Decimal("0.1"), "added_at": NOW}
    return DeferredItem.objects.create(
        **common | values,
        project=project,
        owner=project.owner,
        added_by=project.owner,
        benefit_line=project.benefit_lines.get(),
    )


def follow_up(**values: Any) -> FollowUp:
    project = ProjectFactory()
    common = {"origin": "retro", "title": "Count", "due_on": TODAY, "opened_at": NOW}
    return FollowUp.objects.create(**common | values, project=project, owner=project.owner, opened_by=project.owner)


def change(**values: Any) -> Change:
    project = values.pop("project", None) or ProjectFactory()
    common = {"number": 1, "kind": "date", "made_by": project.owner, "made_at": NOW}
    return Change.objects.create(**common | values, project=project)


def stage_change(**values: Any) -> StageChange:
    common = {"transition": "submit", "from_stage": "draft", "to_stage": "submitted", "at": NOW}
    return StageChange.objects.create(**common | values, project=ProjectFactory())


def pledge(**values: Any) -> MetricPledge:
    common = {"baseline_numerator": Decimal(1), "baseline_denominator": Decimal(2), "target": Decimal("0.1")}
    project = values.pop("project", None) or ProjectFactory()
    return MetricPledge.objects.create(**common | values, project=project, metric=MetricFactory(), metric_version=1)


def actual(**values: Any) -> CostActual:
    line = values.pop("cost_line", None) or CostLineFactory()
    common = {"as_of": TODAY, "amount": Decimal(1), "recorded_at": NOW}
    return CostActual.objects.create(**common | values, cost_line=line, recorded_by=line.project.owner)


MAKERS: dict[str, Callable[..., Model]] = {
    "project": ProjectFactory,
    "cost line": CostLineFactory,
    "goal": GoalFactory,
    "product": ProductFactory,
    "submission": submission,
    "step": step,
    "grant": grant,
    "deferred item": deferred_item,
    "follow-up": follow_up,
    "change": change,
    "stage change": stage_change,
    "pledge": pledge,
    "actual": actual,
}


def refused(constraint: str, write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert constraint in str(error.value)


def refused_twice(write: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert "unique" in str(error.value).lower()


@pytest.mark.parametrize("maker", MAKERS)
def test_rows_of_these_tests_are_fine_as_they_are(maker):
    assert MAKERS[maker]().pk


@pytest.mark.parametrize(
    ("maker", "values", "constraint"),
    [
        ("project", {"stage": "nowhere"}, "project_stage_known"),
        ("project", {"tier": "huge"}, "project_tier_known"),
        ("project", {"held_from": "approved"}, "project_held_from_only_on_hold"),
        ("project", {"stage": "on_hold", "held_from": "draft"}, "project_on_hold_knows_source"),
        ("project", {"stage": "on_hold", "held_from": ""}, "project_on_hold_knows_source"),
        ("project", {"stage": "launched", "launched_at": None}, "project_launched_has_date"),
        ("project", {"stage": "closed", "launched_at": None}, "project_launched_has_date"),
        ("project", {"effort_days": Decimal("-0.01")}, "project_effort_not_negative"),
        ("project", {"launch_kind": "secret"}, "project_launch_kind_known"),
        ("project", {"title": "x" * 121}, "project_title_length"),
        ("project", {"problem": "x" * 4001}, "project_problem_length"),
        ("cost line", {"kind": "magic"}, "cost_line_kind_known"),
        ("cost line", {"person_days": None}, "cost_line_people_have_days"),
        ("cost line", {"person_days": Decimal(-1)}, "cost_line_days_not_negative"),
        ("cost line", {"label": "x" * 121}, "cost_line_label_length"),
        ("goal", {"quarter": "x" * 8}, "goal_quarter_length"),
        ("goal", {"objective": "x" * 161}, "goal_objective_length"),
        ("product", {"name": "x" * 81}, "product_name_length"),
        ("product", {"purpose": "x" * 301}, "product_purpose_length"),
        ("submission", {"state": "lost", "decided_at": NOW}, "submission_state_known"),
        ("submission", {"decided_at": NOW}, "submission_decided_has_date"),
        ("submission", {"state": "approved"}, "submission_decided_has_date"),
        ("step", {"state": "perhaps", "decided_at": NOW}, "approval_step_"),
        ("step", {"state": "approved"}, "approval_step_decided_by_somebody"),
        ("step", {"state": "approved", "decided_at": NOW}, "approval_step_decided_by_somebody"),
        ("step", {"state": "pending", "decided_at": NOW}, "approval_step_decided_by_somebody"),
        ("step", {"reason": "x" * 1001}, "approval_step_reason_length"),
        ("grant", {"person_days": None}, "grant_gives_something"),
        ("grant", {"person_days": Decimal(-1)}, "grant_days_not_negative"),
        ("grant", {"kind": "magic"}, "grant_kind_known"),
        ("deferred item", {"share": Decimal("1.1")}, "deferred_item_share_is_a_share"),
        ("deferred item", {"share": Decimal("-0.1")}, "deferred_item_share_is_a_share"),
        ("deferred item", {"title": "x" * 161}, "deferred_item_title_length"),
        ("follow-up", {"state": "maybe"}, "follow_up_state_known"),
        ("follow-up", {"origin": "dream"}, "follow_up_origin_known"),
        ("follow-up", {"title": "x" * 201}, "follow_up_title_length"),
        ("follow-up", {"note": "x" * 501}, "follow_up_note_length"),
        ("change", {"kind": "mood"}, "change_kind_known"),
        ("change", {"before": "x" * 201}, "change_before_length"),
        ("change", {"after": "x" * 201}, "change_after_length"),
        ("change", {"reason": "x" * 1001}, "change_reason_length"),
        ("stage change", {"transition": "vanish"}, "stage_change_transition_known"),
        ("stage change", {"from_stage": "nowhere"}, "stage_change_stages_known"),
        ("stage change", {"to_stage": "nowhere"}, "stage_change_stages_known"),
        ("stage change", {"note": "x" * 1001}, "stage_change_note_length"),
        ("pledge", {"baseline_denominator": Decimal(0)}, "pledge_denominator_positive"),
        ("pledge", {"baseline_numerator": Decimal(-1)}, "pledge_numerator_not_negative"),
        ("pledge", {"target": Decimal(-1)}, "pledge_target_not_negative"),
        ("actual", {"person_days": Decimal(-1)}, "cost_actual_days_not_negative"),
    ],
)
def test_rows_that_mean_nothing_are_refused(maker, values, constraint):
    make = MAKERS[maker]
    # PostgreSQL counts the length of a column before it looks at a CHECK, and says less.
    if constraint.endswith("_length") and connection.vendor == "postgresql" and "problem" not in values:
        with pytest.raises(Exception, match="value too long"), transaction.atomic():
            make(**values)
        return
    refused(constraint, lambda: make(**values))


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"probability": Decimal("1.000001")}, "benefit_line_probability_is_a_share"),
        ({"probability": Decimal("-0.000001")}, "benefit_line_probability_is_a_share"),
        ({"reach": Decimal(-1)}, "benefit_line_reach_not_negative"),
        ({"basis": "hearsay"}, "benefit_line_basis_known"),
    ],
)
def test_benefit_lines_that_mean_nothing_are_refused(values, constraint):
    line = ProjectFactory().benefit_lines.get()

    refused(constraint, lambda: BenefitLine.objects.filter(pk=line.pk).update(**values))


@pytest.mark.parametrize(
    ("model", "field", "allowed"),
    [
        (BenefitLine, "unit_benefit_amount", False),
        (CostLine, "amount", False),
        (Project, "net_benefit_amount", True),
        (Project, "baseline_benefit_amount", True),
        (Project, "baseline_cost_amount", False),
        (Project, "exposure_amount", False),
    ],
)
def test_money_below_zero_is_kept_where_it_can_be_lost_and_nowhere_else(model, field, allowed):
    CostLineFactory()
    table, column = model._meta.db_table, model._meta.get_field(field).column
    sql = f'UPDATE "{table}" SET "{column}" = -1'  # noqa: S608 -- names of our own models

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)

    if allowed:
        write()
        assert model.objects.values_list(field, flat=True).first() == Decimal("-0.01")
    else:
        refused(column, write)


# --- Once only --------------------------------------------------------------------------------------------------------


def test_one_submission_waits_at_a_time():
    first = submission()

    refused_twice(lambda: submission(project=first.project, number=2))
    Submission.objects.update(state=SubmissionState.WITHDRAWN, decided_at=NOW)
    assert submission(project=first.project, number=2).pk


@pytest.mark.parametrize("state", [SubmissionState.APPROVED, SubmissionState.FOR_LESS])
def test_one_approval_holds_at_a_time(state):
    agreed = {"state": state, "less": "{}", "decided_at": NOW}
    first = submission(state=SubmissionState.APPROVED, decided_at=NOW)

    refused_twice(lambda: submission(project=first.project, number=2, **agreed))
    Submission.objects.update(state=SubmissionState.VOID)
    assert submission(project=first.project, number=2, **agreed).pk


def test_who_approves_for_less_says_what():
    refused("submission_for_less_says_what", lambda: submission(state=SubmissionState.FOR_LESS, decided_at=NOW))


def test_number_of_a_submission_is_given_once():
    first = submission(state=SubmissionState.WITHDRAWN, decided_at=NOW)

    refused_twice(lambda: submission(project=first.project))


def test_one_step_waits_at_a_time():
    first = step(state=StepState.PENDING)

    refused_twice(lambda: step(submission=first.submission, position=2, state=StepState.PENDING))


def test_approver_and_position_occur_once_in_a_chain():
    first = step()

    refused_twice(lambda: step(submission=first.submission))
    refused_twice(lambda: step(submission=first.submission, position=2, approver=first.approver))


def test_resources_are_granted_once():
    first = grant()

    refused_twice(lambda: grant(submission=first.submission))


def test_other_things_that_occur_once():
    project = ProjectFactory()
    line = CostLineFactory(project=project)
    person = UserFactory()
    ProjectMember.objects.create(project=project, person=person, part="member", since=NOW)
    goal = GoalFactory()
    product = ProductFactory()
    change(project=project)
    pledge(project=project)
    actual(cost_line=line)

    refused_twice(lambda: BenefitLine.objects.create(project=project, option=project.options.get()))
    refused_twice(lambda: CostLineFactory(project=project))
    refused_twice(
        lambda: ProjectMember.objects.create(project=project, person=person, part="member", since=NOW),
    )
    refused_twice(lambda: Goal.objects.create(quarter=goal.quarter, objective=goal.objective, owner=person))
    refused_twice(lambda: Product.objects.create(name="Other", name_key=product.name_key, owner=person))
    refused_twice(lambda: change(project=project))
    refused_twice(lambda: pledge(project=project))
    refused_twice(lambda: actual(cost_line=line))


def test_part_is_a_known_one():
    project = ProjectFactory()

    refused(
        "project_member_part_known",
        lambda: ProjectMember.objects.create(project=project, person=project.owner, part="fan", since=NOW),
    )


def test_people_and_products_that_a_project_names_cannot_be_deleted():
    product = ProductFactory()
    project = ProjectFactory(product=product, stage=Stage.APPROVED, wanted_on=date(2027, 1, 29))

    for thing in (product, project.owner, project.site):
        with pytest.raises(IntegrityError), transaction.atomic():
            thing.delete()
