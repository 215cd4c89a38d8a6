from http import HTTPStatus

import pytest
from django.core import mail
from django.urls import reverse

from portal.audit.models import AuditEntry
from portal.notifications.actions import deliver
from portal.notifications.models import Delivery
from portal.notifications.summaries import inbox_of
from retros.actions.board import show_votes, vote
from retros.actions.outcome import add_lesson
from retros.actions.retro import hold
from retros.enums import RetroState
from retros.models import Note, Retro, Vote
from tests.factories.accounts import UserFactory
from tests.factories.projects import NOW
from tests.factories.retros import BoardFactory, MemberFactory, voting, wrote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday")]

HTMX = {"hx-request": "true"}
#: What the two answers to an open page cost, however many notes there are: nothing new, and the board.
NOTHING_NEW_QUERIES = 4
BOARD_QUERIES = 18


def address(name, retro, *more):
    return reverse(f"retros:{name}", args=[retro.project_id, retro.pk, *more])


def body(answer):
    return answer.content.decode()


def test_a_note_is_written_changed_and_taken_off_in_one_browser(client):
    retro = BoardFactory()
    client.force_login(retro.project.owner)
    client.get(retro.get_absolute_url())

    added = client.post(address("note", retro), {"lane": "helped", "text": "The count", "_key": "1"})
    note = Note.objects.get()
    changed = client.post(address("note_change", retro, note.pk), {"text": "The count at night"})
    page = body(client.get(retro.get_absolute_url()))
    gone = client.post(address("note_drop", retro, note.pk))

    places = [answer["Location"] for answer in (added, changed, gone)]
    assert places == [f"{retro.get_absolute_url()}#lane-helped"] * 3
    assert ("The count at night" in page, Note.objects.count()) == (True, 0)


def test_one_form_makes_one_note_however_often_it_is_sent(client):
    retro = BoardFactory()
    client.force_login(retro.project.owner)

    for _ in range(5):
        client.post(address("note", retro), {"lane": "helped", "text": "The count", "_key": "1"})

    assert Note.objects.count() == 1


@pytest.mark.parametrize("text", ["", "x" * 501])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_note_that_cannot_be_kept_comes_back_in_its_column(client, text, headers):
    retro = BoardFactory()
    client.force_login(retro.project.owner)

    answer = client.post(address("note", retro), {"lane": "unforeseen", "text": text}, headers=headers)

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    form = answer.context["columns"][2].form
    assert (list(form.errors), form["text"].value()) == (["text"], text)
    assert ("<html" in body(answer)) == (not headers)


def test_a_note_that_comes_too_late_is_not_lost(client):
    retro, people = voting()
    client.force_login(people[1])

    answer = client.post(address("note", retro), {"lane": "helped", "text": "Too late, but true"})

    assert (answer.status_code, Note.objects.count()) == (HTTPStatus.CONFLICT, 4)
    assert "Too late, but true" in body(answer)


def test_an_open_page_hears_of_nothing_new_and_then_of_the_board(client):
    retro, people = voting()
    client.force_login(people[1])
    known = client.get(retro.get_absolute_url()).context["retro"].pulse

    same = client.get(address("board", retro), {"since": known}, headers=HTMX)
    show_votes(retro, by=people[0], now=NOW)
    new = client.get(address("board", retro), {"since": known}, headers=HTMX)

    assert (same.status_code, same.content) == (HTTPStatus.NOT_MODIFIED, b"")
    assert (new.status_code, new.context["retro"].pulse > known, "<html" in body(new)) == (HTTPStatus.OK, True, False)


def test_the_facilitator_leads_and_others_are_refused(client):
    retro = BoardFactory()
    member = MemberFactory(project=retro.project).person
    wrote(retro, member)

    client.force_login(member)
    refused = client.post(address("phase", retro), {"to": "votes"})
    client.force_login(retro.project.owner)
    led = [client.post(address("phase", retro), {"to": "votes", "_key": "1"}) for _ in range(2)]
    again = client.post(address("phase", retro), {"to": "votes"})

    assert refused.status_code == HTTPStatus.FORBIDDEN
    assert [answer.status_code for answer in led] == [HTTPStatus.FOUND] * 2
    assert (again.status_code, Retro.objects.get().state) == (HTTPStatus.CONFLICT, RetroState.DISCUSSING)


def test_votes_answer_with_the_board_and_end_at_the_limit(client):
    retro, people = voting()
    note = Note.objects.earliest("pk")
    client.force_login(people[1])

    given = client.post(address("vote", retro, note.pk), {"count": "5"}, headers=HTMX)
    too_many = client.post(address("vote", retro, note.pk), {"count": "6"}, headers=HTMX)

    assert (given.context["board"].votes_left, "5 of mine" in body(given)) == (0, True)
    assert (too_many.status_code, Vote.objects.get().count) == (HTTPStatus.UNPROCESSABLE_ENTITY, 5)


def test_topics_stand_in_the_order_of_their_votes(client):
    retro, people = voting()
    first, second, third, _fourth = Note.objects.all()
    vote(second, 3, by=people[1])
    vote(third, 1, by=people[2])
    show_votes(retro, by=people[0], now=NOW)
    client.force_login(people[0])

    client.post(address("topic", retro, third.pk))
    topics = client.get(retro.get_absolute_url()).context["board"].topics

    assert [card.note for card in topics][:2] == [second, third]
    assert [(card.note, card.total) for card in topics if card.is_topic] == [(third, 1)]
    client.post(address("group", retro, first.pk), {"head": str(third.pk)})
    assert [card.size for card in client.get(retro.get_absolute_url()).context["board"].topics][:2] == [1, 2]


def test_time_place_and_facilitator_are_set_and_told(client):
    retro = BoardFactory()
    member = MemberFactory(project=retro.project).person
    client.force_login(retro.project.owner)
    typed = {
        "planned_on": "2026-11-25",
        "begins_at": "15:00",
        "place": "Room 3",
        "facilitator": member.pk,
        "version": "1",
    }

    stale = client.post(address("day", retro), typed | {"version": "9"})
    stranger = client.post(address("day", retro), typed | {"facilitator": UserFactory().pk})
    done = client.post(address("day", retro), typed)

    assert (stale.status_code, "Room 3" in body(stale)) == (HTTPStatus.CONFLICT, True)
    assert stranger.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert done.status_code == HTTPStatus.FOUND
    kept = Retro.objects.get()
    assert (str(kept.begins_at), kept.place, kept.facilitator) == ("15:00:00", "Room 3", member)
    assert set(Delivery.objects.values_list("event", "person")) == {("retro_called", member.pk)}

    for changes in ({"begins_at": "16:30"}, {"facilitator": ""}, {"planned_on": "2026-11-26", "place": "Room 4"}):
        typed |= changes | {"version": str(Retro.objects.get().version)}
        assert client.post(address("day", retro), typed).status_code == HTTPStatus.FOUND
    rows, _older = inbox_of(member)
    assert [row.sentence.partition("moved: ")[2] for row in rows] == [
        "not Wed 25 Nov, 16:30, Room 3 but Thu 26 Nov, 16:30, Room 4",
        "not Wed 25 Nov, 15:00, Room 3 but Wed 25 Nov, 16:30, Room 3",
        "",
    ]


def test_the_minutes_say_what_came_of_it_and_never_a_note(client):
    retro, people = voting()
    Note.objects.update(text="CANARY")
    add_lesson(retro, text="Order printers first", by=people[0], now=NOW)
    show_votes(retro, by=people[0], now=NOW)
    hold(Retro.objects.get(), nothing_to_do=True, by=people[0], now=NOW)
    client.force_login(people[0])
    Delivery.objects.all().delete()

    page = body(client.get(address("minutes", retro)))
    sent = [client.post(address("minutes_mail", retro), {"_key": "1"}) for _ in range(2)]
    deliver(now=NOW.replace(hour=10))

    assert ("Order printers first" in page, people[2].name in page, "CANARY" in page) == (True, True, False)
    assert [answer.status_code for answer in sent] == [HTTPStatus.FOUND] * 2
    assert len(mail.outbox) == 3
    assert all("Order printers first" in message.body and "CANARY" not in message.body for message in mail.outbox)
    assert AuditEntry.objects.filter(verb="retro.minutes_sent").count() == 1
    client.force_login(UserFactory())
    assert people[2].name not in body(client.get(address("minutes", retro)))


@pytest.mark.parametrize("rows", [1, 30])
def test_a_page_that_polls_costs_the_same_whatever_stands_on_it(client, django_assert_num_queries, rows):
    retro, people = voting()
    Note.objects.bulk_create(Note(retro=retro, lane="helped", text="x", mark="0" * 64) for _ in range(rows))
    client.force_login(people[1])
    client.get(retro.get_absolute_url())

    with django_assert_num_queries(NOTHING_NEW_QUERIES):
        client.get(
            address("board", retro), {"since": Retro.objects.values_list("pulse", flat=True).get()}, headers=HTMX
        )
    with django_assert_num_queries(BOARD_QUERIES):
        client.get(address("board", retro), headers=HTMX)
