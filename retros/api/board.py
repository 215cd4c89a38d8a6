"""The board of a retro meeting. What is written or voted leaves nothing of its sender: no key of a form, no audit row. No
answer that shows the board is kept either, because it tells its reader which notes are his own.

A note belongs to whoever has its key. The portal makes one with the first note and keeps no copy; sent along as
`Note-Key`, it makes further notes one's own too, and is what changes them or takes them back.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from uuid import UUID  # noqa: TC003 -- read when the operation is made

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, act, bind, gives, reply, takes
from portal.common.problems import ProblemError
from retros.actions import board as actions
from retros.anonymity import new_secret
from retros.api.retro import RETRO
from retros.api.shown import BoardShown, CardShown, NoteKeptShown, NoteShown
from retros.board import board_of
from retros.enums import Lane
from retros.forms import AttendanceForm, NoteForm, PhaseForm, VoteForm
from retros.views.board import LEADS_TO, find_note
from retros.views.sheet import find_retro

if TYPE_CHECKING:
    from django.http import HttpResponse

    from retros.board import Card
    from retros.models import Note

router = Router(tags=["retros"])
NOTES = RETRO + "/notes"
NOTE = NOTES + "/{uuid:note_pk}"
_KEY: Final = re.compile(r"[0-9a-f]{64}")
NOTE_KEY: Final = {
    "in": "header",
    "name": "Note-Key",
    "required": False,
    "description": "The key of one's notes, as it came with the first of them.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
}


def key_in(request: ApiRequest) -> str:
    """The key that was sent; empty if there was none. Raises ProblemError for what is none."""
    given = request.headers.get("Note-Key", "")
    if given and _KEY.fullmatch(given) is None:
        raise ProblemError(HTTPStatus.BAD_REQUEST, "bad_key", _("Send the key that came with your first note."))
    return given


@router.get(
    RETRO + "/board",
    **gives(_("The board: while notes are collected only one's own, by their key"), BoardShown, headers=[NOTE_KEY]),
)
def board(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    return reply(shown(request, pk, retro_pk))


@router.post(
    NOTES,
    **takes(
        _("Write a note; with an `Idempotency-Key` one, however often it is sent"),
        NoteForm,
        gives=NoteKeptShown,
        status=201,
        headers=[NOTE_KEY],
        example={"lane": "hindered", "text": "The labels came a week late."},
    ),
)
def note_new(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_note(found, request.user)
    key = key_in(request) or new_secret()
    form = bind(request, NoteForm)

    def deed() -> Note:
        again = request.headers.get("Idempotency-Key", "")[:64]
        return actions.write_note(
            found,
            lane=Lane(form.cleaned_data["lane"]),
            text=form.cleaned_data["text"],
            browser_key=key,
            # With the key of the notes, which nobody can guess, so that no id leads to who wrote it.
            form_key=f"{key}{again}" if again else "",
            by=request.user,
            now=timezone.now(),
        )

    return act(request, form, deed, lambda made: _kept(made, key), status=201, is_keyed=False)


@router.patch(
    NOTE,
    **takes(
        _("Write a note of one's own anew"),
        NoteForm,
        gives=NoteKeptShown,
        is_partial=True,
        is_keyed=False,
        headers=[NOTE_KEY],
        example={"text": "The labels came two weeks late."},
    ),
)
def note_change(request: ApiRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note, key = find_note(request, pk, retro_pk, note_pk), key_in(request)
    actions.require_own(note, key, request.user)
    form = bind(request, NoteForm, initial={"lane": note.lane, "text": note.text})
    return act(
        request,
        form,
        lambda: actions.change_note(note, text=form.cleaned_data["text"], browser_key=key, by=request.user),
        lambda changed: _kept(changed, key),
        is_keyed=False,
    )


@router.delete(NOTE, **takes(_("Take back a note of one's own"), None, gives=None, is_keyed=False, headers=[NOTE_KEY]))
def note_drop(request: ApiRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note, key = find_note(request, pk, retro_pk, note_pk), key_in(request)
    return act(
        request,
        None,
        lambda: actions.take_back_note(note, browser_key=key, by=request.user, now=timezone.now()),
        is_keyed=False,
    )


@router.post(RETRO + "/nothing", **takes(_("Say that I have nothing to add"), None, gives=BoardShown, is_keyed=False))
def note_nothing(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    return act(
        request,
        None,
        lambda: actions.say_nothing(found, by=request.user, now=timezone.now()),
        lambda _said: shown(request, pk, retro_pk),
        is_keyed=False,
    )


@router.post(
    RETRO + "/phase",
    **takes(
        _("Lead the meeting to votes, back to notes, to the discussion"),
        PhaseForm,
        gives=BoardShown,
        is_keyed=False,
        example={"to": "votes"},
    ),
)
def retro_phase(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_facilitator(found, request.user)
    form = bind(request, PhaseForm)
    return act(
        request,
        form,
        lambda: LEADS_TO[form.cleaned_data["to"]](found, by=request.user, now=timezone.now()),
        lambda _led: shown(request, pk, retro_pk),
        is_keyed=False,
    )


@router.put(
    RETRO + "/attendance",
    **takes(_("Say who is there"), AttendanceForm, gives=BoardShown, is_keyed=False, example={"present": [7, 9]}),
)
def retro_attendance(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_facilitator(found, request.user)
    form = bind(request, AttendanceForm, project=found.project)
    return act(
        request,
        form,
        lambda: actions.set_attendance(found, list(form.cleaned_data["present"]), by=request.user, now=timezone.now()),
        lambda _set: shown(request, pk, retro_pk),
        is_keyed=False,
    )


@router.post(RETRO + "/joined", **takes(_("Say that I am there"), None, gives=BoardShown, is_keyed=False))
def retro_join(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    return act(
        request,
        None,
        lambda: actions.join(found, by=request.user, now=timezone.now()),
        lambda _there: shown(request, pk, retro_pk),
        is_keyed=False,
    )


@router.put(
    NOTE + "/votes",
    **takes(_("Give a note so many of my votes"), VoteForm, gives=BoardShown, is_keyed=False, example={"count": 2}),
)
def note_vote(request: ApiRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note = find_note(request, pk, retro_pk, note_pk)
    actions.require_vote(note.retro, request.user)
    form = bind(request, VoteForm)
    return act(
        request,
        form,
        lambda: actions.vote(note, form.cleaned_data["count"], by=request.user),
        lambda _given: shown(request, pk, retro_pk),
        is_keyed=False,
    )


def _kept(note: Note, key: str) -> NoteKeptShown:
    return NoteKeptShown(id=note.pk, lane=note.lane, text=note.text, key=key)


def shown(request: ApiRequest, pk: int, retro_pk: int) -> BoardShown:
    """The board for this reader."""
    found = board_of(find_retro(request, pk, retro_pk), request.user, key_in(request))
    own = {name: getattr(found, name) for name in BoardShown.model_fields.keys() - {"present", "notes"}}
    return BoardShown(
        **own,
        present=[PersonShown.of(one) for one in found.present],
        notes=[_card(card) for column in found.columns for card in column.cards],
    )


def _card(card: Card) -> CardShown:
    return CardShown(
        **dict(NoteShown.of(card.note)),
        is_own=card.is_own,
        votes=card.total,
        my_votes=card.my_votes,
        is_topic=card.is_topic,
        grouped=[NoteShown.of(one) for one in card.grouped],
    )
