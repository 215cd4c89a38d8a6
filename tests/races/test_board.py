from functools import partial

from portal.common.errors import IllegalStateError, InvalidInputError
from retros.actions.board import show_notes, show_votes, vote, write_note
from retros.enums import Lane
from retros.models import Note, Participant, Retro, Vote
from tests.factories.projects import NOW
from tests.factories.retros import BoardFactory, voting, wrote
from tests.races.racing import RACES, one_won, race

pytestmark = RACES


def test_notes_are_shown_once():
    retro = BoardFactory()
    owner = retro.project.owner
    wrote(retro, owner)

    results = race(partial(show_notes, retro, by=owner, now=NOW), partial(show_notes, retro, by=owner, now=NOW))

    one_won(results, IllegalStateError)
    assert (Note.objects.count(), Retro.objects.get().is_voting) == (1, True)


def test_nobody_gives_more_votes_than_he_has_in_two_windows():
    _retro, people = voting()
    first, second, *_rest = Note.objects.all()

    results = race(partial(vote, first, 4, by=people[1]), partial(vote, second, 4, by=people[1]))

    assert sorted(type(result).__name__ for result in results) == [InvalidInputError.__name__, "NoneType"]
    assert Vote.objects.get().count == 4


def test_no_vote_comes_after_the_totals():
    retro, people = voting()
    note = Note.objects.earliest("pk")

    race(partial(vote, note, 1, by=people[1]), partial(show_votes, retro, by=people[0], now=NOW))

    note.refresh_from_db()
    assert (Vote.objects.count(), note.vote_count in {0, 1}, Retro.objects.get().vote_secret) == (0, True, "")


def test_one_form_sent_twenty_times_at_once_makes_one_note():
    retro = BoardFactory()
    owner = retro.project.owner
    send = partial(
        write_note, retro, lane=Lane.HELPED, text="The count", browser_key="0" * 64, form_key="1", by=owner, now=NOW
    )

    race(*[send] * 20)

    assert (Note.objects.count(), Participant.objects.count()) == (1, 1)
