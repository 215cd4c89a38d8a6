"""What the pages about one risk share: finding it, and a form that does one deed and leads back to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from portal.accounts.http import PortalRequest, post_once
from portal.common.http import page
from risks.models import Risk
from risks.summaries import for_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict
    from django.utils.functional import _StrOrPromise

    from portal.common.forms import PortalForm

RELATED = (
    "project__owner",
    "project__site",
    "owner",
    "raised_by",
    "updated_by",
    "plan_b__owner",
    "acceptance__signed_by",
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a page with one deed says: the question, why it is asked, the button, and what is said when it is done."""

    heading: _StrOrPromise
    hint: _StrOrPromise
    button: _StrOrPromise
    done: _StrOrPromise


def find_risk(request: PortalRequest, pk: int, risk_pk: int) -> Risk:
    """A risk of exactly this project; what the reader may not see does not exist."""
    visible = for_lines(Risk.objects.visible_to(request.user).filter(project_id=pk)).select_related(*RELATED)
    return get_object_or_404(visible, pk=risk_pk)


def posted(request: PortalRequest) -> QueryDict | None:
    """What was sent, for a form that is bound even where nothing was filled in."""
    return request.POST if request.method == "POST" else None


def deed_page(
    request: PortalRequest,
    risk: Risk,
    form: PortalForm,
    deed: Callable[[], object],
    words: Words,
) -> HttpResponse:
    """A page with one form and one button. Done, it leads back to the risk; refused, it keeps what was typed."""

    def once() -> Risk:
        deed()
        messages.success(request, words.done)
        return risk

    status = post_once(request, form, once)
    if isinstance(status, HttpResponse):
        return status
    context = {"risk": risk, "project": risk.project, "form": form, "words": words}
    return page(request, "risks/risk_deed.html", context, status=status)
