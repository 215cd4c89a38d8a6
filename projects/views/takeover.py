"""Taking over running projects from a list: looked at first, then done."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from portal.accounts.http import PortalRequest, post_once
from portal.accounts.permissions import ADMINS_MAY, require
from portal.common.errors import IllegalStateError
from portal.common.http import page
from projects.actions.takeover import take_over
from projects.forms.takeover import TakeoverForm
from projects.permissions import can_take_over
from projects.takeover import Plan, plan_of

#: So many bad cells are named; who has more mends the list, not the cells.
MOST_NAMED = 100


@require_http_methods(["GET", "HEAD", "POST"])
def projects_import(request: PortalRequest) -> HttpResponse:
    require(can_take_over(request.user), ADMINS_MAY)
    if request.method != "POST":
        return page(request, "projects/projects_import.html", {"form": TakeoverForm()})
    form = TakeoverForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"form": form}
        return page(request, "projects/projects_import.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    plan = plan_of(form.sheet)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if plan.bad else HTTPStatus.OK
    if "do" in request.POST and not plan.bad:
        answer = taken_over(request, form, plan)
        if isinstance(answer, HttpResponse):
            return answer
        status = answer
    form.show_as_text()
    context = {"form": form, **report(plan)}
    return page(request, "projects/projects_import.html", context, status=status)


def taken_over(request: PortalRequest, form: TakeoverForm, plan: Plan) -> HttpResponse | HTTPStatus:
    def deed() -> str:
        if not plan.running:
            raise IllegalStateError(_("Nothing in this list is new."))
        made = take_over(plan.running, by=request.user, now=timezone.now())
        words = ngettext("%(count)s project is taken over.", "%(count)s projects are taken over.", len(made))
        messages.success(request, words % {"count": len(made)})
        return reverse("projects:list")

    return post_once(request, form, deed)


def report(plan: Plan) -> dict[str, Any]:
    """What the list would do, in words."""
    lines = len({cell.row for cell in plan.bad})
    return {
        "plan": plan,
        "bad_lines": lines,
        "bad": plan.bad[:MOST_NAMED],
        "more_bad": max(len(plan.bad) - MOST_NAMED, 0),
    }
