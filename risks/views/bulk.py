"""One change to several risks of the register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import require
from portal.common.http import page
from risks.actions.bulk import MOST_AT_ONCE, BulkChange, BulkRefusedError, change_risks
from risks.actions.risk import owner_only
from risks.filters import RiskFilter
from risks.forms import BulkForm
from risks.models import Risk
from risks.permissions import can_keep_register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.utils.functional import _StrOrPromise

#: A risk, and the version it was seen in; the list does not say that one yet.
_PICK: Final = re.compile(r"([0-9]{1,18})(?::([0-9]{1,9}))?")


@dataclass(frozen=True, slots=True)
class Picked:
    """A chosen risk as it is now, and why it stands in the way of the change."""

    risk: Risk
    reason: _StrOrPromise = ""

    @property
    def pick(self) -> str:
        """What the form sends of it."""
        return f"{self.risk.pk}:{self.risk.version}"


@require_http_methods(["GET", "HEAD", "POST"])
def risk_bulk(request: PortalRequest) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    seen = versions_of(sent.getlist("pick"))
    risks = picked_by(request, seen)
    back = back_to(request, sent.get("back", ""))
    form = BulkForm(request.POST if request.method == "POST" else None)
    reasons: dict[int, _StrOrPromise] = {}

    def change() -> str:
        versions = {risk.pk: seen[risk.pk] or risk.version for risk in risks}
        try:
            change_risks(risks, BulkChange(**form.cleaned_data), versions=versions, by=request.user, now=timezone.now())
        except BulkRefusedError as refused:
            reasons.update(refused.reasons)
            raise
        done = ngettext("%(count)d risk is changed.", "%(count)d risks are changed.", len(risks))
        messages.success(request, done % {"count": len(risks)})
        return back

    status = HTTPStatus.OK
    if request.method == "POST":
        if form.is_valid() and not risks:
            form.add_error(None, _("Choose risks in the list first."))
        answer = post_once(request, form, change)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
        risks = picked_by(request, seen)
    context = {
        "form": form,
        "rows": [Picked(risk, reasons.get(risk.pk, "")) for risk in risks],
        "back": sent.get("back", ""),
        "back_url": back,
    }
    return page(request, "risks/risk_bulk.html", context, status=status)


def versions_of(picks: Sequence[str]) -> dict[int, int | None]:
    """The chosen risks with the versions that were seen."""
    found = [_PICK.fullmatch(pick) for pick in picks]
    if len(picks) > MOST_AT_ONCE or None in found:
        raise BadRequest("these are no risks")
    return {int(each[1]): int(each[2]) if each[2] else None for each in found if each}


def picked_by(request: PortalRequest, seen: Mapping[int, int | None]) -> list[Risk]:
    """The risks as they are now: all of them or none, so that what is hidden cannot be told from what is not there."""
    related = ("project__owner", "project__site", "owner")
    risks = list(Risk.objects.visible_to(request.user).filter(pk__in=seen).select_related(*related).order_by("pk"))
    if len(risks) != len(seen):
        raise Http404
    for risk in risks:
        require(can_keep_register(request.user, risk.project), owner_only(risk.project))
    return risks


def back_to(request: PortalRequest, query: str) -> str:
    """The list as it was left; the bare one where that means nothing."""
    asked = RiskFilter(QueryDict(query[:2000]), reader=request.user, now=timezone.now())
    return asked.address() if query and asked.is_valid() else reverse("risks:list")
