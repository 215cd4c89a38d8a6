"""One thing that somebody owes: why he was told, what comes next, and the ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import PortalRequest, post_once
from portal.common.fields import DayFormField
from portal.common.forms import PortalForm
from portal.common.http import page
from portal.notifications.actions import answer_extension, ask_extension, pick_time
from portal.notifications.foresight import steps_of
from portal.notifications.models import Extension, Obligation
from portal.notifications.policy import MOST_SNOOZES
from portal.notifications.summaries import task_of
from portal.policy.store import value

if TYPE_CHECKING:
    from collections.abc import Callable

    from portal.notifications.kinds import Task


class WayOutForm(PortalForm):
    """A later day, and why."""

    day = DayFormField(label=gettext_lazy("Day"), error_messages={"required": gettext_lazy("Name the day.")})
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=300,
        error_messages={"required": gettext_lazy("Write why, in one sentence.")},
    )


class AnswerForm(PortalForm):
    """Yes or no, by the button that was pressed."""

    is_granted = forms.TypedChoiceField(
        choices=(("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))), coerce=lambda word: word == "yes"
    )


@require_safe
def owed(request: PortalRequest, pk: int) -> HttpResponse:
    row, task = own(request, pk)
    context = {
        "row": row,
        "task": task,
        "steps": steps_of(row),
        "snoozes_left": max(value(MOST_SNOOZES) - row.snoozes, 0),
        "asked": row.extensions.select_related("decider").filter(answered_at=None).first(),
        "manager": row.person.manager,
    }
    return page(request, "desk/owed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def owed_time(request: PortalRequest, pk: int) -> HttpResponse:
    row, task = own(request, pk)
    form = WayOutForm(request.POST or None)

    def pick() -> str:
        pick_time(row, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Quiet until then."))
        return reverse("owed", args=[row.pk])

    return _way_out(request, form, pick, {"row": row, "task": task, "is_time": True})


@require_http_methods(["GET", "HEAD", "POST"])
def owed_more(request: PortalRequest, pk: int) -> HttpResponse:
    row, task = own(request, pk)
    form = WayOutForm(request.POST or None)

    def ask() -> str:
        ask_extension(row, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Asked. You hear of the answer in your inbox."))
        return reverse("owed", args=[row.pk])

    return _way_out(request, form, ask, {"row": row, "task": task, "is_time": False, "manager": row.person.manager})


@require_http_methods(["GET", "HEAD", "POST"])
def extension(request: PortalRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(
        Extension.objects.select_related("obligation__person__site", "decider"), pk=pk, decider=request.user
    )
    task = task_of(asked.obligation, request.user)
    if task is None:
        raise Http404
    form = AnswerForm(request.POST or None)

    def answer() -> str:
        answer_extension(asked, **form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Answered."))
        return reverse("desk")

    return _way_out(request, form, answer, {"asked": asked, "task": task}, "desk/extension.html")


def own(request: PortalRequest, pk: int) -> tuple[Obligation, Task]:
    """What the reader himself owes and may still see; for everybody else it does not exist."""
    rows = Obligation.objects.open().owed_by(request.user).select_related("person__site", "person__manager")
    row = get_object_or_404(rows, pk=pk)
    task = task_of(row, request.user)
    if task is None:
        raise Http404
    return row, task


def _way_out(
    request: PortalRequest, form: PortalForm, deed: Callable[[], str], context: dict[str, object], template: str = ""
) -> HttpResponse:
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    return page(request, template or "desk/owed_way.html", context | {"form": form}, status=status)
