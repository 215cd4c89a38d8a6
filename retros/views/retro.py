"""Retros: which are owed, and one retro from the facts to the last word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.actions.form_keys import once
from portal.accounts.http import post_once
from portal.common.forms import KEY_FIELD
from portal.common.http import attempt, leave_to, page
from projects.views.frame import find_project, frame
from retros import headings
from retros.actions import answer as answers
from retros.actions import retro as actions
from retros.facts import facts_of
from retros.filters import RetroFilter
from retros.models import Participant, Retro, RetroAnswer
from retros.permissions import can_answer, can_facilitate
from retros.summaries import latest_of, owed_rows
from retros.views import sheet
from retros.views.sheet import find_retro, show

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import Model

    from portal.accounts.http import PortalRequest

#: The rest of the held ones is one click further.
STEP = 25


@require_safe
def retros(request: PortalRequest) -> HttpResponse:
    asked = RetroFilter(request.GET)
    if not asked.is_valid():
        raise BadRequest(str(asked.errors))
    rows = owed_rows(request.user, now=timezone.now())
    held = Retro.objects.visible_to(request.user).held()
    latest = list(held.with_counts().select_related("project")[asked.start : asked.start + STEP])
    context = {
        "heading": headings.of_list(rows),
        "owed": () if asked.start else rows,
        "held": latest,
        "held_shown": asked.start + len(latest),
        "held_total": held.count(),
        "step": STEP,
    }
    return render(request, "retros/retro_list.html", context)


@require_safe
def retro_of_project(request: PortalRequest, pk: int) -> HttpResponse:
    """The retro as a part of its project: leads to it, or says when one will be owed."""
    project = find_project(request, pk)
    retro = latest_of(project)
    if retro is not None:
        return redirect(retro)
    return render(request, "retros/retro_none.html", frame(request, project, "retro"))


@require_safe
def retro_detail(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    return show(request, find_retro(request, pk, retro_pk))


@require_POST
def retro_answer(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    answers.require_answer(retro, request.user)
    mine = retro.answers.filter(person=request.user).first()
    form = sheet.answer_form(mine, request.POST)
    status = attempt(
        form,
        lambda: answers.answer(retro, by=request.user, now=timezone.now(), **form.cleaned_data),
        saved_by=written_by,
    )
    if status is not None:
        return show(request, retro, status=status, answer=form)
    messages.success(request, _("Your answers are in."))
    return leave_to(request, f"{retro.get_absolute_url()}#answers")


def written_by(answer: Model) -> tuple[str, datetime] | None:
    """Who wrote the answer that stands there now: the same person, in another tab."""
    return (str(answer.person), answer.updated_at) if isinstance(answer, RetroAnswer) else None


@require_POST
def retro_day(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_hold(retro, request.user)
    form = sheet.day_form(retro, request.POST)
    status = attempt(form, lambda: actions.pick_day(retro, by=request.user, now=timezone.now(), **form.cleaned_data))
    if status is not None:
        return show(request, retro, status=status, day=form)
    messages.success(request, _("The day is set; you will be reminded for it."))
    return leave_to(request, retro)


@require_POST
def retro_hold(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_hold(retro, request.user)
    form = sheet.hold_form(request.POST)

    def deed() -> Retro:
        return actions.hold(retro, by=request.user, now=timezone.now(), **form.cleaned_data)

    answer = post_once(request, form, deed)
    return answer if isinstance(answer, HttpResponse) else show(request, retro, status=answer, hold=form)


@require_POST
def retro_waive(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)
    actions.require_waive(retro, request.user)
    form = sheet.waive_form(request.POST)

    def deed() -> Retro:
        return actions.waive(retro, by=request.user, now=timezone.now(), **form.cleaned_data)

    answer = post_once(request, form, deed)
    return answer if isinstance(answer, HttpResponse) else show(request, retro, status=answer, waive=form)


@require_safe
def minutes(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    """What came of it, to print and to copy: facts, lessons, follow-ups, who was there; never a note."""
    retro = find_retro(request, pk, retro_pk)
    facts = facts_of(retro.project, request.user)
    lessons, follow_ups = list(retro.lessons.all()), list(retro.follow_ups.select_related("owner"))
    there = Participant.objects.filter(retro=retro, is_present=True).select_related("person")
    context = {
        "retro": retro,
        "project": retro.project,
        "facts": facts,
        "heading": headings.finding_of(retro, facts),
        "answer": headings.answer_of(retro, request.user, lessons=len(lessons), follow_ups=len(follow_ups)),
        "lessons": lessons,
        "follow_ups": follow_ups,
        "present": [part.person for part in there],
        "was_there": can_answer(request.user, retro.project),
        "may_mail": retro.is_held and can_facilitate(request.user, retro),
        "place": "retros",
    }
    return page(request, "retros/retro_minutes.html", context)


@require_POST
def minutes_mail(request: PortalRequest, pk: int, retro_pk: int) -> HttpResponse:
    retro = find_retro(request, pk, retro_pk)

    def deed() -> str:
        actions.mail_minutes(retro, by=request.user, now=timezone.now())
        messages.success(request, _("The minutes are on their way to everybody of the project."))
        return reverse("retros:minutes", args=[retro.project_id, retro.pk])

    return leave_to(request, once(request.user, request.POST.get(KEY_FIELD, ""), request.POST, deed))
