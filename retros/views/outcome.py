"""What comes of a retro: lessons and follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.http import post_once
from portal.common.http import leave_to
from retros.actions import outcome as actions
from retros.views import sheet
from retros.views.sheet import find_retro, show

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest


@require_POST
def lesson_add(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_lesson(retro, request.user)
    form = sheet.lesson_form(retro, request.POST)

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
