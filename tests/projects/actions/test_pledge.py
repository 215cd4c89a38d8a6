from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from metrics.models import Measurement
from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.pledge import measure, pledge_metric
from projects.actions.stage import move
from projects.enums import Stage
from projects.lifecycle import Transition
from projects.models import MetricPledge, Project
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MetricFactory
from tests.factories.projects import (
    DAY,
    NOW,
    TODAY,
    ProjectFactory,
    approved,
    cast,
    closed,
    draft,
    in_delivery,
    launched,
    measured,
    owed,
    verbs,
)

pytestmark = pytest.mark.django_db


# --- Metric -----------------------------------------------------------------------------------------------------------

FIGURES: dict[str, Any] = {
    "baseline_numerator": Decimal(430),
    "baseline_denominator": Decimal(3010),
    "target": Decimal("0.05"),
}


def test_pledge_keeps_metric_version_baseline_and_target():
    project = ProjectFactory(stage=Stage.DRAFT)
    metric = MetricFactory(version=3)

    pledge = pledge_metric(project, metric, **FIGURES, by=project.owner, now=NOW)

    pledge.refresh_from_db()
    assert (pledge.project, pledge.metric, pledge.metric_version, pledge.locked_at) == (project, metric, 3, None)
    assert (pledge.baseline_numerator, pledge.baseline_denominator, pledge.target) == (430, 3010, Decimal("0.05"))
    assert pledge.baseline == Decimal(430) / Decimal(3010)
    entry = AuditEntry.objects.get(verb="metric.pledged")
    assert (entry.before, entry.after) == (
        None,
        {"metric": metric.pk, "baseline_numerator": "430", "baseline_denominator": "3010", "target": "0.05"},
    )


def test_pledge_may_be_changed_until_delivery_starts():
    people = cast()
    project = approved(draft(people))
    first = pledge_metric(project, MetricFactory(), **FIGURES, by=people.pm, now=NOW)
    other = MetricFactory()

    second = pledge_metric(project, other, **FIGURES | {"target": Decimal("0.04")}, by=people.pm, now=NOW)

    assert (second.pk, second.metric, MetricPledge.objects.count()) == (first.pk, other, 1)
    entry = AuditEntry.objects.filter(verb="metric.pledged").latest("pk")
    assert entry.before == {
        "metric": first.metric_id,
        "baseline_numerator": "430.00",
        "baseline_denominator": "3010.00",
        "target": "0.050000",
    }


@pytest.mark.parametrize("stage", [Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.LAUNCHED, Stage.CLOSED, Stage.CANCELLED])
def test_pledge_is_locked_from_the_start(stage):
    project = ProjectFactory(stage=stage)

    with pytest.raises(IllegalStateError) as refused:
        pledge_metric(project, MetricFactory(), **FIGURES, by=project.owner, now=NOW)

    assert str(refused.value.message) == f"This is not possible now: the project is “{stage.label}”."
    assert MetricPledge.objects.count() == 0


@pytest.mark.parametrize(
    "figures",
    [
        {"baseline_denominator": Decimal(0)},
        {"baseline_denominator": Decimal(-1)},
        {"baseline_numerator": Decimal(-1)},
        {"baseline_numerator": Decimal("0.001")},
        {"target": Decimal(-1)},
        {"target": Decimal("NaN")},
        {"target": Decimal("1e20")},
    ],
)
def test_pledge_needs_figures_that_make_sense(figures):
    project = ProjectFactory()

    with pytest.raises(InvalidInputError) as refused:
        pledge_metric(project, MetricFactory(), **FIGURES | figures, by=project.owner, now=NOW)
    assert list(refused.value.errors) == list(figures)


def test_only_the_owner_pledges():
    people = cast()

    for person in (people.lead, people.partner, UserFactory(roles=[Role.PM])):
        with pytest.raises(PermissionDenied):
            pledge_metric(draft(people), MetricFactory(), **FIGURES, by=person, now=NOW)


# --- Measured ---------------------------------------------------------------------------------------------------------


def number(project: Project, by: Any, day: date, now: datetime = NOW, numerator: Decimal = Decimal(150)) -> Measurement:
    return measure(project.pledge, period_on=day, numerator=numerator, denominator=Decimal(3000), by=by, now=now)


def test_number_during_delivery_is_kept_and_settles_nothing():
    people = cast()
    project = in_delivery(draft(people), people)

    made = number(project, people.pm, TODAY)

    assert (made.metric, made.period_on, made.numerator, made.denominator) == (
        project.pledge.metric,
        TODAY,
        Decimal(150),
        Decimal(3000),
    )
    assert Project.objects.get().stage == Stage.IN_DELIVERY
    assert verbs(project)[-1] == "metric.measured"


def test_number_after_launch_settles_what_is_owed():
    people = cast()
    project = launched(draft(people), people)
    assert ("measurement", "Pia Manager") in owed(project)

    number(project, people.partner, TODAY + DAY, now=NOW + DAY)

    assert ("measurement", "Pia Manager") not in owed(project)


def test_number_of_the_launch_day_that_is_in_already_is_not_owed():
    people = cast()
    project = in_delivery(draft(people), people)
    number(project, people.pm, TODAY)

    project = launched(project, people)

    assert ("measurement", "Pia Manager") not in owed(project)


def test_number_of_a_day_before_the_launch_settles_nothing():
    people = cast()
    project = launched(draft(people), people, now=NOW + 2 * DAY)

    number(project, people.pm, TODAY, now=NOW + 2 * DAY)

    assert ("measurement", "Pia Manager") in owed(project)


def test_number_of_a_closed_project_is_still_taken():
    people = cast()
    project = closed(draft(people), people)

    number(project, people.pm, TODAY + 30 * DAY, now=NOW + 30 * DAY)

    assert (Measurement.objects.count(), Project.objects.get().stage) == (2, Stage.CLOSED)


def test_same_number_again_is_one_number():
    people = cast()
    project = launched(draft(people), people)
    measured(project)

    measured(project)

    assert Measurement.objects.count() == 1


def test_number_from_the_future_is_refused():
    people = cast()
    project = launched(draft(people), people)

    with pytest.raises(InvalidInputError) as refused:
        number(project, people.pm, TODAY + DAY)
    assert list(refused.value.errors) == ["period_on"]


def test_number_that_cannot_be_kept_leaves_nothing():
    people = cast()
    project = launched(draft(people), people)
    said = verbs(project)

    with pytest.raises(InvalidInputError) as refused:
        number(project, people.pm, TODAY, numerator=Decimal(-1))
    assert list(refused.value.errors) == ["numerator"]
    assert (Measurement.objects.count(), verbs(project)) == (0, said)


def test_number_is_written_by_owner_or_partner():
    people = cast()
    project = launched(draft(people), people)

    for person in (people.lead, people.engineer, UserFactory(roles=[Role.PM])):
        with pytest.raises(PermissionDenied):
            number(project, person, TODAY)


def test_number_before_the_start_belongs_to_the_baseline():
    people = cast()
    project = approved(draft(people))
    pledge_metric(project, MetricFactory(), **FIGURES, by=people.pm, now=NOW)
    with pytest.raises(IllegalStateError):
        number(project, people.pm, TODAY)

    project = move(project, Transition.HOLD, by=people.pm, now=NOW, note="Vendor.")
    with pytest.raises(IllegalStateError) as refused:
        number(project, people.pm, TODAY)
    assert str(refused.value.message) == "Delivery has not started yet."


def test_launch_at_night_counts_the_day_of_the_site():
    people = cast()
    # 00:30 on 24 November in Shanghai, still the 23rd in UTC.
    night = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    project = launched(draft(people), people, now=night)

    number(project, people.pm, date(2026, 11, 23), now=night)
    assert ("measurement", "Pia Manager") in owed(project)

    number(project, people.pm, date(2026, 11, 24), now=night + timedelta(minutes=1))
    assert ("measurement", "Pia Manager") not in owed(project)
