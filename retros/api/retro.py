"""Retros: which are owed, the facts, the three answers, the day and the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from ninja import Router

from portal.accounts.api import PersonShown
from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.names import folded
from portal.common.api_lists import WholeFilter
from portal.common.sorting import Sort, read_day
from projects.api.shown import FollowUpShown
from retros.actions import answer as answers
from retros.actions import retro as actions
from retros.api.shown import (
    AnswersShown,
    FactsShown,
    LessonShown,
    OwnAnswersShown,
    QuestionShown,
    RetroRow,
    RetroShown,
    WrittenShown,
)
from retros.enums import RetroState
from retros.facts import facts_of
from retros.forms import AnswerForm, DayForm, HoldForm, MeetingForm, WaiveForm
from retros.models import Retro
from retros.summaries import answers_of
from retros.views.sheet import QUESTIONS, find_retro

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpResponse

    from portal.common.forms import VersionedForm

router = Router(tags=["retros"])
RETRO = "/projects/{code:pk}/retros/{int:retro_pk}"


class RetroListFilter(WholeFilter):
    """Retros by the words of their project, the next due first."""

    url_name = "api:retros"
    views = {
        "owed": _("Owed"),
        "held": _("Held"),
        "all": pgettext_lazy("list", "All"),
    }
    default_view = "owed"
    sorts = {"due": Sort(_("By"), "due_on", read_day)}
    default_sort = "due"

    def fits(self, rows: QuerySet[Retro]) -> QuerySet[Retro]:
        for word in folded(self.cleaned_data["q"]).split():
            rows = rows.filter(project__search_text__contains=word)
        return rows

    def in_view(self, rows: Any) -> Any:
        if self.chosen_view == "held":
            return rows.filter(state=RetroState.HELD)
        return rows.owed() if self.chosen_view == "owed" else rows


@router.get("/retros", **lists(_("List retros"), RetroListFilter, RetroRow))
def retros(request: ApiRequest) -> HttpResponse:
    rows = Retro.objects.visible_to(request.user).select_related("project")
    return listed(request, RetroListFilter, rows, RetroRow.of)


@router.get(RETRO, **gives(_("One retro, with the facts of its project and what came of it"), RetroShown))
def retro(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    return reply(shown(request, pk, retro_pk))


def shown(request: ApiRequest, pk: int, retro_pk: int) -> RetroShown:
    """What everybody who sees the project may read: never a note, never who answered what."""
    found = find_retro(request, pk, retro_pk)
    own = {
        name: getattr(found, name) for name in ("begins_at", "place", "is_nothing_to_do", "waived_because", "version")
    }
    return RetroShown(
        **dict(RetroRow.of(found)),
        **own,
        facilitator=PersonShown.of(found.facilitator) if found.facilitator else None,
        facts=FactsShown.of(facts_of(found.project, request.user)),
        lessons=[LessonShown.of(one) for one in found.lessons.all()],
        follow_ups=[FollowUpShown.of(one) for one in found.follow_ups.select_related("owner")],
    )


# ── three questions, answered apart ─────────────────────────────────────


@router.get(RETRO + "/answers", **gives(_("The answers, as far as I may read them"), AnswersShown))
def retro_answers(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    return reply(_answers(request, find_retro(request, pk, retro_pk)))


@router.put(
    RETRO + "/answers",
    **takes(
        _("Give my answers, or change them"),
        AnswerForm,
        gives=AnswersShown,
        is_partial=True,
        example={"went_well": "The count", "was_hard": "The labels", "do_next": "Ask the hubs first"},
    ),
)
def retro_answer(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    answers.require_answer(found, request.user)
    mine = found.answers.filter(person=request.user).first()
    form = bind(request, AnswerForm, initial={name: getattr(mine, name) for name in QUESTIONS} if mine else {})
    return act(
        request,
        form,
        lambda: answers.answer(found, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda _said: _answers(request, found),
    )


def _answers(request: ApiRequest, found: Retro) -> AnswersShown:
    said = answers_of(found, request.user)
    return AnswersShown(
        mine=OwnAnswersShown.of(said.mine) if said.mine else None,
        version=said.mine.version if said.mine else 0,
        count=said.count,
        answered=[PersonShown.of(one) for one in said.answered] if said.are_named else [],
        waited_for=[PersonShown.of(one) for one in said.waited_for] if said.are_named else [],
        questions=[
            QuestionShown(question=str(lane.name), answers=[WrittenShown.of(note) for note in lane.notes])
            for lane in said.lanes
        ],
    )


# ── the owner ───────────────────────────────────────────────────────────


@router.put(
    RETRO + "/day",
    **takes(
        _("Pick the day; of a meeting also hour, place and facilitator"),
        MeetingForm,
        gives=RetroShown,
        is_partial=True,
        example={"planned_on": "2027-02-05", "begins_at": "15:00", "place": "Room 3.12"},
    ),
)
def retro_day(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_hold(found, request.user)
    form: VersionedForm
    if found.is_board:
        values = {name: getattr(found, name) for name in ("planned_on", "begins_at", "place", "facilitator")}
        form = bind(request, MeetingForm, project=found.project, initial=values)
    else:
        form = bind(request, DayForm, initial={"planned_on": found.planned_on})
    return act(
        request,
        form,
        lambda: actions.pick_day(found, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda _picked: shown(request, pk, retro_pk),
    )


@router.post(
    RETRO + "/held", **takes(_("Say that it was held"), HoldForm, gives=RetroShown, example={"nothing_to_do": True})
)
def retro_hold(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_hold(found, request.user)
    form = bind(request, HoldForm)
    return act(
        request,
        form,
        lambda: actions.hold(found, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda _held: shown(request, pk, retro_pk),
    )


@router.post(
    RETRO + "/waived",
    **takes(
        _("Do without it, as a lead"), WaiveForm, gives=RetroShown, example={"reason": "Stopped in its first week."}
    ),
)
def retro_waive(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_waive(found, request.user)
    form = bind(request, WaiveForm)
    return act(
        request,
        form,
        lambda: actions.waive(found, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda _waived: shown(request, pk, retro_pk),
    )
