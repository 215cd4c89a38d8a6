"""Retros of the demo that are meetings: notes by several people, votes, and the day of one that is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from portal.demo.words import Say
from retros.actions.board import join, show_notes, show_votes, vote, write_note
from retros.actions.retro import pick_day
from retros.models import Note

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from portal.accounts.models import User
    from portal.demo.company import Company
    from retros.enums import Lane
    from retros.models import Retro

ROOM = Say("Room “Sorting”, second floor", "二楼“分拣”会议室")
#: The demo's notes are nobody's own: no browser has this key.
NO_BROWSER = "0" * 64


@dataclass(frozen=True, slots=True)
class Noted:
    """A note, by whom, and by how many of those present it was voted for."""

    who: str
    lane: Lane
    text: Say
    votes: int = 0


def scheduled(company: Company, retro: Retro, facilitator: User) -> Retro:
    """Its day is picked and everybody told."""
    return pick_day(
        retro,
        planned_on=company.day(2),
        version=retro.version,
        begins_at=time(15),
        place=company.say(ROOM),
        facilitator=facilitator,
        by=retro.project.owner,
        now=company.at(3, 10),
    )


def collected(company: Company, retro: Retro, board: Sequence[Noted], *, now: datetime) -> None:
    """Everybody has written, each apart."""
    for number, noted in enumerate(board):
        write_note(
            retro,
            lane=noted.lane,
            text=company.say(noted.text),
            browser_key=NO_BROWSER,
            form_key=f"demo {number}",
            by=company.people[noted.who],
            now=now,
        )


def discussed(company: Company, retro: Retro, board: Sequence[Noted], *, now: datetime) -> Retro:
    """The meeting up to the discussion: notes shown, votes given and shown."""
    owner = retro.project.owner
    collected(company, retro, board, now=now)
    show_notes(retro, by=owner, now=now)
    present = list(dict.fromkeys(company.people[noted.who] for noted in board))
    for person in present:
        join(retro, by=person, now=now)
    notes = {note.text: note for note in Note.objects.filter(retro=retro).select_related("retro__project")}
    for noted in board:
        for person in present[: noted.votes]:
            vote(notes[company.say(noted.text)], 1, by=person)
    return show_votes(retro, by=owner, now=now)
