"""Retros and lessons by the API."""

from __future__ import annotations

import pytest

from projects.models import FollowUp
from retros.models import Lesson, Retro
from tests.factories.accounts import UserFactory
from tests.factories.programs import Program
from tests.factories.projects import NOW, cast, draft, launched
from tests.factories.retros import LessonFactory, MemberFactory, RetroFactory

pytestmark = pytest.mark.django_db
ANSWERS = {"went_well": "The count", "was_hard": "The labels", "do_next": "Ask the hubs"}


@pytest.fixture(autouse=True)
def _a_monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def path(retro):
    return f"/projects/{retro.project.code}/retros/{retro.pk}"


def test_a_light_retro_is_answered_concluded_and_held_by_programs():
    people = cast()
    project = launched(draft(people), people)
    retro = Retro.objects.select_related("project").get(project=project)
    owner = Program(people.pm)

    assert [row["id"] for row in owner.get("/retros").json()["items"]] == [retro.pk]
    shown = owner.get(path(retro))
    assert shown.json()["facts"]["record"]["effort_planned"] == "10.00"
    said = owner.put(f"{path(retro)}/answers", ANSWERS, if_match='"0"')
    assert (said.status_code, said.json()["mine"]["version"]) == (200, 1), said.json()
    assert owner.put(f"{path(retro)}/answers", {"was_hard": "Late"}, if_match='"0"').status_code == 412
    assert owner.put(f"{path(retro)}/answers", {"was_hard": "Late"}, if_match=said["ETag"]).json()["mine"] == (
        ANSWERS | {"was_hard": "Late", "version": 2}
    )
    lesson = owner.post(f"{path(retro)}/lessons", {"text": "Count first", "tags": "labels"}, idempotency_key="one")
    again = owner.post(f"{path(retro)}/lessons", {"text": "Count first", "tags": "labels"}, idempotency_key="one")
    assert (lesson.status_code, lesson.json()["lessons"], Lesson.objects.count()) == (201, again.json()["lessons"], 1)
    gate = owner.post(f"{path(retro)}/held", {})
    assert (gate.status_code, gate.json()["code"]) == (409, "gate")
    sent = {"title": "Ask the hubs", "owner": people.engineer.pk, "due_on": "2026-12-18"}
    assert owner.post(f"{path(retro)}/follow-ups", sent).json()["follow_ups"][0]["title"] == "Ask the hubs"

    held = owner.post(f"{path(retro)}/held", {})

    assert (held.status_code, held.json()["state"]) == (200, "held"), held.json()
    assert FollowUp.objects.get().owner == people.engineer


def test_what_was_answered_is_read_beside_ones_own_answers_and_names_by_those_who_were_there():
    retro = RetroFactory()
    member = MemberFactory(project=retro.project).person
    Program(retro.project.owner).put(f"{path(retro)}/answers", ANSWERS, if_match='"0"')

    as_member, as_stranger = (Program(who).get(f"{path(retro)}/answers").json() for who in (member, UserFactory()))

    assert (as_member["questions"], [one["id"] for one in as_member["answered"]]) == ([], [retro.project.owner_id])
    assert (as_stranger["count"], as_stranger["answered"], as_stranger["waited_for"]) == (1, [], [])
    assert "The labels" not in str(as_member) + str(as_stranger)


def test_a_lesson_is_found_adopted_and_shows_nobody_as_its_writer():
    lesson = LessonFactory()
    people = cast()
    project = draft(people)
    program = Program(people.pm)

    (row,) = program.get("/lessons?q=printers").json()["items"]
    adopted = program.post(f"/lessons/{lesson.pk}/adoptions", {"project": project.pk, "note": "In week one"})
    answered = program.put(f"/projects/{project.code}/lessons/{lesson.pk}", {"answer": "not_here", "note": "No print"})

    assert (row["id"], sorted(row)) == (
        lesson.pk,
        sorted(
            ("id", "text", "applies_when", "kind", "cause", "cost_days", "cost_amount", "written_at", "project", "tags")
        ),
    )
    assert adopted.json()["uses"][0]["project"]["code"] == project.code
    assert (answered.status_code, answered.json()["answer"]) == (200, "not_here")
    assert program.get(f"/lessons/{lesson.pk}").json()["uses"] == []
    assert (
        Program(people.lead).put(f"/projects/{project.code}/lessons/{lesson.pk}", {"answer": "adopted"}).status_code
        == 403
    )
