from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.accounts.enums import Role
from portal.audit.models import AuditEntry
from portal.common.errors import GateError, InvalidInputError, StaleObjectError
from portal.notifications.models import Obligation
from projects.actions.deferred import defer_scope, settle_deferred
from projects.actions.stage import move, pass_on, try_close
from projects.enums import LaunchKind, Stage, StepState, Tier
from projects.lifecycle import InvalidTransitionError, Transition
from projects.models import Project
from projects.permissions import DECIDED
from retros.models import Retro
from tests.factories.accounts import UserFactory
from tests.factories.projects import (
    DAY,
    NOW,
    ProjectFactory,
    approved,
    cast,
    closed,
    decided,
    draft,
    due,
    history,
    in_delivery,
    launched,
    looked_back,
    measured,
    owed,
    prepared,
    submitted,
    told,
    verbs,
)

pytestmark = pytest.mark.django_db

T = Transition


# --- The core ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transition", [T.SUBMIT, T.START, T.HOLD, T.RESUME, T.LAUNCH, T.ROLL_BACK, T.CLOSE, T.REVISE])
def test_a_transition_out_of_turn_changes_nothing(transition):
    project = ProjectFactory(stage=Stage.CANCELLED)

    with pytest.raises(InvalidTransitionError):
        move(project, transition, by=project.owner, now=NOW, note="So.")

    project.refresh_from_db()
    assert (project.stage, project.version, verbs(project), history(project)) == (Stage.CANCELLED, 1, [], [])


@pytest.mark.parametrize("transition", sorted(DECIDED))
def test_nobody_makes_an_approvers_transition_by_himself(transition):
    people = cast()
    project = submitted(draft(people))

    for person in (people.pm, people.lead, people.boss):
        with pytest.raises(PermissionDenied):
            move(project, transition, by=person, now=NOW, note="So.")
    assert Project.objects.get().stage == Stage.SUBMITTED


def test_version_binds_a_transition_to_what_was_seen():
    people = cast()
    project = draft(people)
    seen = project.version
    Project.objects.update(version=seen + 1)

    with pytest.raises(StaleObjectError):
        move(project, T.SUBMIT, by=people.pm, now=NOW, version=seen)
    assert Project.objects.get().stage == Stage.DRAFT
    assert move(project, T.SUBMIT, by=people.pm, now=NOW, version=seen + 1).stage == Stage.SUBMITTED


@pytest.mark.parametrize("note", ["", " \n", "x" * 1001])
@pytest.mark.parametrize("transition", [T.HOLD, T.CANCEL])
def test_stopping_has_a_reason(transition, note):
    people = cast()
    project = approved(draft(people))

    with pytest.raises(InvalidInputError) as refused:
        move(project, transition, by=people.pm, now=NOW, note=note)
    assert list(refused.value.errors) == ["note"]
    assert Project.objects.get().stage == Stage.APPROVED


def test_only_the_owner_moves_it():
    people = cast()
    project = draft(people)

    for person in (people.lead, people.boss, people.engineer, people.partner, UserFactory(roles=[Role.PM])):
        with pytest.raises(PermissionDenied) as refused:
            move(project, T.SUBMIT, by=person, now=NOW)
        assert str(refused.value) == "Only the owner can do this. The owner is Pia Manager."


# --- Start ------------------------------------------------------------------------------------------------------------


def test_start_says_exactly_what_is_missing():
    people = cast()
    project = approved(draft(people))

    with pytest.raises(GateError) as refused:
        move(project, T.START, by=people.pm, now=NOW)

    assert [(reason.code, str(reason.words), reason.url) for reason in refused.value.reasons] == [
        (
            "no_risks_listed",
            "No risk is listed yet: list the first one, then ask an engineer",
            reverse("risks:new", args=[project.pk]),
        ),
        (
            "no_metric",
            "No metric with baseline and target is agreed",
            reverse("projects:metric", args=[project.pk]),
        ),
    ]
    assert Project.objects.get().stage == Stage.APPROVED
    assert owed(project) == {("prepare", "Pia Manager")}


def test_held_project_is_neither_started_nor_launched():
    people = cast()
    project = move(in_delivery(draft(people), people), T.HOLD, by=people.pm, now=NOW, note="Freeze.")

    for transition in (T.START, T.LAUNCH, T.CLOSE, T.HOLD):
        with pytest.raises(InvalidTransitionError):
            move(project, transition, by=people.pm, now=NOW, note="So.")


# --- Launch -----------------------------------------------------------------------------------------------------------


def test_launch_asks_what_was_left_out():
    people = cast()
    project = in_delivery(draft(people), people)

    with pytest.raises(GateError) as refused:
        move(project, T.LAUNCH, by=people.pm, now=NOW)

    assert [(reason.code, reason.url) for reason in refused.value.reasons] == [
        ("deferred_unsaid", reverse("projects:defer", args=[project.pk]))
    ]


def test_launch_owes_the_retro_and_the_number_and_tells_the_people():
    people = cast()
    project = in_delivery(draft(people), people)

    project = launched(project, people, now=NOW + DAY)

    assert (project.stage, project.launched_at, project.launch_kind) == (Stage.LAUNCHED, NOW + DAY, LaunchKind.FULL)
    assert owed(project) == {
        ("retro", "Pia Manager"),
        ("retro_answer", "Eno Engineer"),
        ("measurement", "Pia Manager"),
    }
    # Thirty days after Tuesday 24 November.
    assert due("measurement") == datetime(2026, 12, 24, 15, 59, 59, 999999, tzinfo=UTC)
    assert set(told(project)[-2:]) == {("project_launch", "Eno Engineer"), ("project_launch", "Pat Partner")}
    assert verbs(project)[-2:] == ["project.launch", "retro.owed"]


def test_roll_back_has_a_reason():
    people = cast()
    project = launched(draft(people), people)

    with pytest.raises(InvalidInputError):
        move(project, T.ROLL_BACK, by=people.pm, now=NOW)


# --- Closed -----------------------------------------------------------------------------------------------------------


def test_light_project_closes_by_itself_with_the_retro_as_the_last_thing():
    people = cast()
    project = measured(launched(draft(people), people))
    assert project.stage == Stage.LAUNCHED

    project = looked_back(project, people, now=NOW + DAY)

    assert (project.stage, project.closed_at, owed(project)) == (Stage.CLOSED, NOW + DAY, set())
    change = project.stage_changes.latest("pk")
    assert (change.transition, change.actor) == ("close", None)
    entry = AuditEntry.objects.get(verb="project.close")
    assert (entry.actor_id, entry.before, entry.after) == (None, {"stage": "launched"}, {"stage": "closed"})
    assert {person for event, person in told(project) if event == "project_close"} == {
        "Pia Manager",
        "Eno Engineer",
        "Pat Partner",
    }


def test_light_project_closes_by_itself_with_the_number_as_the_last_thing():
    people = cast()
    project = looked_back(launched(draft(people), people), people)
    assert project.stage == Stage.LAUNCHED

    assert measured(project, now=NOW + DAY).stage == Stage.CLOSED


def test_other_tiers_are_closed_by_their_owner():
    people = cast()
    project = measured(launched(draft(people, crosses_departments=True), people))
    project = looked_back(project, people)
    assert (project.tier, project.stage) == (Tier.STANDARD, Stage.LAUNCHED)
    assert try_close(project, now=NOW) is False

    assert move(project, T.CLOSE, by=people.pm, now=NOW).stage == Stage.CLOSED


def test_closing_waits_for_the_retro_and_the_number():
    people = cast()
    project = launched(draft(people), people)

    assert try_close(project, now=NOW) is False
    with pytest.raises(GateError) as refused:
        move(project, T.CLOSE, by=people.pm, now=NOW)
    assert [reason.code for reason in refused.value.reasons] == ["retro_owed", "not_measured"]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.LAUNCHED])
def test_nothing_but_a_launched_project_closes_by_itself(stage):
    assert try_close(ProjectFactory(stage=stage), now=NOW) is False


# --- Cancelled --------------------------------------------------------------------------------------------------------


def test_cancelled_before_approval_owes_nothing():
    people = cast()
    project = decided(submitted(draft(people)), StepState.ASKED_BACK, reason="Which bags?")

    project = move(project, T.CANCEL, by=people.pm, now=NOW, note="Bought.")

    assert (project.stage, owed(project), Retro.objects.count()) == (Stage.CANCELLED, set(), 0)


def test_cancelled_after_approval_frees_the_resources_and_owes_a_retro():
    people = cast()
    project = approved(draft(people))

    project = move(project, T.CANCEL, by=people.pm, now=NOW + DAY, note="Bought.")

    assert owed(project) == {("retro", "Pia Manager")}
    assert [grant.released_at for grant in project.grants.all()] == [NOW + DAY]


def test_cancelled_on_hold_frees_and_owes_the_same():
    people = cast()
    project = move(approved(draft(people)), T.HOLD, by=people.pm, now=NOW, note="Vendor.")

    project = move(project, T.CANCEL, by=people.pm, now=NOW, note="Bought.")

    assert (project.stage, project.held_from, owed(project)) == (Stage.CANCELLED, "", {("retro", "Pia Manager")})


def test_what_was_left_out_of_a_cancelled_project_is_owed_by_nobody():
    people = cast()
    project = in_delivery(draft(people), people)
    item = defer_scope(
        project,
        title="Old bags",
        owner=people.engineer,
        due_on=date(2027, 3, 1),
        benefit_line=project.benefit_lines.get(),
        share=Decimal("0.28"),
        by=people.pm,
        now=NOW,
    )

    move(project, T.CANCEL, by=people.pm, now=NOW, note="Bought.")

    assert owed(project) == {("retro", "Pia Manager"), ("retro_answer", "Eno Engineer")}
    item.refresh_from_db()
    assert item.settled_at is None
    assert settle_deferred(item, by=people.pm, now=NOW).settled_at == NOW


def test_lead_of_the_line_may_cancel_and_no_other_one():
    people = cast()
    dotted = UserFactory(roles=[Role.LEAD])
    people.pm.dotted_manager = dotted
    people.pm.save()
    stranger = UserFactory(roles=[Role.LEAD])
    people.engineer.manager = None

    for person in (stranger, people.boss, people.engineer, people.partner):
        with pytest.raises(PermissionDenied):
            move(draft(people), T.CANCEL, by=person, now=NOW, note="No.")
    for person in (people.pm, people.lead, dotted):
        assert move(draft(people), T.CANCEL, by=person, now=NOW, note="No.").stage == Stage.CANCELLED


@pytest.mark.parametrize("stage", [Stage.LAUNCHED, Stage.CLOSED, Stage.CANCELLED])
def test_what_was_launched_is_not_cancelled(stage):
    project = ProjectFactory(stage=stage)

    with pytest.raises(InvalidTransitionError):
        move(project, T.CANCEL, by=project.owner, now=NOW, note="No.")


def test_project_without_a_pledge_owes_no_number():
    project = ProjectFactory(stage=Stage.IN_DELIVERY)
    project.nothing_deferred_by = project.owner
    project.save()

    move(project, T.LAUNCH, by=project.owner, now=NOW)

    assert owed(project) == {("retro", project.owner.name)}


def test_who_forgot_the_lock_loses_by_the_stage():
    project = ProjectFactory(stage=Stage.APPROVED)
    Project.objects.update(stage=Stage.CANCELLED)

    with pytest.raises(StaleObjectError):
        pass_on(project, T.HOLD, by=project.owner, now=NOW)
    assert (Project.objects.get().stage, history(project)) == (Stage.CANCELLED, [])


# --- The whole life ---------------------------------------------------------------------------------------------------


def test_history_and_audit_of_a_whole_life():
    people = cast()

    project = closed(draft(people), people)

    assert history(project) == [
        ("submit", "draft", "submitted"),
        ("approve", "submitted", "approved"),
        ("start", "approved", "in_delivery"),
        ("launch", "in_delivery", "launched"),
        ("close", "launched", "closed"),
    ]
    assert verbs(project) == [
        "project.begun",
        "pitch.saved",
        "project.submit",
        "pitch.submitted",
        "approval.approved",
        "resources.granted",
        "project.approve",
        "risk.raised",
        "project.person_added",
        "review.called",
        "risk.assessed",
        "review.answered",
        "risk.estimated",
        "review.held",
        "risk.edited",
        "metric.pledged",
        "project.start",
        "scope.nothing_deferred",
        "project.launch",
        "retro.owed",
        "metric.measured",
        "retro.answered",
        "retro.answered",
        "lesson.added",
        "retro.held",
        "project.close",
    ]
    assert owed(project) == set()
    assert Obligation.objects.open().count() == 0


def test_every_write_touches_the_sequence():
    people = cast()
    project = prepared(draft(people), people)
    seen = project.sequence

    move(project, T.START, by=people.pm, now=NOW)

    assert Project.objects.get().sequence == seen + 1
