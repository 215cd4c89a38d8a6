from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import translation

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError
from projects.actions.actuals import record_actual
from projects.enums import CostKind, Stage
from projects.models import CostActual, CostLine
from tests.factories.projects import DAY, NOW, TODAY, CostLineFactory, ProjectFactory, cast, draft, in_delivery, verbs

pytestmark = pytest.mark.django_db


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
