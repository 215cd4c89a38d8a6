"""A new pitch from an earlier one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.http import PortalRequest, post_once
from portal.common.forms import PortalForm
from portal.common.http import leave_to
from projects.actions.copies import copy_pitch
from projects.views.frame import find_project

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_POST
def pitch_copy(request: PortalRequest, pk: int) -> HttpResponse:
    source = find_project(request, pk)
    form = PortalForm(request.POST)

    def deed() -> str:
        copy = copy_pitch(source, by=request.user, now=timezone.now())
        messages.success(
            request, _("Copied. Evidence and confirmation were those of the earlier pitch: give your own.")
        )
        return reverse("projects:pitch", args=[copy.pk])

    answer = post_once(request, form, deed)
    if isinstance(answer, HTTPStatus):
        messages.error(request, " ".join(map(str, form.non_field_errors())))
        return leave_to(request, reverse("projects:pitch", args=[source.pk]))
    return answer
