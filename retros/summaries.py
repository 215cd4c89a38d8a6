"""What a retro page shows: who answered, what is missing, which retros are owed. Read-only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.common.errors import Reason
from portal.common.written import listed
from projects.permissions import is_owner
from retros.models import Retro, RetroAnswer
from retros.permissions import asked, can_answer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise

    from portal.accounts.models import User
    from projects.models import Project


@dataclass(frozen=True, slots=True)
class Note:
    """What one person wrote to one question."""

    text: str
    person: User
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One question, and what everybody wrote to it."""

    name: _StrOrPromise
    notes: Sequence[Note]


#: The questions in short, for the head of a lane.
LANES: Sequence[tuple[str, _StrOrPromise]] = (
    ("went_well", _("What went well")),
    ("was_hard", _("What was hard")),
    ("do_next", _("Next time")),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Who has answered, and as far as the reader may see it, what."""

    mine: RetroAnswer | None
    #: Everybody's answers by question, the reader's own included; empty while the reader may not see them.
    lanes: Sequence[Lane]
    count: int
    answered: Sequence[User]
    waited_for: Sequence[User]
    #: Of those, everybody but the owner: he knows of himself.
    silent: Sequence[User]
    can_answer: bool
    #: Who answered is said to the people of the project; to others, how many.
    are_named: bool

    @property
    def silent_names(self) -> str:
        return listed(self.silent)

    @property
    def asked_count(self) -> int:
        return self.count + len(self.waited_for)


@dataclass(frozen=True, slots=True)
class OwedRow:
    """One owed retro in the list. `is_late` is judged by the day at the project's site."""

    retro: Retro
    is_mine: bool
    is_late: bool


def answers_of(retro: Retro, reader: User) -> Answers:
    """The answers as this reader may see them: others' only beside his own, so that nobody writes by another's words.

    What was written stays with those who wrote: who did not answer reads facts, lessons and follow-ups.
    """
    project = retro.project
    everybody = list(RetroAnswer.objects.filter(retro=retro).select_related("person"))
    mine = next((answer for answer in everybody if answer.person_id == reader.pk), None)
    answered = [answer.person for answer in everybody]
    wanted = [] if retro.is_settled else [project.owner, *asked(project)]
    waited_for = [person for person in wanted if person not in answered]
    was_there = can_answer(reader, project)
    return Answers(
        mine=mine,
        lanes=lanes_of(everybody, reader) if mine is not None else (),
        count=len(everybody),
        answered=answered,
        waited_for=waited_for,
        silent=[person for person in waited_for if person != project.owner],
        can_answer=was_there and not retro.is_settled,
        are_named=was_there,
    )


def lanes_of(answers: Sequence[RetroAnswer], reader: User) -> list[Lane]:
    """The answers turned from people to questions."""
    return [
        Lane(name, [Note(getattr(answer, field), answer.person, answer.person == reader) for answer in answers])
        for field, name in LANES
    ]


def missing_to_hold(retro: Retro, *, nothing_to_do: bool) -> list[Reason]:
    """What keeps the retro from being held: the owner's own answers, a lesson, a follow-up or the word that none is due.

    A meeting needs no answers of the owner: it was held once the votes were shown.
    """
    page = retro.get_absolute_url()
    reasons = []
    if retro.is_board:
        if not retro.is_discussing:
            reasons.append(Reason("not_discussed", _("The votes are not shown yet, so nothing was talked about"), page))
    elif not RetroAnswer.objects.filter(retro=retro, person_id=retro.project.owner_id).exists():
        reasons.append(Reason("no_answer", _("Your own answers are not in yet"), f"{page}#answers"))
    if not retro.lessons.exists():
        reasons.append(Reason("no_lesson", _("No lesson is written yet"), f"{page}#lessons"))
    if not nothing_to_do and not retro.follow_ups.exists():
        words = _("No follow-up is written: add one, or tick “nothing to do”")
        reasons.append(Reason("no_follow_up", words, f"{page}#follow-ups"))
    return reasons


def owed_rows(reader: User, *, now: datetime) -> list[OwedRow]:
    """Every owed retro the reader may see: his own first, then by the day it is wanted."""
    retros = Retro.objects.visible_to(reader).owed().with_counts().select_related("project__owner", "project__site")
    rows = [
        OwedRow(
            retro=retro,
            is_mine=is_owner(reader, retro.project),
            is_late=retro.wanted_on < retro.project.local_day(now),
        )
        for retro in retros
    ]
    return sorted(rows, key=by_urgency)


def by_urgency(row: OwedRow) -> tuple[bool, date, int]:
    return (not row.is_mine, row.retro.wanted_on, row.retro.pk)


def latest_of(project: Project) -> Retro | None:
    """The retro that the project's own page leads to."""
    return Retro.objects.filter(project=project).order_by("-pk").first()
