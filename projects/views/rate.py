"""The rate card: everybody reads what a day of a skill is reckoned with, admins set it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import page
from portal.policy.store import value
from projects import policy
from projects.actions.rates import set_rate
from projects.forms.steps import RateForm
from projects.models import RateCard
from projects.permissions import can_keep_rates


@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: PortalRequest) -> HttpResponse:
    may = can_keep_rates(request.user)
    form = RateForm(request.POST or None)

    def deed() -> str:
        set_rate(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, _("Set. Lines that are written already keep their rate until they are saved again."))
        return reverse("projects:rates")

    if request.method == "POST":
        require(may, _("Admins keep the rate card."))
    status = post_once(request, form, deed)
    if isinstance(status, HttpResponse):
        return status
    context = {"form": form, "may": may, "cards": list(RateCard.objects.all()), "usual": value(policy.DAY_RATE)}
    return page(request, "projects/rate_list.html", context, status=status)
