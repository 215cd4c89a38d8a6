"""The board as one reader may see it now: while notes are collected his own, later everybody's. Read-only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.policy.store import value
from retros import anonymity, policy
from retros.enums import Lane, Voice
from retros.models import Note, Participant, Vote
from retros.permissions import can_answer, can_facilitate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from portal.accounts.models import User
    from retros.models import Retro


@dataclass(slots=True)
class Card:
    """A note, with those that were grouped under it. `total` is None while votes are hidden."""

    note: Note
    is_own: bool
    my_votes: int
    total: int | None
    is_topic: bool
    grouped: list[Note] = field(default_factory=list)

    @property
    def size(self) -> int:
        return len(self.grouped) + 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what stands in it, in an order that says nothing."""

    lane: Lane
    cards: Sequence[Card]


@dataclass(frozen=True, slots=True)
class Board:
    """What a reader sees of the meeting, and what he may do in it now."""

    columns: Sequence[Column]
    #: Most votes first, once they are shown; those without a vote only where nobody voted at all.
    topics: Sequence[Card]
    people: Sequence[Participant]
    writers: int
    voters: int
    votes_each: int
    votes_left: int
    is_present: bool
    may_write: bool
    may_join: bool
    may_lead: bool
    #: Whether the reader may see notes that are not his own.
    are_notes_seen: bool
    has_nothing: bool

    @property
    def is_anonymous(self) -> bool:
        return anonymity.is_anonymous(self.writers)

    @property
    def present(self) -> list[User]:
        return [part.person for part in self.people if part.is_present]


def board_of(retro: Retro, reader: User, browser_key: str) -> Board:
    """The board for this reader, in three queries."""
    people = list(Participant.objects.filter(retro=retro).select_related("person"))
    mine = next((part for part in people if part.person_id == reader.pk), None)
    is_present = mine is not None and mine.is_present
    may_write = can_answer(reader, retro.project) and not retro.is_settled
    are_notes_seen = is_present and not retro.is_collecting and not retro.is_waived
    cards = cards_of(retro, reader, browser_key, are_all_seen=are_notes_seen)
    votes, voters = votes_of(retro, reader) if retro.is_voting and are_notes_seen else ({}, 0)
    for card in cards:
        card.my_votes = votes.get(card.note.pk, 0)
    most = value(policy.VOTES)
    return Board(
        columns=[Column(lane, [card for card in cards if card.note.lane == lane]) for lane in Lane],
        topics=topics_of(cards) if retro.are_votes_shown else (),
        people=people,
        writers=retro.writer_count
        if retro.writer_count is not None and not retro.is_collecting
        else writers_of(people),
        voters=voters,
        votes_each=most,
        votes_left=most - sum(votes.values()),
        is_present=is_present,
        may_write=may_write and retro.is_collecting,
        may_join=may_write and not retro.is_collecting and not is_present,
        may_lead=can_facilitate(reader, retro) and not retro.is_settled,
        are_notes_seen=are_notes_seen,
        has_nothing=mine is not None and mine.voice == Voice.NOTHING,
    )


def topics_of(cards: Sequence[Card]) -> list[Card]:
    """What is talked about, in its order."""
    ordered = sorted(cards, key=lambda card: (-(card.total or 0), card.note.pk))
    return [card for card in ordered if card.total or card.is_topic] or ordered


def writers_of(people: Sequence[Participant]) -> int:
    return sum(part.voice == Voice.WROTE for part in people)


def cards_of(retro: Retro, reader: User, browser_key: str, *, are_all_seen: bool) -> list[Card]:
    """The notes that stand by themselves, each with its group; by their random ids."""
    notes = {note.pk: note for note in Note.objects.filter(retro=retro)}
    own = {pk for pk, note in notes.items() if anonymity.is_marked(note.mark, browser_key, reader.pk, pk)}
    seen = [note for pk, note in notes.items() if are_all_seen or (retro.is_collecting and pk in own)]
    cards = {
        note.pk: Card(note, note.pk in own, 0, note.vote_count, retro.topic_id == note.pk)
        for note in seen
        if note.head_id not in notes or not are_all_seen
    }
    for note in seen:
        if are_all_seen and note.head_id in cards:
            head = cards[note.head_id]
            head.grouped.append(note)
            if head.total is not None:
                head.total += note.vote_count or 0
    return list(cards.values())


def votes_of(retro: Retro, reader: User) -> tuple[Mapping[UUID, int], int]:
    """The reader's own votes by note, and how many people have voted."""
    token = anonymity.vote_token(retro.vote_secret, reader.pk)
    rows = list(Vote.objects.filter(note__retro=retro).values_list("note", "token", "count"))
    return {note: count for note, whose, count in rows if whose == token}, len({whose for _note, whose, _c in rows})
