"""Goals: set once a quarter, measured by key results, carried over once."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from projects.actions.goal import carry_over, drop_key_result, edit_goal, set_goal, set_key_result
from projects.models import Goal, KeyResult, Product
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MetricFactory
from tests.factories.projects import NOW, GoalFactory, ProductFactory, ProjectFactory

pytestmark = pytest.mark.django_db

TARGET = Decimal("0.005")


@pytest.fixture
def lead():
    return UserFactory(roles=[Role.LEAD])


@pytest.fixture
def goal(lead):
    return set_goal("Lose fewer bags", quarter="2026 Q4", owner=lead, by=lead, now=NOW)


def edit(goal, **changes):
    by = changes.pop("by", None) or UserFactory(roles=[Role.PM])
    values = {"objective": goal.objective, "quarter": goal.quarter, "owner": goal.owner, "version": goal.version}
    return edit_goal(goal, **(values | changes), by=by, now=NOW)


@pytest.mark.parametrize("role", [Role.PM, Role.LEAD])
def test_who_pitches_sets_goals(role):
    person = UserFactory(roles=[role])

    goal = set_goal(" Lose  fewer bags ", quarter="2026 Q4", owner=person, by=person, now=NOW)

    stored = Goal.objects.get()
    assert (stored, stored.objective, stored.quarter, stored.owner) == (goal, "Lose fewer bags", "2026 Q4", person)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.actor, entry.subject_id) == ("goal.set", person, goal.pk)
    assert entry.after == {"quarter": "2026 Q4", "objective": "Lose fewer bags", "owner": person.pk}


@pytest.mark.parametrize("person", [{}, {"roles": [Role.ENGINEER]}, {"roles": [Role.LEAD], "is_active": False}])
def test_others_do_not(goal, lead, person):
    somebody, metric = UserFactory(**person), MetricFactory()
    key_result = set_key_result(goal, metric, target=TARGET, by=lead, now=NOW)
    written = AuditEntry.objects.count()

    for deed in (
        lambda: set_goal("Other", quarter="2026 Q4", owner=lead, by=somebody, now=NOW),
        lambda: edit(goal, objective="Other", by=somebody),
        lambda: set_key_result(goal, metric, target=Decimal(1), by=somebody, now=NOW),
        lambda: drop_key_result(key_result, by=somebody, now=NOW),
        lambda: carry_over(goal, by=somebody, now=NOW),
    ):
        with pytest.raises(PermissionDenied, match="Product managers and leads set the goals"):
            deed()

    assert AuditEntry.objects.count() == written
    assert Goal.objects.get().objective == "Lose fewer bags"
    assert KeyResult.objects.get().target == TARGET


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("objective", {"objective": "Lose fewer bags"}),
        ("objective", {"objective": " "}),
        ("objective", {"objective": "x" * 161}),
        ("quarter", {"objective": "Other", "quarter": "2026 Q5"}),
        ("quarter", {"objective": "Other", "quarter": ""}),
    ],
)
def test_what_cannot_be_a_goal_is_refused_beside_its_field(goal, lead, field, values):
    other = GoalFactory(quarter="2026 Q4")
    changes = {"quarter": "2026 Q4"} | values

    for deed in (lambda: set_goal(**changes, owner=lead, by=lead, now=NOW), lambda: edit(other, **changes)):
        with pytest.raises(InvalidInputError) as refused:
            deed()
        assert list(refused.value.errors) == [field]

    assert Goal.objects.count() == 2


def test_a_stale_edit_changes_nothing(goal, lead):
    saved = edit(goal, objective="Lose no bags", by=lead)

    with pytest.raises(StaleObjectError):
        edit(goal, objective="Count the bags")

    assert Goal.objects.get().objective == "Lose no bags"
    assert (saved.version, saved.updated_by) == (2, lead)
    assert AuditEntry.objects.filter(verb="goal.edited").count() == 1


def test_the_same_metric_again_moves_the_target(goal, lead):
    first, second = MetricFactory(), MetricFactory()
    for metric, target in ((first, TARGET), (second, Decimal(1)), (first, Decimal("0.004"))):
        set_key_result(goal, metric, target=target, by=lead, now=NOW)

    assert list(goal.key_results.values_list("metric", "target", "position")) == [
        (first.pk, Decimal("0.004"), 1),
        (second.pk, Decimal(1), 2),
    ]
    moved = AuditEntry.objects.filter(verb="goal.key_result_set").latest("pk")
    assert moved.before == {"target": "0.005000"}


@pytest.mark.parametrize("target", [Decimal(-1), Decimal("0.0000001"), Decimal(10) ** 9])
def test_a_target_that_no_row_can_hold_is_refused(goal, lead, target):
    with pytest.raises(InvalidInputError) as refused:
        set_key_result(goal, MetricFactory(), target=target, by=lead, now=NOW)

    assert list(refused.value.errors) == ["target"]


def test_a_key_result_is_dropped_once(goal, lead):
    key_result = set_key_result(goal, MetricFactory(), target=TARGET, by=lead, now=NOW)

    for _ in range(2):
        drop_key_result(key_result, by=lead, now=NOW)

    assert not KeyResult.objects.exists()
    entry = AuditEntry.objects.get(verb="goal.key_result_dropped")
    assert entry.before == {"metric": key_result.metric_id, "target": "0.005"}


def test_a_goal_goes_on_with_its_key_results_and_its_products_follow(goal, lead):
    pm = UserFactory(roles=[Role.PM])
    metrics = [MetricFactory(), MetricFactory()]
    for metric in metrics:
        set_key_result(goal, metric, target=TARGET, by=lead, now=NOW)
    follows, stays = ProductFactory(goal=goal), ProductFactory()
    project = ProjectFactory(goal=goal)

    carried = carry_over(goal, by=pm, now=NOW)

    assert (carried.quarter, carried.objective, carried.owner) == ("2027 Q1", "Lose fewer bags", lead)
    assert carried.carried_from == goal
    assert list(carried.key_results.values_list("metric", "target", "position")) == [
        (metrics[0].pk, TARGET, 1),
        (metrics[1].pk, TARGET, 2),
    ]
    assert goal.key_results.count() == 2
    assert list(Product.objects.order_by("pk").values_list("goal", "version")) == [
        (carried.pk, follows.version + 1),
        (stays.goal_id, stays.version),
    ]
    project.refresh_from_db()
    assert project.goal == goal
    entry = AuditEntry.objects.get(verb="goal.carried_over")
    assert (entry.actor, entry.subject_id, entry.before) == (pm, carried.pk, {"goal": goal.pk, "quarter": "2026 Q4"})
    assert entry.after["products"] == [follows.pk]


def test_a_goal_is_carried_over_once_and_can_go_on_from_there(goal, lead):
    carried = carry_over(goal, by=lead, now=NOW)

    with pytest.raises(IllegalStateError, match="carried over already"):
        carry_over(goal, by=lead, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalFactory(carried_from=goal)

    assert carry_over(carried, by=lead, now=NOW).quarter == "2027 Q2"
    assert Goal.objects.count() == 3


def test_a_goal_is_not_carried_to_where_it_is_set_already_nor_without_an_owner(goal, lead):
    there = GoalFactory(quarter="2027 Q1", objective=goal.objective)
    with pytest.raises(IllegalStateError, match="2027 Q1 has this goal already"):
        carry_over(goal, by=lead, now=NOW)
    there.owner.is_active = False
    there.owner.save()

    with pytest.raises(IllegalStateError, match="no longer works here"):
        carry_over(there, by=lead, now=NOW)

    assert Goal.objects.count() == 2
