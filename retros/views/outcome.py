"""What comes of a retro: lessons and follow-ups, and the list of all lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.http import post_once
from portal.accounts.names import folded
from portal.common.http import leave_to
from retros import headings
from retros.actions import outcome as actions
from retros.filters import LessonFilter
from retros.models import Lesson
from retros.views import sheet
from retros.views.sheet import find_retro, show

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest

STEP = 50


@require_POST
def lesson_add(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_lesson(retro, request.user)
    form = sheet.lesson_form(request.POST)

    def deed() -> str:
        actions.add_lesson(retro, by=request.user, now=timezone.now(), **form.cleaned_data)
        return f"{retro.get_absolute_url()}#lessons"

    answer = post_once(request, form, deed)
    return answer if isinstance(answer, HttpResponse) else show(request, retro, status=answer, lesson=form)


@require_POST
def lesson_drop(request: PortalRequest, pk: int, retro_pk: int, lesson_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    lesson = get_object_or_404(retro.lessons.select_related("project", "retro__project"), pk=lesson_pk)
    actions.drop_lesson(lesson, by=request.user, now=timezone.now())
    messages.success(request, _("The lesson is taken back."))
    return leave_to(request, f"{retro.get_absolute_url()}#lessons")


@require_POST
def follow_up_add(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_promise(retro, request.user)
    form = sheet.follow_up_form(retro, request.POST)

    def deed() -> str:
        actions.promise(retro, by=request.user, now=timezone.now(), **form.cleaned_data)
        return f"{retro.get_absolute_url()}#follow-ups"

    answer = post_once(request, form, deed)
    return answer if isinstance(answer, HttpResponse) else show(request, retro, status=answer, follow_up=form)


@require_safe
def lessons(request: PortalRequest) -> HttpResponse:
    asked = LessonFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    words = asked.cleaned_data["q"]
    found = Lesson.objects.visible_to(request.user).about(folded(words))
    total = found.count()
    latest = list(found.select_related("project")[asked.start : asked.start + STEP])
    context = {
        "words": words,
        "heading": headings.of_lessons(total, found.order_by().values("project").distinct().count(), words),
        "lessons": latest,
        "shown": asked.start + len(latest),
        "total": total,
        "step": STEP,
    }
    return render(request, "retros/lesson_list.html", context)
