from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.accounts.actions.delegation import delegate, end_delegation
from portal.accounts.forms.delegation import DelegationForm
from portal.accounts.http import PortalRequest, post_once
from portal.accounts.models import Delegation, User
from portal.accounts.permissions import HIMSELF_OR_ADMINS, can_delegate, require
from portal.common.dates import day_in
from portal.common.http import leave_to, page


@require_http_methods(["GET", "HEAD", "POST"])
def delegation_new(request: PortalRequest, pk: int) -> HttpResponse:
    person, now = get_object_or_404(User.objects.select_related("site"), pk=pk), timezone.now()
    require(can_delegate(request.user, person), HIMSELF_OR_ADMINS)
    form = DelegationForm(request.POST or None, person=person, today=day_in(person.zone, now))

    def deed() -> str:
        made = delegate(person, **form.cleaned_data, by=request.user, now=now)
        messages.success(request, _("%(name)s stands in then.") % {"name": made.delegate})
        return back(request, person)

    answer = post_once(request, form, deed)
    if isinstance(answer, HttpResponse):
        return answer
    context = {"form": form, "person": person, "back_url": back(request, person)}
    return page(request, "accounts/delegation_new.html", context, status=answer)


@require_POST
def delegation_end(request: PortalRequest, pk: int, delegation_pk: int) -> HttpResponse:
    found = get_object_or_404(Delegation.objects.select_related("person", "delegate"), person=pk, pk=delegation_pk)
    end_delegation(found, by=request.user, now=timezone.now())
    messages.success(request, _("%(name)s no longer stands in.") % {"name": found.delegate})
    return leave_to(request, back(request, found.person))


def back(request: PortalRequest, person: User) -> str:
    """To one's own settings, or to the page of the other."""
    return reverse("accounts:settings") if request.user == person else reverse("accounts:person", args=[person.pk])
