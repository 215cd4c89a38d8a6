"""The part of the page that is the board, and the key by which a browser knows the notes it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from retros.anonymity import new_secret
from retros.board import Board, Card, board_of
from retros.forms import AttendanceForm, NoteForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse

    from portal.accounts.http import PortalRequest
    from portal.common.forms import PortalForm
    from retros.enums import Lane
    from retros.models import Note, Retro

#: A retro is over long before.
KEY_LASTS = 180 * 24 * 3600
KEY_LENGTH = 64


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card with the form to change it, where it is one's own and notes are still collected."""

    card: Card
    form: NoteForm | None


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column with the form to add to it, while notes are collected."""

    lane: Lane
    cards: Sequence[OpenCard]
    form: NoteForm | None


def note_form(lane: str, data: Any = None) -> NoteForm:
    """An empty box at the foot of a column."""
    return NoteForm(data, initial={"lane": lane}, auto_id=f"note_{lane}_%s")


def change_form(note: Note, data: Any = None) -> NoteForm:
    """A note of one's own, to be changed."""
    initial = {"lane": note.lane, "text": note.text}
    given = None if data is None else data.copy()
    if given is not None:
        given["lane"] = note.lane
    return NoteForm(given, initial=initial, auto_id=f"note_{note.pk.hex}_%s")


def context_of(request: PortalRequest, retro: Retro, bound: Mapping[str, PortalForm]) -> dict[str, Any]:
    """What the board shows to this reader; `bound` may hold the form of one note that was refused."""
    board = board_of(retro, request.user, key_of(request, retro))
    attendance = bound.get("attendance") or AttendanceForm(
        project=retro.project, initial={"present": [person.pk for person in board.present]}, auto_id="attendance_%s"
    )
    return {
        "board": board,
        "is_projected": request.GET.get("projector") == "on",
        "columns": columns_of(board, bound),
        "refused": bound.get("refused"),
        "attendance_form": attendance if board.may_lead and not retro.is_collecting else None,
        "heads": [card for column in board.columns for card in column.cards] if board.may_lead else (),
        "poll_url": reverse("retros:board", args=[retro.project_id, retro.pk]),
    }


def columns_of(board: Board, bound: Mapping[str, PortalForm]) -> list[OpenColumn]:
    """The columns with their forms; the refused one among them keeps what was typed."""
    return [
        OpenColumn(
            column.lane,
            [OpenCard(card, form_of(card, board, bound)) for card in column.cards],
            (bound.get(f"note_{column.lane}") or note_form(column.lane)) if board.may_write else None,  # type: ignore[arg-type] # a note
        )
        for column in board.columns
    ]


def form_of(card: Card, board: Board, bound: Mapping[str, PortalForm]) -> NoteForm | None:
    if not (card.is_own and board.may_write):
        return None
    return bound.get(f"note_{card.note.pk.hex}") or change_form(card.note)  # type: ignore[return-value] # a note


# ── the key of a browser ────────────────────────────────────────────────


def cookie_name(retro: Retro) -> str:
    return f"foresight-retro-{retro.pk}"


def key_of(request: HttpRequest, retro: Retro) -> str:
    """The key that this browser came with, else a new one that it takes along with the answer."""
    key = request.COOKIES.get(cookie_name(retro), "")
    if len(key) == KEY_LENGTH and key.isalnum() and key.isascii():
        return key
    fresh: str = request.__dict__.setdefault("_new_retro_key", new_secret())
    return fresh


def keep_key(request: HttpRequest, retro: Retro, response: HttpResponse) -> HttpResponse:
    """Leave the key in the browser: nothing of ours can read whose notes are whose without it."""
    if not retro.is_settled:
        response.set_cookie(
            cookie_name(retro),
            key_of(request, retro),
            max_age=KEY_LASTS,
            path=reverse("retros:detail", args=[retro.project_id, retro.pk]),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
