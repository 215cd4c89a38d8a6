from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import translation

from metrics.models import Measurement
from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from portal.notifications.models import Obligation
from projects.actions.actuals import record_actual
from projects.actions.change import change_launch_date
from projects.actions.deferred import confirm_nothing_deferred, defer_scope, settle_deferred
from projects.actions.pledge import measure, pledge_metric
from projects.actions.stage import move
from projects.enums import ChangeKind, CostKind, Stage
from projects.lifecycle import Transition
from projects.models import BenefitLine, Change, CostActual, CostLine, DeferredItem, MetricPledge, Project
from tests.factories.accounts import UserFactory
from tests.factories.metrics import MetricFactory
from tests.factories.projects import (
    DAY,
    NOW,
    TODAY,
    WANTED,
    CostLineFactory,
    ProjectFactory,
    approved,
    cast,
    closed,
    draft,
    in_delivery,
    launched,
    measured,
    owed,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db


def due(kind: str) -> datetime:
    return Obligation.objects.open().get(kind=kind).due_at


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


# --- Date -------------------------------------------------------------------------------------------------------------


def test_moved_launch_keeps_the_approved_date_beside_it():
    people = cast()
    project = in_delivery(draft(people), people)

    made = change_launch_date(
        project, launch_on=date(2027, 2, 12), reason="Printer late.", version=project.version, by=people.pm, now=NOW
    )

    project.refresh_from_db()
    assert (project.planned_launch_on, project.baseline_launch_on) == (date(2027, 2, 12), WANTED)
    assert Change.objects.get() == made
    assert (made.number, made.kind, made.before, made.after, made.reason, made.made_by, made.made_at) == (
        1,
        ChangeKind.DATE,
        "2027-01-29",
        "2027-02-12",
        "Printer late.",
        people.pm,
        NOW,
    )
    assert owed(project) == {("launch", "Pia Manager")}
    assert due("launch") == datetime(2027, 2, 12, 15, 59, 59, 999999, tzinfo=UTC)
    assert set(told(project)[-2:]) == {("launch_moved", "Eno Engineer"), ("launch_moved", "Pat Partner")}
    entry = AuditEntry.objects.get(verb="change.recorded")
    assert (entry.before, entry.after) == (
        {"date": "2027-01-29"},
        {"date": "2027-02-12", "reason": "Printer late."},
    )


def test_each_change_has_its_number():
    people = cast()
    project = in_delivery(draft(people), people)
    for day in (12, 19):
        change_launch_date(
            project, launch_on=date(2027, 2, day), reason="Late.", version=project.version, by=people.pm, now=NOW
        )
        project.refresh_from_db()

    assert list(Change.objects.values_list("number", "before", "after")) == [
        (1, "2027-01-29", "2027-02-12"),
        (2, "2027-02-12", "2027-02-19"),
    ]
    assert [event for event, person in told(project) if person == "Pat Partner"] == ["launch_moved"] * 2


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"launch_on": TODAY - DAY}, "launch_on"),
        ({"launch_on": WANTED}, "launch_on"),
        ({"launch_on": date(9999, 12, 31)}, "launch_on"),
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 1001}, "reason"),
    ],
)
def test_date_moves_ahead_and_with_a_reason(values, field):
    people = cast()
    project = in_delivery(draft(people), people)
    given = {"launch_on": date(2027, 2, 12), "reason": "Late."} | values

    with pytest.raises(InvalidInputError) as refused:
        change_launch_date(project, **given, version=project.version, by=people.pm, now=NOW)

    assert list(refused.value.errors) == [field]
    project.refresh_from_db()
    assert (project.planned_launch_on, Change.objects.count()) == (WANTED, 0)


def test_launch_may_move_to_today_in_the_zone_of_the_site():
    people = cast()
    project = in_delivery(draft(people), people)
    # 24 November in Shanghai, while it is still the 23rd in UTC.
    late = datetime(2026, 11, 23, 17, tzinfo=UTC)

    with pytest.raises(InvalidInputError):
        change_launch_date(project, launch_on=TODAY, reason="Early.", version=project.version, by=people.pm, now=late)
    change_launch_date(project, launch_on=TODAY + DAY, reason="Early.", version=project.version, by=people.pm, now=late)
    assert Project.objects.get().planned_launch_on == date(2026, 11, 24)


def test_stale_change_of_date_is_refused():
    people = cast()
    project = in_delivery(draft(people), people)
    seen = project.version
    change_launch_date(project, launch_on=date(2027, 2, 12), reason="Late.", version=seen, by=people.pm, now=NOW)

    with pytest.raises(StaleObjectError):
        change_launch_date(project, launch_on=date(2027, 3, 12), reason="Later.", version=seen, by=people.pm, now=NOW)
    assert Project.objects.get().planned_launch_on == date(2027, 2, 12)


@pytest.mark.parametrize("stage", [s for s in Stage if s not in {Stage.IN_DELIVERY, Stage.ON_HOLD}])
def test_date_moves_in_delivery_only(stage):
    project = ProjectFactory(stage=stage)

    with pytest.raises(IllegalStateError):
        change_launch_date(
            project, launch_on=WANTED, reason="Late.", version=project.version, by=project.owner, now=NOW
        )


def test_date_of_a_project_held_before_its_start_is_still_that_of_the_pitch():
    people = cast()
    project = move(approved(draft(people)), Transition.HOLD, by=people.pm, now=NOW, note="Vendor.")

    with pytest.raises(IllegalStateError) as refused:
        change_launch_date(project, launch_on=TODAY, reason="Late.", version=project.version, by=people.pm, now=NOW)
    assert str(refused.value.message) == "Delivery has not started yet."


# --- Figures used -----------------------------------------------------------------------------------------------------


def test_days_used_are_reckoned_at_the_rate_of_the_line():
    people = cast()
    project = in_delivery(draft(people), people)
    line = CostLine.objects.get(project=project)

    actual = record_actual(line, as_of=TODAY, person_days=Decimal("3.5"), amount=None, by=people.pm, now=NOW)

    actual.refresh_from_db()
    assert (actual.person_days, actual.amount, actual.as_of) == (Decimal("3.50"), Decimal("5600.00"), TODAY)
    assert (actual.recorded_by, actual.recorded_at) == (people.pm, NOW)
    entry = AuditEntry.objects.get(verb="cost.recorded")
    assert (entry.before, entry.after) == (
        None,
        {"cost_line": line.pk, "as_of": "2026-11-23", "person_days": "3.5", "amount": "5600.00"},
    )


def test_money_used_is_taken_as_it_is():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    line = CostLineFactory(project=project, kind=CostKind.MATERIAL, person_days=None, amount=Decimal(900))

    actual = record_actual(
        line, as_of=TODAY, person_days=Decimal(3), amount=Decimal("412.07"), by=project.owner, now=NOW
    )

    assert (actual.person_days, actual.amount) == (None, Decimal("412.07"))


def test_figure_of_a_day_is_corrected_in_place():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    line = CostLineFactory(project=project)
    record_actual(line, as_of=TODAY, person_days=Decimal(5), amount=None, by=project.owner, now=NOW)

    record_actual(line, as_of=TODAY, person_days=Decimal(4), amount=None, by=project.owner, now=NOW)

    assert CostActual.objects.get().person_days == Decimal(4)
    entry = AuditEntry.objects.filter(verb="cost.recorded").latest("pk")
    assert entry.before == {"person_days": "5.00", "amount": "8000.00"}


def test_same_figure_again_changes_nothing():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    line = CostLineFactory(project=project)
    first = record_actual(line, as_of=TODAY, person_days=Decimal(5), amount=None, by=project.owner, now=NOW)

    again = record_actual(line, as_of=TODAY, person_days=Decimal(5), amount=None, by=project.owner, now=NOW + DAY)

    assert (again, again.recorded_at, CostActual.objects.count()) == (first, NOW, 1)
    assert verbs(project) == ["cost.recorded"]


def test_running_total_never_falls():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    line = CostLineFactory(project=project)

    def used(day: date, days: int) -> CostActual:
        return record_actual(line, as_of=day, person_days=Decimal(days), amount=None, by=project.owner, now=NOW)

    used(date(2026, 11, 16), 5)
    with pytest.raises(InvalidInputError) as refused:
        used(TODAY, 4)
    with time_machine.travel(NOW):
        assert {name: str(words) for name, words in refused.value.errors.items()} == {
            "person_days": "More was used by 16 Nov already. This is the total so far; correct the earlier figure"
            " if it was wrong."
        }

    used(TODAY, 5)
    with pytest.raises(InvalidInputError) as refused:
        used(date(2026, 11, 20), 6)
    assert list(refused.value.errors) == ["person_days"]
    assert "23 Nov" in str(refused.value.errors["person_days"])
    with translation.override("zh-hans"), pytest.raises(InvalidInputError) as refused:
        used(date(2026, 11, 20), 6)
    assert "11 月 23 日" in str(refused.value.errors["person_days"])
    assert CostActual.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        (CostKind.PEOPLE, {"person_days": None}, "person_days"),
        (CostKind.PEOPLE, {"person_days": Decimal("-0.5")}, "person_days"),
        (CostKind.PEOPLE, {"person_days": Decimal("NaN")}, "person_days"),
        (CostKind.PEOPLE, {"person_days": Decimal("0.001")}, "person_days"),
        (CostKind.PEOPLE, {"person_days": Decimal("1e6")}, "person_days"),
        (CostKind.MATERIAL, {"amount": None}, "amount"),
        (CostKind.MATERIAL, {"amount": Decimal("-0.01")}, "amount"),
        (CostKind.MATERIAL, {"amount": Decimal("0.001")}, "amount"),
        (CostKind.MATERIAL, {"amount": Decimal("Infinity")}, "amount"),
        (CostKind.PEOPLE, {"as_of": TODAY + DAY}, "as_of"),
        (CostKind.PEOPLE, {"as_of": date(1, 1, 1)}, "as_of"),
    ],
)
def test_figures_used_must_make_sense(kind, values, field):
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    line = CostLineFactory(project=project, kind=kind)
    given = {"as_of": TODAY, "person_days": Decimal(1), "amount": Decimal(1)} | values

    with pytest.raises(InvalidInputError) as refused:
        record_actual(line, **given, by=project.owner, now=NOW)
    assert list(refused.value.errors) == [field]
    assert CostActual.objects.count() == 0


@pytest.mark.parametrize("stage", Stage)
def test_figures_are_recorded_from_approval_until_the_project_is_closed(stage):
    project = ProjectFactory(stage=stage)
    line = CostLineFactory(project=project)
    possible = stage in {Stage.APPROVED, Stage.IN_DELIVERY, Stage.ON_HOLD, Stage.LAUNCHED}

    if possible:
        record_actual(line, as_of=TODAY, person_days=Decimal(1), amount=None, by=project.owner, now=NOW)
    else:
        with pytest.raises(IllegalStateError):
            record_actual(line, as_of=TODAY, person_days=Decimal(1), amount=None, by=project.owner, now=NOW)
    assert CostActual.objects.exists() is possible


def test_only_the_owner_records_what_was_used():
    people = cast()
    project = in_delivery(draft(people), people)

    for person in (people.lead, people.engineer, people.partner):
        with pytest.raises(PermissionDenied):
            record_actual(
                project.cost_lines.get(), as_of=TODAY, person_days=Decimal(1), amount=None, by=person, now=NOW
            )


# --- Deferred scope ---------------------------------------------------------------------------------------------------


def left_out(project: Project, owner: Any, **changes: Any) -> DeferredItem:
    values: dict[str, Any] = {
        "title": "Old bags",
        "owner": owner,
        "due_on": date(2027, 3, 1),
        "benefit_line": BenefitLine.objects.get(project=project),
        "share": Decimal("0.28"),
    }
    return defer_scope(project, **values | changes, by=project.owner, now=NOW)


def test_what_is_left_out_is_owed_by_its_owner():
    people = cast()
    project = in_delivery(draft(people), people)
    confirm_nothing_deferred(project, by=people.pm, now=NOW)

    item = left_out(project, people.engineer, title="  Old bags ")

    item.refresh_from_db()
    project.refresh_from_db()
    assert (item.title, item.owner, item.due_on, item.share) == (
        "Old bags",
        people.engineer,
        date(2027, 3, 1),
        Decimal("0.28"),
    )
    assert (item.added_by, item.added_at, item.settled_at) == (people.pm, NOW, None)
    assert project.nothing_deferred_by is None
    assert owed(project) == {("launch", "Pia Manager"), ("deferred_scope", "Eno Engineer")}
    assert due("deferred_scope") == datetime(2027, 3, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert AuditEntry.objects.get(verb="scope.deferred").after == {
        "title": "Old bags",
        "owner": people.engineer.pk,
        "due_on": "2027-03-01",
        "share": "0.28",
    }


def test_listed_scope_lets_the_launch_pass_and_stays_owed_after_it():
    people = cast()
    project = in_delivery(draft(people), people)
    left_out(project, people.engineer)

    project = move(project, Transition.LAUNCH, by=people.pm, now=NOW)

    assert project.stage == Stage.LAUNCHED
    assert ("deferred_scope", "Eno Engineer") in owed(project)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"share": Decimal("-0.1")}, "share"),
        ({"share": Decimal("1.1")}, "share"),
        ({"share": Decimal("NaN")}, "share"),
        ({"share": Decimal("0.73")}, "share"),
        ({"due_on": TODAY}, "due_on"),
        ({"due_on": date(9999, 12, 31)}, "due_on"),
    ],
)
def test_what_is_left_out_must_make_sense(values, field):
    people = cast()
    project = in_delivery(draft(people), people)
    left_out(project, people.engineer)

    with pytest.raises(InvalidInputError) as refused:
        left_out(project, people.engineer, **values)
    assert list(refused.value.errors) == [field]
    assert DeferredItem.objects.count() == 1


def test_benefit_taken_away_is_one_of_the_project():
    people = cast()
    project = in_delivery(draft(people), people)

    with pytest.raises(InvalidInputError) as refused:
        left_out(project, people.engineer, benefit_line=ProjectFactory().benefit_lines.get())
    assert list(refused.value.errors) == ["benefit_line"]


def test_nothing_is_owed_by_who_left_or_may_not_see_it():
    people = cast()
    project = in_delivery(draft(people, is_restricted=True), people)
    gone, stranger = UserFactory(name="Gone", is_active=False), UserFactory(name="Stranger")

    for person, words in (
        (gone, "Gone no longer works here."),
        (stranger, "Stranger cannot see this project: it is restricted to its people."),
    ):
        with pytest.raises(InvalidInputError) as refused:
            left_out(project, person)
        assert {name: str(said) for name, said in refused.value.errors.items()} == {"owner": words}
    assert DeferredItem.objects.count() == 0


def test_shares_of_settled_items_are_free_again():
    people = cast()
    project = in_delivery(draft(people), people)
    item = left_out(project, people.engineer, share=Decimal(1))
    settle_deferred(item, by=people.engineer, now=NOW)

    assert left_out(project, people.engineer, share=Decimal(1)).share == 1


def test_settled_scope_is_owed_no_more():
    people = cast()
    project = in_delivery(draft(people), people)
    item = left_out(project, people.engineer)

    settle_deferred(item, by=people.engineer, now=NOW + DAY)

    item.refresh_from_db()
    assert (item.settled_at, owed(project)) == (NOW + DAY, {("launch", "Pia Manager")})
    assert verbs(project)[-1] == "scope.settled"
    with pytest.raises(IllegalStateError):
        settle_deferred(item, by=people.pm, now=NOW + DAY)


def test_others_settle_nothing():
    people = cast()
    project = in_delivery(draft(people), people)
    item = left_out(project, people.engineer)

    for person in (people.lead, people.partner, UserFactory(roles=[Role.PM])):
        with pytest.raises(PermissionDenied):
            settle_deferred(item, by=person, now=NOW)


def test_nothing_left_out_is_said_by_name():
    people = cast()
    project = in_delivery(draft(people), people)

    confirm_nothing_deferred(project, by=people.pm, now=NOW)

    assert Project.objects.get().nothing_deferred_by == people.pm
    assert verbs(project)[-1] == "scope.nothing_deferred"


def test_nothing_left_out_is_not_said_beside_a_list():
    people = cast()
    project = in_delivery(draft(people), people)
    left_out(project, people.engineer)

    with pytest.raises(IllegalStateError):
        confirm_nothing_deferred(project, by=people.pm, now=NOW)
    assert Project.objects.get().nothing_deferred_by is None


@pytest.mark.parametrize("stage", [s for s in Stage if s not in {Stage.IN_DELIVERY, Stage.ON_HOLD}])
def test_scope_is_left_out_in_delivery_only(stage):
    project = ProjectFactory(stage=stage)

    with pytest.raises(IllegalStateError):
        left_out(project, project.owner)
    with pytest.raises(IllegalStateError):
        confirm_nothing_deferred(project, by=project.owner, now=NOW)


def test_scope_is_left_out_by_the_owner_only():
    people = cast()
    project = in_delivery(draft(people), people)

    for person in (people.lead, people.engineer, people.partner):
        with pytest.raises(PermissionDenied):
            confirm_nothing_deferred(project, by=person, now=NOW)


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
