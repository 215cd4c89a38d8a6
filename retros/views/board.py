"""The board of a retro meeting: notes, phases, votes, attendance. Each deed answers with the board as it is then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.actions.form_keys import once
from portal.common.forms import KEY_FIELD
from portal.common.http import attempt, is_htmx, leave_to
from retros.actions import board as actions
from retros.enums import Lane
from retros.forms import AttendanceForm, GroupForm, NoteForm, PhaseForm, VoteForm
from retros.models import Note
from retros.views.board_sheet import change_form, keep_key, key_of, note_form
from retros.views.sheet import find_retro, show

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from portal.accounts.http import PortalRequest
    from portal.common.forms import PortalForm
    from retros.models import Retro


def find_note(request: PortalRequest, pk: int, retro_pk: int, note_pk: UUID) -> Note:
    """A note of that board."""
    retro = find_retro(request, pk, retro_pk)
    note = get_object_or_404(Note, retro=retro, pk=note_pk)
    note.retro = retro
    return note


def do(
    request: PortalRequest,
    retro: Retro,
    form: PortalForm,
    deed: Callable[[], object],
    *,
    at: str,
    name: str = "refused",
) -> HttpResponse:
    """Run the deed; answer with the fresh board where htmx asks for it, else lead back to the page at `at`.

    No key of a form is kept for a note: it would remember who sent which words, and when.
    """
    status = attempt(form, deed)
    if status is None and not is_htmx(request):
        return keep_key(request, retro, leave_to(request, f"{retro.get_absolute_url()}#{at}"))
    fresh = find_retro(request, retro.project_id, retro.pk)
    return show(request, fresh, status=status, **({} if status is None else {name: form}))


@never_cache
@require_safe
def board(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    """What open pages poll: nothing new since the pulse they know is 304."""
    retro = find_retro(request, pk, retro_pk)
    if request.GET.get("since", "") == str(retro.pulse):
        return HttpResponseNotModified()
    return show(request, retro)


# ── notes ───────────────────────────────────────────────────────────────


@require_POST
def note_add(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_note(retro, request.user)
    lane = request.POST.get("lane", "")
    lane = lane if lane in Lane.values else Lane.HELPED
    form = note_form(lane, request.POST)

    def deed() -> Note:
        return actions.write_note(
            retro,
            lane=Lane(form.cleaned_data["lane"]),
            text=form.cleaned_data["text"],
            browser_key=key_of(request, retro),
            form_key=request.POST.get(KEY_FIELD, "")[:64],
            by=request.user,
            now=timezone.now(),
        )

    return do(request, retro, form, deed, at=f"lane-{lane}", name=f"note_{lane}" if retro.is_collecting else "refused")


@require_POST
def note_change(request: PortalRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note = find_note(request, pk, retro_pk, note_pk)
    key = key_of(request, note.retro)
    actions.require_own(note, key, request.user)
    form = change_form(note, request.POST)

    def deed() -> Note:
        return actions.change_note(note, text=form.cleaned_data["text"], browser_key=key, by=request.user)

    name = f"note_{note.pk.hex}" if note.retro.is_collecting else "refused"
    return do(request, note.retro, form, deed, at=f"lane-{note.lane}", name=name)


@require_POST
def note_drop(request: PortalRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note = find_note(request, pk, retro_pk, note_pk)
    key = key_of(request, note.retro)
    return do(
        request,
        note.retro,
        NoteForm({"lane": note.lane, "text": note.text}),
        lambda: actions.take_back_note(note, browser_key=key, by=request.user, now=timezone.now()),
        at=f"lane-{note.lane}",
    )


@require_POST
def nothing(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    return do(
        request,
        retro,
        bare(),
        lambda: actions.say_nothing(retro, by=request.user, now=timezone.now()),
        at="board",
    )


def bare() -> Any:
    """A form without fields, for a deed that is only a button."""
    return VoteForm({"count": 0})


# ── the facilitator ─────────────────────────────────────────────────────

LEADS_TO = {"votes": actions.show_notes, "notes": actions.back_to_notes, "discussion": actions.show_votes}


@require_POST
def phase(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_facilitator(retro, request.user)
    form = PhaseForm(request.POST)

    def lead() -> str:
        LEADS_TO[form.cleaned_data["to"]](retro, by=request.user, now=timezone.now())
        return f"{retro.get_absolute_url()}#board"

    key = request.POST.get(KEY_FIELD, "")
    return do(request, retro, form, lambda: once(request.user, key, request.POST, lead), at="board")


@require_POST
def group(request: PortalRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note = find_note(request, pk, retro_pk, note_pk)
    actions.require_facilitator(note.retro, request.user)
    form = GroupForm(request.POST, retro=note.retro)
    return do(
        request,
        note.retro,
        form,
        lambda: actions.group_note(note, form.cleaned_data["head"], by=request.user),
        at=f"note-{note.pk.hex}",
    )


@require_POST
def topic(request: PortalRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note = find_note(request, pk, retro_pk, note_pk)
    return do(request, note.retro, bare(), lambda: actions.talk_about(note, by=request.user), at=f"note-{note.pk.hex}")


@require_POST
def attendance(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_facilitator(retro, request.user)
    form = AttendanceForm(request.POST, project=retro.project, auto_id="attendance_%s")

    def deed() -> None:
        actions.set_attendance(retro, list(form.cleaned_data["present"]), by=request.user, now=timezone.now())

    return do(request, retro, form, deed, at="attendance", name="attendance")


# ── everybody in the meeting ────────────────────────────────────────────


@require_POST
def join(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    return do(request, retro, bare(), lambda: actions.join(retro, by=request.user, now=timezone.now()), at="board")


@require_POST
def vote(request: PortalRequest, pk: int, retro_pk: int, note_pk: UUID) -> HttpResponse:
    note = find_note(request, pk, retro_pk, note_pk)
    actions.require_vote(note.retro, request.user)
    form = VoteForm(request.POST)
    return do(
        request,
        note.retro,
        form,
        lambda: actions.vote(note, form.cleaned_data["count"], by=request.user),
        at=f"note-{note.pk.hex}",
    )
