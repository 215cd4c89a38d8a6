"""The business partner says whether unit benefit and reach are right: signed in, or by the link in his message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import leave_to, page
from projects.actions.confirmation import answer_figures, ask_confirmation, to_confirm
from projects.actions.pitch import content_of
from projects.case_words import words_of
from projects.forms.confirm import ConfirmForm
from projects.permissions import can_confirm
from projects.views.case import confirmed
from projects.views.frame import find_project

if TYPE_CHECKING:
    from projects.models import Project


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    require(can_confirm(request.user, project), _("Only the business partner confirms the figures."))
    return confirm_page(request, project, reverse("projects:confirm", args=[project.pk]), project.get_absolute_url())


def confirm_page(request: PortalRequest, project: Project, here: str, done: str) -> HttpResponse:
    """The figures with a tick each; `done` is where an answer leads."""
    lines = to_confirm(project)
    form = ConfirmForm(request.POST if request.method == "POST" else None, lines=lines)

    def deed() -> str:
        note = form.cleaned_data["note"]
        answer_figures(project, form.confirmed(), note=note, by=request.user, now=timezone.now())
        messages.success(request, _("Thank you. The owner reads your answer."))
        return done

    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    words = words_of(content_of(project))
    chosen = request.POST.getlist("right") if form.is_bound else list(form.by_choice)
    rows = [(choice, choice in chosen, line) for choice, line in form.by_choice.items()]
    context = {
        "project": project,
        "form": form,
        "rows": rows,
        "words": words,
        "confirmed": confirmed(words),
        "here": here,
    }
    return page(request, "projects/confirm.html", context, status=status)


@require_POST
def confirm_ask(request: PortalRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    ask_confirmation(project, by=request.user, now=timezone.now())
    messages.success(
        request, _("%(partner)s is asked, by mail and on the desk.") % {"partner": project.business_partner}
    )
    return leave_to(request, reverse("projects:pitch", args=[project.pk]))
