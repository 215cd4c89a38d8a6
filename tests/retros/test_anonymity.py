"""What could say who wrote a note or gave a vote: no row, no order, no page, no record may."""

import uuid
from http import HTTPStatus

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from portal.accounts.models import FormKey
from portal.audit.models import AuditEntry
from portal.notifications.models import Delivery
from retros import anonymity
from retros.actions.board import show_notes, show_votes, vote
from retros.actions.retro import waive
from retros.board import board_of
from retros.enums import Voice
from retros.models import Note, Participant, Retro, Vote
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW
from tests.factories.retros import HELD, BoardFactory, MemberFactory, browser_of, voting, wrote

# ── marks and tokens (pure) ─────────────────────────────────────────────


def test_two_notes_of_one_browser_have_nothing_in_common():
    one, other = uuid.uuid4(), uuid.uuid4()

    marks = {anonymity.mark("key", 1, one), anonymity.mark("key", 1, other), anonymity.mark("key", 2, one)}

    assert len(marks) == 3
    assert anonymity.is_marked(anonymity.mark("key", 1, one), "key", 1, one)
    assert not anonymity.is_marked(anonymity.mark("", 1, one), "", 1, one)


def test_a_form_makes_one_id_and_its_id_says_nothing():
    made = anonymity.note_id("form", 1, 1)

    assert made == anonymity.note_id("form", 1, 1)
    assert made.version == 4
    assert (
        len({made, anonymity.note_id("form", 1, 2), anonymity.note_id("form", 2, 1), anonymity.note_id("", 1, 1)}) == 4
    )


@pytest.mark.parametrize(("writers", "is_anonymous"), [(0, False), (3, False), (4, True)])
def test_four_writers_are_enough(writers, is_anonymous):
    assert anonymity.is_anonymous(writers) is is_anonymous


# ── rows ────────────────────────────────────────────────────────────────

pytestmark_db = pytest.mark.django_db


@pytestmark_db
def test_a_note_has_no_column_for_a_person_or_a_time():
    assert {field.name for field in Note._meta.get_fields() if field.concrete} == {
        "id", "retro", "lane", "text", "mark", "head", "vote_count",
    }  # fmt: skip
    assert {field.name for field in Vote._meta.get_fields()} == {"id", "note", "token", "count"}


@pytestmark_db
def test_a_note_leaves_no_record_no_news_and_no_form_key(client):
    retro = BoardFactory()
    client.force_login(retro.project.owner)

    client.post(
        reverse("retros:note", args=[retro.project_id, retro.pk]), {"lane": "helped", "text": "CANARY", "_key": "1"}
    )

    assert Note.objects.get().text == "CANARY"
    assert [model.objects.count() for model in (AuditEntry, Delivery, FormKey)] == [0, 0, 0]
    assert mail.outbox == []


@pytestmark_db
def test_showing_writes_the_rows_anew_in_another_order():
    retro = BoardFactory()
    people = [retro.project.owner, *(MemberFactory(project=retro.project).person for _ in range(9))]
    written = [wrote(retro, person, f"Note {n}").pk for n, person in enumerate(people)]

    show_notes(retro, by=retro.project.owner, now=HELD)

    place = "rowid" if connection.vendor == "sqlite" else "ctid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM retros_note ORDER BY {place}")  # noqa: S608 -- a constant
        stored = [uuid.UUID(str(pk)) for (pk,) in cursor.fetchall()]
    assert set(stored) == set(written)
    assert stored != written  # one in 3.6 million


@pytestmark_db
def test_who_wrote_is_a_number_once_the_notes_are_shown():
    retro, _people = voting(writers=5)

    assert retro.writer_count == 5
    assert set(Participant.objects.values_list("voice", flat=True)) == {Voice.SILENT}


@pytestmark_db
def test_votes_are_sums_once_they_are_shown_and_their_secret_is_gone():
    retro, people = voting()
    first, second, *_rest = Note.objects.all()
    vote(first, 2, by=people[0])
    vote(first, 1, by=people[1])
    vote(second, 5, by=people[2])

    show_votes(retro, by=retro.project.owner, now=NOW)

    shown = Retro.objects.get()
    assert (shown.vote_secret, shown.are_votes_shown, Vote.objects.count()) == ("", True, 0)
    assert [Note.objects.get(pk=note.pk).vote_count for note in (first, second)] == [3, 5]


@pytestmark_db
def test_the_record_knows_that_notes_were_shown_and_not_which():
    retro, _people = voting()
    show_votes(retro, by=retro.project.owner, now=NOW)

    entries = AuditEntry.objects.exclude(verb="retro.joined")

    assert [(entry.verb, entry.before, entry.after) for entry in entries] == [
        ("retro.notes_shown", None, {"notes": 4}),
        ("retro.votes_shown", None, None),
    ]


@pytestmark_db
def test_a_waived_retro_keeps_no_note():
    retro = BoardFactory()
    wrote(retro, retro.project.owner)
    lead = UserFactory(roles=["lead"])

    waive(retro, reason="Two days of work", by=lead, now=NOW)

    assert (Note.objects.count(), Participant.objects.count()) == (0, 0)


# ── what pages tell ─────────────────────────────────────────────────────


@pytestmark_db
def test_while_notes_are_collected_each_sees_his_own_only(client):
    retro = BoardFactory()
    member = MemberFactory(project=retro.project).person
    wrote(retro, member, "CANARY")

    assert [own.note.text for own in cards(retro, member)] == ["CANARY"]
    for person in (retro.project.owner, UserFactory(roles=["lead", "admin"])):
        assert cards(retro, person) == []
        client.force_login(person)
        for page in pages(retro):
            assert "CANARY" not in client.get(page).content.decode()


@pytestmark_db
def test_the_key_of_a_browser_is_worth_nothing_in_other_hands():
    retro = BoardFactory()
    member = MemberFactory(project=retro.project).person
    wrote(retro, member)

    assert board_of(retro, retro.project.owner, browser_of(member)).columns[1].cards == []


@pytestmark_db
def test_neither_how_many_notes_nor_when_they_came_is_told_while_they_are_collected():
    retro = BoardFactory()
    wrote(retro, retro.project.owner)
    pulse = Retro.objects.get().pulse

    wrote(retro, retro.project.owner, "One more")

    assert Retro.objects.get().pulse == pulse  # nothing that a page which polls could hear of
    assert board_of(Retro.objects.get(), MemberFactory(project=retro.project).person, "").writers == 1


@pytestmark_db
@pytest.mark.parametrize("is_held", [False, True])
def test_notes_stay_with_those_who_were_present(client, is_held):
    retro, people = voting()
    absent = MemberFactory(project=retro.project).person
    Note.objects.update(text="CANARY")
    if is_held:
        Retro.objects.update(state="held", held_at=HELD, are_votes_shown=True, vote_secret="")

    for person in (absent, UserFactory(roles=["lead", "admin"])):
        client.force_login(person)
        for page in pages(retro):
            assert "CANARY" not in client.get(page).content.decode()
    client.force_login(people[1])
    assert "CANARY" in client.get(retro.get_absolute_url()).content.decode()


@pytestmark_db
def test_no_note_and_no_total_names_anybody(client):
    retro, people = voting()
    for person in people:
        vote(Note.objects.earliest("pk"), 1, by=person)
    client.force_login(people[1])

    page = client.get(retro.get_absolute_url()).content.decode()
    board = page.split('class="fs-board')[1].split("<aside")[0].split('id="lessons"')[0]

    assert "4 of 4 people here have voted." in page
    assert "4 votes" not in page
    for person in people:
        assert person.name not in board


@pytestmark_db
@pytest.mark.parametrize(("writers", "promises"), [(3, False), (4, True)])
def test_below_four_the_page_says_that_it_cannot_promise_it(client, writers, promises):
    retro, _people = voting(writers=writers)
    client.force_login(retro.project.owner)

    page = client.get(retro.get_absolute_url()).content.decode()

    assert ("notes without a name stay without one" in page, "can’t promise" in page) == (promises, not promises)


@pytestmark_db
def test_the_key_stays_in_the_browser_and_out_of_reach_of_scripts(client):
    retro = BoardFactory()
    client.force_login(retro.project.owner)

    answer = client.get(retro.get_absolute_url())

    kept = answer.cookies[f"foresight-retro-{retro.pk}"]
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Lax", retro.get_absolute_url())
    assert kept.value not in answer.content.decode()
    again = client.get(retro.get_absolute_url()).cookies[f"foresight-retro-{retro.pk}"]
    assert again.value == kept.value


@pytestmark_db
def test_another_browser_of_the_same_person_cannot_change_a_note(client):
    retro = BoardFactory()
    note = wrote(retro, retro.project.owner)
    client.force_login(retro.project.owner)

    answer = client.post(reverse("retros:note_change", args=[retro.project_id, retro.pk, note.pk]), {"text": "Mine"})

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert Note.objects.get().text == "The printers came late"


def cards(retro, person):
    return [card for column in board_of(retro, person, browser_of(person)).columns for card in column.cards]


def pages(retro):
    """Every page that could speak of a note."""
    project = retro.project_id
    return [
        retro.get_absolute_url(),
        reverse("retros:board", args=[project, retro.pk]),
        "/retros/",
        reverse("project", args=[project]),
        reverse("project_activity", args=[project]),
        "/",
        "/inbox/",
    ]
