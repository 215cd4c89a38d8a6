"""The board of a retro meeting: notes without a name, their showing, grouping, votes, and who was there.

A note leaves no audit row: its writer stands nowhere, and no time finer than the phase. What the facilitator does, and
who was present, is recorded as everything else.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.accounts.permissions import require
from portal.audit.actions import record
from portal.common.errors import IllegalStateError, InvalidInputError
from portal.notifications.actions import settle
from portal.policy.store import value
from projects.actions.project import check_fields
from retros import anonymity, policy
from retros.actions.retro import beat, still_open, write
from retros.enums import RetroState, Voice
from retros.models import Note, Participant, Retro, Vote
from retros.permissions import can_answer, can_facilitate, can_read_notes

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from portal.accounts.models import User
    from retros.enums import Lane

SHOWN_ALREADY = _("The notes are shown already: say it in the meeting, or ask the facilitator to go back to the notes.")
ONLY_PRESENT = _("Those who are present vote: say first that you are here.")


# ── notes ───────────────────────────────────────────────────────────────


@transaction.atomic
def write_note(
    retro: Retro, *, lane: Lane, text: str, browser_key: str, form_key: str = "", by: User, now: datetime
) -> Note:
    """Put a note on the board. The same showing of the form (`form_key`) makes one note, however often it is sent.

    Raises PermissionDenied, IllegalStateError (shown already, or the form was sent with other words), InvalidInputError.
    """
    require_note(retro, by)
    current = collecting(retro)
    note_id = anonymity.note_id(form_key, current.pk, by.pk)
    note = Note(id=note_id, retro=current, lane=lane, text=text.strip())
    note.mark = anonymity.mark(browser_key, by.pk, note_id)
    check_fields(note, ["lane", "text"])
    sent = Note.objects.filter(pk=note_id).first()
    if sent is None:
        note.save(force_insert=True)
        speak(current, by, Voice.WROTE, now=now)
        return note
    if (sent.text, sent.lane) != (note.text, note.lane):
        raise IllegalStateError(_("This form was sent already with other words. Send it once more to add these too."))
    return sent


@transaction.atomic
def change_note(note: Note, *, text: str, browser_key: str, by: User) -> Note:
    """Write a note of this browser anew. Raises PermissionDenied, IllegalStateError, InvalidInputError."""
    current = own(note, browser_key, by)
    check_fields(Note(text=text.strip()), ["text"])
    Note.objects.filter(pk=note.pk, retro=current).update(text=text.strip())
    return Note.objects.get(pk=note.pk)


@transaction.atomic
def take_back_note(note: Note, *, browser_key: str, by: User, now: datetime) -> None:
    """Take a note of this browser off the board. Whose last one it was counts as a writer no more."""
    current = own(note, browser_key, by)
    Note.objects.filter(pk=note.pk).delete()
    others = Note.objects.filter(retro=current)
    if not any(anonymity.is_marked(other.mark, browser_key, by.pk, other.pk) for other in others):
        speak(current, by, Voice.NOTHING, now=now)


@transaction.atomic
def say_nothing(retro: Retro, *, by: User, now: datetime) -> None:
    """Nothing to add is an answer too; who wrote a note keeps having written."""
    require_note(retro, by)
    current = collecting(retro)
    if not Participant.objects.filter(retro=current, person=by, voice=Voice.WROTE).exists():
        speak(current, by, Voice.NOTHING, now=now)


def require_note(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may write notes."""
    require(can_answer(by, retro.project), _("The people of the project write notes: who worked on it or assessed it."))


def collecting(retro: Retro) -> Retro:
    """The retro under lock, while notes are collected. Raises IllegalStateError."""
    current = still_open(retro)
    if not current.is_board:
        raise IllegalStateError(_("A light project answers three questions; it has no board."))
    if not current.is_collecting:
        raise IllegalStateError(SHOWN_ALREADY)
    return current


def require_own(note: Note, browser_key: str, by: User) -> None:
    """Raise PermissionDenied unless the note was written in this browser by this person."""
    is_own = anonymity.is_marked(note.mark, browser_key, by.pk, note.pk)
    require(is_own, _("Only the browser that wrote a note changes it: nothing else knows whose it is."))


def own(note: Note, browser_key: str, by: User) -> Retro:
    """The retro of one's own note, under lock, while notes are collected."""
    require_own(note, browser_key, by)
    return collecting(note.retro)


def speak(retro: Retro, person: User, voice: Voice, *, now: datetime) -> None:
    """Remember that the person said something, so that nobody asks again; others hear of it as a number only."""
    before = Participant.objects.filter(retro=retro, person=person).values_list("voice", flat=True).first()
    Participant.objects.update_or_create(retro=retro, person=person, defaults={"voice": voice})
    Retro.objects.filter(pk=retro.pk, state__in=(RetroState.OWED, RetroState.SCHEDULED)).update(
        state=RetroState.COLLECTING
    )
    settle("retro_answer", retro.pk, now=now, person=person)
    if before != voice and Voice.WROTE in {before, voice}:
        beat(retro)


# ── the facilitator's phases ────────────────────────────────────────────


def require_facilitator(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person leads the meeting."""
    leader = retro.facilitator or retro.project.owner
    require(can_facilitate(by, retro), _("The facilitator leads the meeting: %s.") % leader)


@transaction.atomic
def show_notes(retro: Retro, *, by: User, now: datetime) -> Retro:
    """End the collecting: all notes appear at once, in an order that says nothing, and votes may be given.

    The rows are written anew in random order and who wrote is reduced to a number, so that neither the place of a row
    nor the moment somebody was last asked leads to a writer. Raises PermissionDenied, IllegalStateError.
    """
    require_facilitator(retro, by)
    current = collecting(retro)
    notes = list(Note.objects.filter(retro=current))
    if not notes:
        raise IllegalStateError(_("Nobody has written a note yet. Two silent minutes are enough."))
    random.SystemRandom().shuffle(notes)
    Note.objects.filter(retro=current).delete()
    Note.objects.bulk_create(notes)
    people = Participant.objects.filter(retro=current)
    writers = max(people.filter(voice=Voice.WROTE).count(), current.writer_count or 0)
    people.update(voice=Voice.SILENT)
    write(
        current,
        version=current.version,
        state=RetroState.DISCUSSING,
        writer_count=writers,
        vote_secret=anonymity.new_secret(),
        pulse=F("pulse") + 1,
    )
    settle("retro_answer", current.pk, now=now)
    record("retro.notes_shown", current, by=by, now=now, project_id=current.project_id, after={"notes": len(notes)})
    mark_present(current, [by])
    return Retro.objects.get(pk=current.pk)


@transaction.atomic
def back_to_notes(retro: Retro, *, by: User, now: datetime) -> Retro:
    """Collect once more: votes given so far are dropped. Raises PermissionDenied, IllegalStateError."""
    require_facilitator(retro, by)
    current = voting(retro)
    Vote.objects.filter(note__retro=current).delete()
    write(
        current, version=current.version, state=RetroState.COLLECTING, vote_secret="", topic=None, pulse=F("pulse") + 1
    )
    record("retro.notes_hidden", current, by=by, now=now, project_id=current.project_id)
    return Retro.objects.get(pk=current.pk)


@transaction.atomic
def show_votes(retro: Retro, *, by: User, now: datetime) -> Retro:
    """Show the totals, and destroy what could have said whose votes they were.

    Raises PermissionDenied, IllegalStateError.
    """
    require_facilitator(retro, by)
    current = voting(retro)
    totals = dict(Vote.objects.filter(note__retro=current).values_list("note").annotate(total=Sum("count")).order_by())
    notes = list(Note.objects.filter(retro=current))
    for note in notes:
        note.vote_count = totals.get(note.pk, 0)
    Note.objects.bulk_update(notes, ["vote_count"])
    Vote.objects.filter(note__retro=current).delete()
    write(current, version=current.version, are_votes_shown=True, vote_secret="", pulse=F("pulse") + 1)
    record("retro.votes_shown", current, by=by, now=now, project_id=current.project_id)
    return Retro.objects.get(pk=current.pk)


def voting(retro: Retro) -> Retro:
    """The retro under lock, while votes are given. Raises IllegalStateError."""
    current = still_open(retro)
    if not current.is_voting:
        raise IllegalStateError(_("Votes are given once the notes are shown, and until the votes are."))
    return current


def meeting(retro: Retro) -> Retro:
    """The retro under lock, while the notes are shown. Raises IllegalStateError."""
    current = still_open(retro)
    if current.is_collecting:
        raise IllegalStateError(_("The notes are not shown yet."))
    return current


@transaction.atomic
def group_note(note: Note, head: Note | None, *, by: User) -> None:
    """Put a note under another one that says the same, with whatever was grouped under it; None takes it out again.

    Votes given to it move along. Raises PermissionDenied, IllegalStateError, InvalidInputError.
    """
    require_facilitator(note.retro, by)
    current = meeting(note.retro)
    if head is not None and (head.retro_id != current.pk or head.head_id is not None or head.pk == note.pk):
        raise InvalidInputError({"head": _("Choose a note of this board that stands by itself.")})
    if not Note.objects.filter(pk=note.pk).exclude(head=head).update(head=head):
        return
    if head is not None:
        Note.objects.filter(head=note.pk).update(head=head)
        move_votes(note, head)
    beat(current)


def move_votes(note: Note, head: Note) -> None:
    """Whoever voted for the note has voted for its group."""
    for vote in Vote.objects.filter(note=note):
        added = Vote.objects.filter(note=head, token=vote.token).update(count=F("count") + vote.count)
        if not added:
            Vote.objects.create(note=head, token=vote.token, count=vote.count)
    Vote.objects.filter(note=note).delete()


@transaction.atomic
def talk_about(note: Note, *, by: User) -> None:
    """Say which topic is talked about, so that every open page shows it. Raises PermissionDenied, IllegalStateError."""
    require_facilitator(note.retro, by)
    current = meeting(note.retro)
    if not current.is_discussing or note.head_id is not None:
        raise IllegalStateError(_("Topics are talked about once the votes are shown."))
    Retro.objects.filter(pk=current.pk).update(topic=note.pk)
    beat(current)


# ── votes ───────────────────────────────────────────────────────────────


@transaction.atomic
def vote(note: Note, count: int, *, by: User) -> None:
    """Give a note so many of one's votes; 0 takes them back. What is given is a number, so sending it twice is once.

    Raises PermissionDenied, IllegalStateError, InvalidInputError (more than one has).
    """
    require_vote(note.retro, by)
    current = voting(note.retro)
    if Note.objects.filter(pk=note.pk, head__isnull=False).exists():
        raise IllegalStateError(_("This note was grouped meanwhile: vote for its group."))
    most, token = value(policy.VOTES), anonymity.vote_token(current.vote_secret, by.pk)
    mine = Vote.objects.filter(note__retro=current, token=token)
    had_voted = mine.exists()
    elsewhere = mine.exclude(note=note).aggregate(total=Sum("count"))["total"] or 0
    if count < 0 or elsewhere + count > most:
        words = ngettext_lazy("You have %(most)d vote.", "You have %(most)d votes.", most)
        raise InvalidInputError({"count": words % {"most": most}})
    if count:
        Vote.objects.update_or_create(note=note, token=token, defaults={"count": count})
    else:
        mine.filter(note=note).delete()
    if had_voted != mine.exists():
        beat(current)


def require_vote(retro: Retro, by: User) -> None:
    """Raise PermissionDenied unless the person may see what he votes for."""
    require(can_read_notes(by, retro), ONLY_PRESENT)


# ── who was there ───────────────────────────────────────────────────────


@transaction.atomic
def join(retro: Retro, *, by: User, now: datetime) -> None:
    """Say that one is here: notes are read by those who are. Raises PermissionDenied, IllegalStateError."""
    require_note(retro, by)
    current = meeting(retro)
    if mark_present(current, [by]):
        record("retro.joined", current, by=by, now=now, project_id=current.project_id)


@transaction.atomic
def set_attendance(retro: Retro, present: Collection[User], *, by: User, now: datetime) -> None:
    """The facilitator's list of who is here, whole. Raises PermissionDenied, IllegalStateError, InvalidInputError."""
    require_facilitator(retro, by)
    current = meeting(retro)
    strangers = [person for person in present if not can_answer(person, current.project)]
    if strangers:
        raise InvalidInputError({"present": _("%s has no part in the project.") % strangers[0]})
    gone = (
        Participant.objects.filter(retro=current, is_present=True).exclude(person__in=present).update(is_present=False)
    )
    if mark_present(current, present) or gone:
        after = {"present": sorted(person.pk for person in present)}
        record("retro.attendance", current, by=by, now=now, project_id=current.project_id, after=after)
        beat(current)


def mark_present(retro: Retro, people: Collection[User]) -> int:
    """Write down who is here, and how many of them are new."""
    known = Participant.objects.filter(retro=retro, person__in=people)
    new = known.filter(is_present=False).update(is_present=True)
    missing = {person.pk for person in people} - set(known.values_list("person", flat=True))
    Participant.objects.bulk_create(Participant(retro=retro, person_id=pk, is_present=True) for pk in sorted(missing))
    if new or missing:
        beat(retro)
    return new + len(missing)
