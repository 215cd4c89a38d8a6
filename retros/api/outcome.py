"""What comes of a retro: lessons and follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Router

from portal.accounts.endpoints import ApiRequest, act, bind, takes
from retros.actions import outcome as actions
from retros.api.retro import RETRO, shown
from retros.api.shown import RetroShown
from retros.forms import FollowUpForm, LessonForm
from retros.views.sheet import find_retro

if TYPE_CHECKING:
    from django.http import HttpResponse

router = Router(tags=["retros"])


@router.post(
    RETRO + "/lessons",
    **takes(
        _("Write a lesson; of a major project also what led to it"),
        LessonForm,
        gives=RetroShown,
        status=201,
        is_partial=True,
        example={"text": "Count before you order.", "applies_when": "Labels are printed", "tags": "labels"},
    ),
)
def lesson_new(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_lesson(found, request.user)
    form = bind(request, LessonForm, is_major=found.is_major)
    return act(
        request,
        form,
        lambda: actions.add_lesson(found, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda _made: shown(request, pk, retro_pk),
        status=201,
    )


@router.delete(RETRO + "/lessons/{int:lesson_pk}", **takes(_("Take back a lesson"), None, gives=RetroShown))
def lesson_drop(request: ApiRequest, pk: int, retro_pk: int, lesson_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    lesson = get_object_or_404(found.lessons.select_related("project", "retro__project"), pk=lesson_pk)
    return act(
        request,
        None,
        lambda: actions.drop_lesson(lesson, by=request.user, now=timezone.now()),
        lambda _dropped: shown(request, pk, retro_pk),
    )


@router.post(
    RETRO + "/follow-ups",
    **takes(
        _("Promise a follow-up"),
        FollowUpForm,
        gives=RetroShown,
        status=201,
        example={"title": "Ask the hubs first", "owner": 7, "due_on": "2027-02-26"},
    ),
)
def follow_up_new(request: ApiRequest, pk: int, retro_pk: int) -> HttpResponse:
    found = find_retro(request, pk, retro_pk)
    actions.require_promise(found, request.user)
    form = bind(request, FollowUpForm, project=found.project)
    return act(
        request,
        form,
        lambda: actions.promise(found, by=request.user, now=timezone.now(), **form.cleaned_data),
        lambda _made: shown(request, pk, retro_pk),
        status=201,
    )
