from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from projects.actions.change import change_launch_date
from projects.actions.stage import move
from projects.enums import Stage
from projects.lifecycle import Transition
from retros.models import Retro
from tests.factories.projects import (
    DAY,
    NOW,
    WANTED,
    ProjectFactory,
    approved,
    cast,
    draft,
    due,
    history,
    in_delivery,
    launched,
    owed,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db


def test_start_freezes_the_baseline_and_locks_the_pledge():
    people = cast()
    project = approved(draft(people, material_amount=Decimal("1200.50")), granted_days=Decimal("7.25"))

    project = in_delivery(project, people, now=NOW + DAY)

    assert (project.stage, project.started_at) == (Stage.IN_DELIVERY, NOW + DAY)
    assert (project.planned_launch_on, project.baseline_launch_on) == (WANTED, WANTED)
    assert project.baseline_effort_days == Decimal("7.25")
    # 7.25 days at 1,600, and the material.
    assert project.baseline_cost_amount == Decimal("12800.50")
    assert project.baseline_benefit_amount == project.net_benefit_amount == Decimal("198799.50")
    assert project.pledge.locked_at == NOW + DAY
    assert owed(project) == {("launch", "Pia Manager")}
    assert due("launch") == datetime(2027, 1, 29, 15, 59, 59, 999999, tzinfo=UTC)
    assert verbs(project)[-1] == "project.start"


def test_baseline_of_a_project_that_costs_more_than_it_brings():
    people = cast()

    project = in_delivery(draft(people, reach=Decimal(1)), people)

    assert project.baseline_benefit_amount == Decimal("-15928.00")


def test_baseline_of_a_benefit_that_is_not_known_is_not_known():
    people = cast()

    project = in_delivery(draft(people, probability=None), people)

    assert (project.baseline_benefit_amount, project.baseline_cost_amount) == (None, Decimal("16000.00"))


def test_baseline_is_exact_where_days_and_rate_have_cents():
    people = cast()
    project = approved(draft(people, person_days=Decimal("9.99")), granted_days=Decimal("3.33"))
    project.cost_lines.update(unit_amount=Decimal("1600.33"))

    project = in_delivery(project, people)

    # 3.33 × 1,600.33 = 5,329.0989.
    assert project.baseline_cost_amount == Decimal("5329.10")


def test_hold_remembers_approved_and_resume_owes_the_preparation_anew():
    people = cast()
    project = approved(draft(people))

    project = move(project, Transition.HOLD, by=people.pm, now=NOW, note="Waiting for the vendor.")
    assert (project.stage, project.held_from, owed(project)) == (Stage.ON_HOLD, Stage.APPROVED, set())

    project = move(project, Transition.RESUME, by=people.pm, now=NOW + 7 * DAY)
    assert (project.stage, project.held_from) == (Stage.APPROVED, "")
    assert owed(project) == {("prepare", "Pia Manager")}
    assert due("prepare") == datetime(2026, 12, 14, 15, 59, 59, 999999, tzinfo=UTC)
    assert history(project)[-2:] == [("hold", "approved", "on_hold"), ("resume", "on_hold", "approved")]
    assert project.stage_changes.get(transition="hold").note == "Waiting for the vendor."


def test_hold_remembers_delivery_and_resume_owes_the_launch_again():
    people = cast()
    project = in_delivery(draft(people), people)

    project = move(project, Transition.HOLD, by=people.pm, now=NOW, note="Freeze.")
    assert (project.held_from, owed(project)) == (Stage.IN_DELIVERY, set())
    # A date moved meanwhile is owed only once the work goes on.
    change_launch_date(
        project, launch_on=date(2027, 2, 5), reason="Freeze.", version=project.version, by=people.pm, now=NOW
    )
    assert owed(project) == set()

    project = move(project, Transition.RESUME, by=people.pm, now=NOW)
    assert (project.stage, owed(project)) == (Stage.IN_DELIVERY, {("launch", "Pia Manager")})
    assert due("launch") == datetime(2027, 2, 5, 15, 59, 59, 999999, tzinfo=UTC)


def test_rolled_back_launch_is_owed_again_and_the_retro_stays_owed():
    people = cast()
    project = launched(draft(people), people)

    project = move(project, Transition.ROLL_BACK, by=people.pm, now=NOW + DAY, note="Codes unreadable in rain.")

    assert (project.stage, project.launched_at, project.launch_kind) == (Stage.IN_DELIVERY, None, "")
    assert owed(project) == {("retro", "Pia Manager"), ("retro_answer", "Eno Engineer"), ("launch", "Pia Manager")}


def test_second_launch_is_news_too_and_owes_no_second_retro():
    people = cast()
    project = launched(draft(people), people)
    project = move(project, Transition.ROLL_BACK, by=people.pm, now=NOW + DAY, note="Rain.")

    project = launched(project, people, now=NOW + 9 * DAY)

    assert [event for event in told(project) if event[0] == "project_launch"] == [
        ("project_launch", "Eno Engineer"),
        ("project_launch", "Pat Partner"),
    ] * 2
    assert Retro.objects.count() == 1
    assert due("measurement") == datetime(2027, 1, 1, 15, 59, 59, 999999, tzinfo=UTC)


def test_project_without_a_date_owes_no_launch():
    project = ProjectFactory(stage=Stage.ON_HOLD)

    assert move(project, Transition.RESUME, by=project.owner, now=NOW).stage == Stage.IN_DELIVERY
    assert owed(project) == set()
