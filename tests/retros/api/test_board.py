"""The board by the API: with four writers or more nobody learns who wrote, and nothing of a sender is kept."""

from __future__ import annotations

import json

import pytest
from django.core import serializers

from portal.accounts.models import FormKey
from portal.audit.models import AuditEntry
from retros.actions.board import show_notes
from retros.models import Note, Participant, Retro, Vote
from tests.factories.accounts import AdminFactory, UserFactory
from tests.factories.programs import Program
from tests.factories.projects import NOW
from tests.factories.retros import BoardFactory, MemberFactory, voting

pytestmark = pytest.mark.django_db
OTHER_KEY = "0123456789abcdef" * 4


@pytest.fixture(autouse=True)
def _a_monday(time_machine):
    time_machine.move_to(NOW, tick=False)


def path(retro):
    return f"/projects/{retro.project.code}/retros/{retro.pk}"


def note(text="The labels", lane="hindered"):
    return {"lane": lane, "text": text}


@pytest.fixture
def written():
    """Four programs have written a note each; notes are still collected."""
    retro = BoardFactory()
    people = [retro.project.owner, *(MemberFactory(project=retro.project).person for _ in range(3))]
    keys = {}
    for number, person in enumerate(people):
        made = Program(person).post(f"{path(retro)}/notes", note(f"Note {number}"), idempotency_key="1")
        assert made.status_code == 201, made.json()
        keys[person] = made.json()["key"]
    return retro, people, keys


def test_while_notes_are_collected_one_sees_ones_own_by_its_key_alone(written):
    retro, people, keys = written

    for number, person in enumerate(people):
        program = Program(person)
        with_key = program.get(f"{path(retro)}/board", note_key=keys[person]).json()
        others_key = program.get(f"{path(retro)}/board", note_key=keys[people[number - 1]]).json()
        assert [(card["text"], card["is_own"]) for card in with_key["notes"]] == [(f"Note {number}", True)]
        assert (others_key["notes"], program.get(f"{path(retro)}/board").json()["notes"]) == ([], [])
        assert (with_key["writers"], with_key["is_anonymous"]) == (4, True)


@pytest.mark.parametrize("is_shown", [False, True])
def test_nothing_anywhere_says_who_wrote_what(written, is_shown):
    retro, _people, keys = written
    if is_shown:
        show_notes(retro, by=retro.project.owner, now=NOW)
    kept = serializers.serialize("json", [*AuditEntry.objects.all(), *Retro.objects.all(), *Note.objects.all()])

    assert FormKey.objects.count() == 0
    assert AuditEntry.objects.filter(verb__contains="note").exclude(verb="retro.notes_shown").count() == 0
    assert [key for key in keys.values() if key in kept] == []
    fields = {name for row in json.loads(serializers.serialize("json", Note.objects.all())) for name in row["fields"]}
    assert fields == {"retro", "lane", "text", "mark", "head", "vote_count"}
    if is_shown:
        assert not Participant.objects.filter(retro=retro).exclude(voice="").exists()


def test_shown_to_those_who_are_there_they_are_the_same_to_everybody(written):
    retro, people, keys = written
    lead = Program(people[0]).post(f"{path(retro)}/phase", {"to": "votes"}, idempotency_key="1", note_key=OTHER_KEY)
    assert lead.status_code == 200, lead.json()
    absent, stranger = MemberFactory(project=retro.project).person, UserFactory()
    for person in people[1:]:
        Program(person).post(f"{path(retro)}/joined", idempotency_key="2", note_key=keys[person])
    assert FormKey.objects.count() == 0

    boards = [Program(person).get(f"{path(retro)}/board").json()["notes"] for person in people]

    assert sorted(card["text"] for card in boards[0]) == [f"Note {number}" for number in range(4)]
    assert boards == [boards[0]] * 4
    assert {name for card in boards[0] for name in card} == {
        "id", "lane", "text", "is_own", "votes", "my_votes", "is_topic", "grouped",
    }  # fmt: skip
    for person in (absent, stranger, AdminFactory()):
        assert Program(person).get(f"{path(retro)}/board").json()["notes"] == []


def test_a_note_is_sent_twice_changed_and_taken_back_by_its_key(written):
    retro, people, keys = written
    program = Program(people[1])
    sent = [
        program.post(f"{path(retro)}/notes", note("Again"), note_key=keys[people[1]], idempotency_key="2").json()["id"]
        for _again in range(2)
    ]
    one = f"{path(retro)}/notes/{sent[0]}"

    assert (sent[0], Note.objects.count()) == (sent[1], 5)
    for person, key in ((people[1], ""), (people[1], OTHER_KEY), (people[2], keys[people[1]])):
        headers = {"note_key": key} if key else {}
        refused = [Program(person).patch(one, {"text": "Mine"}, **headers), Program(person).delete(one, **headers)]
        assert [answer.status_code for answer in refused] == [403, 403]
    changed = program.patch(one, {"text": "Once more"}, note_key=keys[people[1]])
    assert (changed.json()["text"], changed.json()["lane"]) == ("Once more", "hindered")
    assert program.delete(one, note_key=keys[people[1]]).status_code == 204
    assert Note.objects.count() == 4


@pytest.mark.parametrize(
    ("sent", "field"), [(note(""), "text"), (note("x" * 501), "text"), (note(lane="blame"), "lane"), ({}, "text")]
)
def test_a_note_that_cannot_be_kept_is_refused_at_its_field(sent, field):
    retro = BoardFactory()

    refused = Program(retro.project.owner).post(f"{path(retro)}/notes", sent)

    assert (refused.status_code, field in refused.json()["errors"], Note.objects.count()) == (400, True, 0)
    assert Program(retro.project.owner).post(f"{path(retro)}/notes", note(), note_key="mine").status_code == 400


def test_a_meeting_is_led_and_votes_are_given_by_programs():
    retro, people = voting()
    programs = [Program(person) for person in people]
    first = programs[0].get(f"{path(retro)}/board").json()["notes"][0]["id"]

    given = programs[1].put(f"{path(retro)}/notes/{first}/votes", {"count": 2}, idempotency_key="vote")

    assert (given.status_code, given.json()["voters"]) == (200, 1), given.json()
    assert [card["votes"] for card in given.json()["notes"]] == [None] * 4
    assert (Vote.objects.get().count, FormKey.objects.count()) == (2, 0)
    assert programs[1].put(f"{path(retro)}/notes/{first}/votes", {"count": 99}).status_code in {400, 409}
    assert programs[1].post(f"{path(retro)}/phase", {"to": "discussion"}).status_code == 403
    led = programs[0].post(f"{path(retro)}/phase", {"to": "discussion"})
    assert [card["votes"] for card in led.json()["notes"] if card["id"] == first] == [2]
    assert Vote.objects.count() == 0
