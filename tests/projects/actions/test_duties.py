from datetime import date

import pytest

from projects.actions.stage import move
from projects.enums import Stage, StepState, SubmissionState
from projects.lifecycle import Transition
from projects.models import ApprovalStep, Submission
from tests.factories.projects import DAY, NOW, cast, decided, draft, due, end_of, owed, submitted, told, verbs

pytestmark = pytest.mark.django_db


def test_asked_back_is_owed_by_the_owner_until_it_is_submitted_again():
    people = cast()
    project = submitted(draft(people))

    project = decided(project, StepState.ASKED_BACK, reason="Which bags?")

    assert (project.stage, Submission.objects.get().state) == (Stage.DRAFT, SubmissionState.ASKED_BACK)
    assert owed(project) == {("rework", "Pia Manager")}
    assert due("rework") == end_of(date(2026, 11, 26))
    assert told(project)[-1] == ("decided", "Pia Manager")
    assert verbs(project)[-2:] == ["approval.asked_back", "project.ask_back"]
    assert project.stage_changes.latest("pk").note == "Which bags?"

    project = submitted(project, now=NOW + DAY)

    assert owed(project) == {("approval", "Lea Lead")}
    assert list(Submission.objects.values_list("number", "state")) == [(1, "asked_back"), (2, "pending")]


def test_declined_is_the_owners_to_revise():
    people = cast()
    project = decided(submitted(draft(people)), StepState.DECLINED, reason="No.")

    assert (project.stage, Submission.objects.get().state) == (Stage.DECLINED, SubmissionState.DECLINED)
    assert owed(project) == set()
    assert verbs(project)[-2:] == ["approval.declined", "project.decline"]

    project = move(project, Transition.REVISE, by=people.pm, now=NOW)
    assert (project.stage, submitted(project).stage) == (Stage.DRAFT, Stage.SUBMITTED)


def test_deferred_comes_back_on_its_day():
    people = cast()
    project = submitted(draft(people))

    project = decided(project, StepState.DEFERRED, reason="Next quarter.", return_on=date(2027, 1, 4))

    step = ApprovalStep.objects.get()
    assert (project.stage, step.state, step.return_on) == (Stage.DEFERRED, StepState.DEFERRED, date(2027, 1, 4))
    assert owed(project) == {("reconsider", "Pia Manager")}
    assert due("reconsider") == end_of(date(2027, 1, 4))
    assert verbs(project)[-2:] == ["approval.deferred", "project.defer"]

    project = move(project, Transition.REVISE, by=people.pm, now=NOW)
    assert (project.stage, owed(project)) == (Stage.DRAFT, set())


def test_deferred_twice_is_owed_on_the_later_day():
    people = cast()
    project = decided(submitted(draft(people)), StepState.DEFERRED, reason="Later.", return_on=date(2027, 1, 4))
    project = submitted(move(project, Transition.REVISE, by=people.pm, now=NOW), now=NOW + DAY)

    decided(project, StepState.DEFERRED, now=NOW + DAY, reason="Later still.", return_on=date(2027, 4, 1))

    assert due("reconsider") == end_of(date(2027, 4, 1))
