from datetime import date
from decimal import Decimal

import pytest

from metrics.models import Measurement
from projects.actions.actuals import record_actual
from projects.actions.change import change_launch_date
from projects.actions.deferred import defer_scope
from projects.actions.pledge import measure
from projects.models import CostLine, MetricPledge, Project
from projects.summaries import (
    CostFigures,
    PlannedAndActual,
    benefit_kept,
    cost_figures,
    planned_and_actual,
    total_of,
)
from tests.factories.accounts import HolidayFactory
from tests.factories.projects import (
    DAY,
    NOW,
    TODAY,
    WANTED,
    Cast,
    cast,
    draft,
    in_delivery,
    launched,
    measured,
)

pytestmark = pytest.mark.django_db


def used(line: CostLine, day: date, *, days: str | None = None, money: str | None = None) -> None:
    record_actual(
        line,
        as_of=day,
        person_days=None if days is None else Decimal(days),
        amount=None if money is None else Decimal(money),
        by=line.project.owner,
        now=NOW + 30 * DAY,
    )


def test_cost_lines_with_their_latest_figure():
    people = cast()
    project = in_delivery(draft(people, material_amount=Decimal(900)), people)
    staff, material = CostLine.objects.filter(project=project)
    used(staff, TODAY, days="2")
    used(staff, TODAY + 7 * DAY, days="6.5")

    assert cost_figures(project) == [
        CostFigures(staff, Decimal("6.50"), Decimal("10400.00"), TODAY + 7 * DAY),
        CostFigures(material, None, None, None),
    ]


def test_benefit_that_is_left_after_deferred_scope():
    people = cast()
    project = in_delivery(draft(people), people)
    assert benefit_kept(project) == 1

    for share in ("0.18", "0.10"):
        defer_scope(
            project,
            title="Old bags",
            owner=people.engineer,
            due_on=date(2027, 3, 1),
            benefit_line=project.benefit_lines.get(),
            share=Decimal(share),
            by=people.pm,
            now=NOW,
        )
    assert benefit_kept(project) == Decimal("0.72")

    project.deferred_items.filter(share=Decimal("0.18")).update(settled_at=NOW)
    assert benefit_kept(project) == Decimal("0.90")


def test_sum_of_what_is_known():
    assert total_of([]) is None
    assert total_of([None, None]) is None
    assert total_of([Decimal(2), None]) == 2
    assert total_of([Decimal(0)]) == 0


def test_before_delivery_nothing_is_planned_or_came():
    project = draft(cast())

    assert planned_and_actual(project) == PlannedAndActual(
        launch_planned=None,
        launch_actual=None,
        launch_drift_days=None,
        effort_planned=None,
        effort_actual=None,
        cost_planned=None,
        cost_actual=None,
        benefit_planned=None,
        benefit_kept=Decimal(1),
        baseline=None,
        target=None,
        measured=None,
        measured_on=None,
        pledge=None,
        latest=None,
    )


def test_promised_beside_what_came():
    people = cast()
    project = in_delivery(draft(people), people)
    (line,) = project.cost_lines.all()
    used(line, TODAY, days="12.5")
    # Three working days after the Friday that was promised, with a holiday between.
    HolidayFactory(site=people.site, day=date(2027, 2, 2))
    project = launched(project, people, now=NOW + 72 * DAY)
    project = measured(project, now=NOW + 100 * DAY)

    assert planned_and_actual(project) == PlannedAndActual(
        launch_planned=WANTED,
        launch_actual=date(2027, 2, 3),
        launch_drift_days=2,
        effort_planned=Decimal("10.00"),
        effort_actual=Decimal("12.50"),
        cost_planned=Decimal("16000.00"),
        cost_actual=Decimal("20000.00"),
        benefit_planned=Decimal("200000.00"),
        benefit_kept=Decimal(1),
        baseline=Decimal(430) / Decimal(3010),
        target=Decimal("0.05"),
        measured=Decimal("0.05"),
        measured_on=date(2027, 3, 3),
        pledge=MetricPledge.objects.get(project=project),
        latest=Measurement.objects.get(period_on=date(2027, 3, 3)),
    )


def test_moved_date_does_not_move_what_was_promised():
    people = cast()
    project = in_delivery(draft(people), people)
    change_launch_date(
        project, launch_on=date(2027, 3, 1), reason="Late.", version=project.version, by=people.pm, now=NOW
    )
    project.refresh_from_db()

    assert planned_and_actual(project).launch_planned == WANTED


def test_launch_before_its_day_is_a_drift_below_zero():
    people = cast()
    project = launched(draft(people, wanted_on=date(2026, 11, 30)), people)

    assert planned_and_actual(project).launch_drift_days == -5


def number(project: Project, people: Cast, day: date, numerator: int) -> None:
    measure(
        project.pledge,
        period_on=day,
        numerator=Decimal(numerator),
        denominator=Decimal(1000),
        by=people.partner,
        now=NOW + 90 * DAY,
    )


def test_measured_is_the_latest_number_since_the_launch():
    people = cast()
    project = in_delivery(draft(people), people)
    number(project, people, TODAY, 900)
    project = launched(project, people, now=NOW + 30 * DAY)
    assert planned_and_actual(project).measured is None

    number(project, people, TODAY + 60 * DAY, 70)
    number(project, people, TODAY + 31 * DAY, 80)

    record = planned_and_actual(project)
    assert (record.measured, record.measured_on) == (Decimal("0.07"), TODAY + 60 * DAY)


@pytest.mark.parametrize("n", [1, 5])
def test_the_record_costs_the_same_queries_for_few_and_many_figures(django_assert_num_queries, n):
    people = cast()
    project = launched(draft(people, material_amount=Decimal(900)), people)
    for line in project.cost_lines.all():
        for day in range(n):
            used(line, TODAY + day * DAY, days=str(day), money=str(day))
    for day in range(n):
        number(project, people, TODAY + day * DAY, 70)
    project = Project.objects.select_related("site").get(pk=project.pk)

    with django_assert_num_queries(5):
        planned_and_actual(project)
