"""What the API shows of retros and lessons. A note has no model that could name anybody."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import Shown
from projects.api.shown import FollowUpRow, FollowUpShown, ProjectNamedShown


class RetroRow(Shown):
    """A retro in the list."""

    id: int
    project: ProjectNamedShown
    state: str
    tier: str
    is_board: bool
    owed_since: datetime
    due_on: date
    planned_on: date | None
    held_at: datetime | None


class RecordShown(Shown):
    """Promised beside what came; what is not known is null, never zero."""

    launch_planned: date | None
    launch_actual: date | None
    launch_drift_days: int | None
    effort_planned: Decimal | None
    effort_actual: Decimal | None
    cost_planned: Decimal | None
    cost_actual: Decimal | None
    benefit_planned: Decimal | None
    benefit_kept: Decimal
    baseline: Decimal | None
    target: Decimal | None
    measured: Decimal | None
    measured_on: date | None


class RiskCountShown(Shown):
    """What was foreseen, how much of that came true, and what came that nobody foresaw."""

    foreseen: int
    occurred: int
    unforeseen: int


class ChangeShown(Shown):
    """A recorded change."""

    number: int
    kind: str
    before: str
    after: str
    reason: str
    made_at: datetime


class HappenedShown(Shown):
    """A risk that came true."""

    id: int
    event: str
    state: str
    outcome: str


class LeftOutShown(Shown):
    """What was left out and is still to come."""

    id: int
    title: str
    owner: PersonShown
    due_on: date


class FactsShown(Shown):
    """What a retro opens with, from the record."""

    record: RecordShown
    risks: RiskCountShown
    changes: list[ChangeShown]
    happened: list[HappenedShown]
    left_out: list[LeftOutShown]
    open_before: list[FollowUpRow]


class LessonShown(Shown):
    """A lesson, as its retro has it; who wrote it is shown nowhere."""

    id: int
    text: str
    applies_when: str
    kind: str
    cause: str
    cost_days: Decimal | None
    cost_amount: Decimal | None
    written_at: datetime


class LessonRow(LessonShown):
    """A lesson in the library."""

    project: ProjectNamedShown
    tags: list[str]


class UseShown(Shown):
    """What another project made of a lesson."""

    project: ProjectNamedShown
    answer: str
    note: str


class LessonUsedShown(LessonRow):
    """A lesson with the projects that adopted it, as far as the reader sees them."""

    uses: list[UseShown]


class RetroShown(RetroRow):
    """A retro: facts, what came of it, and its date."""

    begins_at: time | None
    place: str
    facilitator: PersonShown | None
    is_nothing_to_do: bool
    waived_because: str
    facts: FactsShown
    lessons: list[LessonShown]
    follow_ups: list[FollowUpShown]
    version: int


class WrittenShown(Shown):
    """What one person wrote to one question."""

    text: str
    person: PersonShown


class QuestionShown(Shown):
    """One of the three questions with what was written to it."""

    question: str
    answers: list[WrittenShown]


class OwnAnswersShown(Shown):
    """One's own answers."""

    went_well: str
    was_hard: str
    do_next: str
    version: int


class AnswersShown(Shown):
    """The answers of a retro without a meeting: those of others only beside one's own. Names only among its people."""

    mine: OwnAnswersShown | None
    version: int
    count: int
    answered: list[PersonShown]
    waited_for: list[PersonShown]
    questions: list[QuestionShown]


class NoteShown(Shown):
    """A note: what it says, and nothing of who said it."""

    id: UUID
    lane: str
    text: str


class NoteKeptShown(NoteShown):
    """One's own note, with the key by which it can be changed; the portal keeps no copy of the key."""

    key: str


class CardShown(NoteShown):
    """A note with those that say the same; the votes are null while they are hidden."""

    is_own: bool
    votes: int | None
    my_votes: int
    is_topic: bool
    grouped: list[NoteShown]


class BoardShown(Shown):
    """The board as the reader may see it now."""

    are_notes_seen: bool
    writers: int
    is_anonymous: bool
    voters: int
    votes_each: int
    votes_left: int
    is_present: bool
    present: list[PersonShown]
    notes: list[CardShown]
