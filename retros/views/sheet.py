"""The page of one retro, whichever of its forms is being answered."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404

from portal.common.http import page
from retros import headings
from retros.facts import facts_of
from retros.forms import AnswerForm, DayForm, FollowUpForm, HoldForm, LessonForm, MeetingForm, WaiveForm
from retros.models import Retro
from retros.permissions import can_add_lesson, can_answer, can_drop_lesson, can_hold, can_promise, can_waive
from retros.summaries import answers_of, missing_to_hold
from retros.views import board_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from http import HTTPStatus

    from django.http import HttpResponse

    from portal.accounts.http import PortalRequest
    from portal.accounts.models import User
    from portal.common.forms import PortalForm
    from retros.models import Lesson, RetroAnswer

QUESTIONS = ("went_well", "was_hard", "do_next")


@dataclass(slots=True)
class Sheet:
    """The forms of the page; those that this reader has no use for stay None."""

    answer: AnswerForm | None = None
    lesson: LessonForm | None = None
    follow_up: FollowUpForm | None = None
    day: DayForm | None = None
    hold: HoldForm | None = None
    waive: WaiveForm | None = None


SHEET_FORMS = tuple(field.name for field in fields(Sheet))


def find_retro(request: PortalRequest, pk: int, retro_pk: int) -> Retro:
    """The retro of that project; what the reader may not see does not exist."""
    found = Retro.objects.visible_to(request.user).select_related(
        "project__owner", "project__site", "project__business_partner", "closed_by", "facilitator"
    )
    return get_object_or_404(found, project_id=pk, pk=retro_pk)


def answer_form(mine: RetroAnswer | None, data: Any = None) -> AnswerForm:
    initial = {name: getattr(mine, name) for name in QUESTIONS} if mine else {}
    return AnswerForm(data, initial=initial | {"version": mine.version if mine else 0}, auto_id="answer_%s")


def lesson_form(retro: Retro, data: Any = None) -> LessonForm:
    return LessonForm(data, is_major=retro.is_major, auto_id="lesson_%s")


def follow_up_form(retro: Retro, data: Any = None) -> FollowUpForm:
    return FollowUpForm(data, project=retro.project, auto_id="follow_up_%s")


def day_form(retro: Retro, data: Any = None) -> DayForm:
    if retro.is_board:
        names = ("planned_on", "begins_at", "place", "facilitator", "version")
        initial = {name: getattr(retro, name) for name in names}
        return MeetingForm(data, project=retro.project, initial=initial, auto_id="day_%s")
    return DayForm(data, initial={"planned_on": retro.planned_on, "version": retro.version}, auto_id="day_%s")


def hold_form(data: Any = None) -> HoldForm:
    return HoldForm(data, auto_id="hold_%s")


def waive_form(data: Any = None) -> WaiveForm:
    return WaiveForm(data, auto_id="waive_%s")


def sheet_for(request: PortalRequest, retro: Retro) -> Sheet:
    """The forms the reader may use now: none once it is settled."""
    if retro.is_settled:
        return Sheet()
    user, project = request.user, retro.project
    is_holder = can_hold(user, project)
    return Sheet(
        lesson=lesson_form(retro) if can_add_lesson(user, project) else None,
        follow_up=follow_up_form(retro) if can_promise(user, project) else None,
        day=day_form(retro) if is_holder and not (retro.is_board and not retro.is_collecting) else None,
        hold=hold_form() if is_holder else None,
        waive=waive_form() if can_waive(user, project) else None,
    )


def droppable(lessons: Sequence[Lesson], retro: Retro, user: User) -> set[int]:
    """The lessons that the reader may take back now."""
    if retro.is_settled:
        return set()
    return {lesson.pk for lesson in lessons if can_drop_lesson(user, lesson)}


def show(
    request: PortalRequest, retro: Retro, *, status: HTTPStatus | None = None, **bound: PortalForm
) -> HttpResponse:
    """The page; `bound` is the form that was answered and comes back with what was typed."""
    retro = find_retro(request, retro.project_id, retro.pk) if bound else retro
    facts = facts_of(retro.project, request.user)
    lessons, follow_ups = list(retro.lessons.select_related("project")), list(retro.follow_ups.select_related("owner"))
    counts = {"lessons": len(lessons), "follow_ups": len(follow_ups)}
    sheet = sheet_for(request, retro)
    if retro.is_board:
        part = board_sheet.context_of(request, retro, bound)
        phases = headings.phases_of_board(retro, part["board"], facts, lessons=len(lessons))
    else:
        answers = answers_of(retro, request.user)
        part = {"answers": answers}
        sheet.answer = answer_form(answers.mine) if answers.can_answer else None
        phases = headings.phases_of(retro, answers, **counts)
    for name, form in bound.items():
        if name in SHEET_FORMS:
            setattr(sheet, name, form)
    context = {
        "retro": retro,
        "project": retro.project,
        "heading": headings.of_retro(retro, facts),
        "answer": headings.answer_of(retro, request.user, **counts),
        "phases": phases,
        "facts": facts,
        "was_there": can_answer(request.user, retro.project),
        "lessons": lessons,
        "droppable": droppable(lessons, retro, request.user),
        "follow_ups": follow_ups,
        "missing": missing_to_hold(retro, nothing_to_do=False) if sheet.hold else (),
        "place": "retros",
        **{f"{name}_form": getattr(sheet, name) for name in SHEET_FORMS},
        **part,
    }
    template = "retros/retro_board.html" if retro.is_board else "retros/retro_detail.html"
    answered = page(request, template, context, status=status, fragment="retros/_board.html" if retro.is_board else "")
    return board_sheet.keep_key(request, retro, answered) if retro.is_board else answered
