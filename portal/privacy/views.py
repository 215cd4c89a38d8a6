"""One's own data as a file, and the end of a person's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.accounts.http import post_once
from portal.accounts.models import User
from portal.accounts.permissions import ADMINS_MAY, can_erase, require
from portal.common.forms import PortalForm
from portal.common.http import page
from portal.common.pace import costly
from portal.privacy.actions import erase, hindrances
from portal.privacy.own_data import archive_of

if TYPE_CHECKING:
    from portal.accounts.http import PortalRequest


@require_safe
@costly
def own_data(request: PortalRequest) -> HttpResponse:
    now = timezone.now()
    response = HttpResponse(archive_of(request.user, now=now), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="own-data-{now:%Y-%m-%d}.zip"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def person_erase(request: PortalRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    require(can_erase(request.user, person), ADMINS_MAY)
    form = PortalForm(request.POST if request.method == "POST" else None)
    answer = post_once(request, form, lambda: _erased(request, person))
    if isinstance(answer, HttpResponse):
        return answer
    context = {"person": person, "form": form, "hindrances": hindrances(person, request.user)}
    return page(request, "privacy/person_erase.html", context, status=answer)


def _erased(request: PortalRequest, person: User) -> str:
    gone = erase(person, by=request.user, now=timezone.now())
    messages.success(request, _("What told who this was is gone; the portal says %(name)s now.") % {"name": gone.name})
    return reverse("accounts:person", args=[gone.pk])
