"""The library of lessons, and what a project makes of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, gives, listed, lists, reply, takes
from portal.accounts.permissions import require
from projects.api.shown import ProjectNamedShown
from projects.views.frame import find_project
from retros.actions.adoption import Promise, answer_lesson
from retros.actions.retro import only_owner
from retros.api.shown import LessonRow, LessonShown, LessonUsedShown, UseShown
from retros.enums import LessonAnswer
from retros.filters import LessonFilter
from retros.forms import AdoptForm, LessonAnswerForm
from retros.models import Lesson, LessonUse
from retros.permissions import can_answer_lesson

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["lessons"])


@router.get("/lessons", **lists(_("List lessons"), LessonFilter, LessonRow))
def lessons(request: ApiRequest) -> HttpResponse:
    rows = Lesson.objects.visible_to(request.user).select_related("project").prefetch_related("tags")
    return listed(request, LessonFilter, rows, _row)


def _row(found: Lesson) -> LessonRow:
    tags = [tag.name for tag in found.tags.all()]
    return LessonRow(**dict(LessonShown.of(found)), project=ProjectNamedShown.of(found.project), tags=tags)


@router.get("/lessons/{int:lesson_pk}", **gives(_("One lesson, and where it was adopted"), LessonUsedShown))
def lesson(request: ApiRequest, lesson_pk: int) -> HttpResponse:
    return reply(_used(request, lesson_pk))


def _used(request: ApiRequest, pk: int) -> LessonUsedShown:
    found = find_lesson(request, pk)
    uses = LessonUse.objects.visible_to(request.user).filter(lesson=found, answer=LessonAnswer.ADOPTED)
    return LessonUsedShown(
        **dict(_row(found)), uses=[UseShown.of(one) for one in uses.select_related("project").order_by("pk")]
    )


def find_lesson(request: ApiRequest, pk: int) -> Lesson:
    """What one may not see is not there."""
    seen = Lesson.objects.visible_to(request.user).select_related("project__product", "retro")
    return get_object_or_404(seen, pk=pk)


@router.post(
    "/lessons/{int:lesson_pk}/adoptions",
    **takes(
        _("Adopt a lesson for a project of mine, perhaps with a follow-up"),
        AdoptForm,
        gives=LessonUsedShown,
        status=201,
        example={"project": 42, "note": "We count in the first week.", "owner": 7, "due_on": "2027-02-26"},
    ),
)
def lesson_adopt(request: ApiRequest, lesson_pk: int) -> HttpResponse:
    found = find_lesson(request, lesson_pk)
    form = bind(request, AdoptForm, reader=request.user, lesson=found)

    def deed() -> LessonUse:
        given = form.cleaned_data
        promise = Promise(given["owner"], given["due_on"]) if given["owner"] else None
        said = {"note": given["note"], "promise": promise, "by": request.user, "now": timezone.now()}
        return answer_lesson(found, given["project"], LessonAnswer.ADOPTED, **said)

    return act(request, form, deed, lambda _used_there: _used(request, lesson_pk), status=201)


@router.put(
    "/projects/{code:pk}/lessons/{int:lesson_pk}",
    **takes(
        _("Say what a project makes of a lesson: adopted, or why it does not apply"),
        LessonAnswerForm,
        gives=UseShown,
        example={"answer": "not_here", "note": "Nothing is printed."},
    ),
)
def lesson_answer(request: ApiRequest, pk: int, lesson_pk: int) -> HttpResponse:
    project = find_project(request, pk)
    found = find_lesson(request, lesson_pk)
    require(can_answer_lesson(request.user, project), only_owner(project))
    form = bind(request, LessonAnswerForm)

    def deed() -> LessonUse:
        answer, note = LessonAnswer(form.cleaned_data["answer"]), form.cleaned_data["note"]
        return answer_lesson(found, project, answer, note=note, by=request.user, now=timezone.now())

    return act(request, form, deed, UseShown.of)
