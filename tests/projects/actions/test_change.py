from datetime import UTC, date, datetime

import pytest

from portal.audit.models import AuditEntry
from portal.common.errors import IllegalStateError, InvalidInputError, StaleObjectError
from projects.actions.change import change_launch_date
from projects.actions.stage import move
from projects.enums import ChangeKind, Stage
from projects.lifecycle import Transition
from projects.models import Change, Project
from tests.factories.projects import (
    DAY,
    NOW,
    TODAY,
    WANTED,
    ProjectFactory,
    approved,
    cast,
    draft,
    due,
    in_delivery,
    owed,
    told,
)

pytestmark = pytest.mark.django_db


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
